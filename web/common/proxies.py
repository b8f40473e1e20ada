"""Where a visitor comes from: the word of a reverse proxy counts, if it is one that the settings name. Knows no page.

From everybody else the headers that say so are taken away, so that nothing below can believe them by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from engine.errors import BadInput
from web.common.words import say

Network = IPv4Network | IPv6Network
SETTING: Final = "GANGWEI_TRUSTED_PROXY"
FOR, PROTO, HOST = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"
OTHERS: Final = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_BY", "HTTP_X_REAL_IP")
SCHEMES: Final = ("http", "https")


def read_networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, with commas between them. Raises BadInput naming the setting."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        reason = say("“{text}”不是 IP 地址或网段（如 127.0.0.1 或 10.0.0.0/24），多个用逗号隔开", text=text)
        raise BadInput(field=SETTING, reason=reason) from error


def behind(proxies: Iterable[Network], answer: WSGIApplication) -> WSGIApplication:
    """The application as it stands behind these proxies."""
    trusted = tuple(proxies)

    def answer_behind(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said = {name: str(environ.pop(name, "")) for name in (FOR, PROTO, HOST, *OTHERS)}
        sender = str(environ.get("REMOTE_ADDR", ""))
        if _is_one(trusted, sender):
            environ["REMOTE_ADDR"] = _visitor(trusted, sender, said[FOR])
            if (scheme := _last(said[PROTO]).lower()) in SCHEMES:
                environ["wsgi.url_scheme"] = scheme
            if host := _last(said[HOST]):
                environ["HTTP_HOST"] = host
        return answer(environ, start_response)

    return answer_behind


def _visitor(trusted: tuple[Network, ...], sender: str, said: str) -> str:
    """The last address of the chain that no proxy of ours has: what stands before it, anybody may have written."""
    for hop in reversed(said.split(",")):
        address = _plain(hop.strip())
        if address is None:
            break
        sender = address
        if not _is_one(trusted, address):
            break
    return sender


def _plain(hop: str) -> str | None:
    """The address without its port; None when there is none."""
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ip_address(hop))
    except ValueError:
        return None


def _last(said: str) -> str:
    return said.rpartition(",")[2].strip()


def _is_one(networks: tuple[Network, ...], address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    plain = getattr(found, "ipv4_mapped", None) or found  # a socket of both kinds writes IPv4 so
    return any(plain in network for network in networks)
