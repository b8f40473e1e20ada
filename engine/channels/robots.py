"""Robots of groups in 企业微信, 钉钉 and 飞书: a text posted to the address of a robot, by which one member is called.

Plain HTTP and not apprise: in its code stands the host of each kind, so that no server of one's own can be asked, in
an office or in a test; with it 企业微信 and 飞书 call nobody by name, 飞书 signs nothing, and of a failure it says no
more than that. No redirect is followed: only hosts that the settings name are asked. Knows no message of ours.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import re
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final
from urllib.parse import quote_plus, urlsplit

from engine.channels.sending import SILENCE_SECONDS, NotSent, Parcel, said, within
from engine.channels.settings import DINGTALK, FEISHU, WECOM, Robot
from engine.words import say

LARGEST_ANSWER: Final = 64 * 1024
MOST_BYTES: Final = 2000
"""企业微信 takes 2,048 bytes."""
ACCOUNT: Final = re.compile(r"[A-Za-z0-9_.@+-]{1,64}")
"""How people are called: by user id, mobile number or open id."""
Body = Mapping[str, object]


class RobotLine:
    """Posts by one robot. ``now``: the clock by which posts are signed, the machine's."""

    def __init__(self, robot: Robot, now: Callable[[], datetime]) -> None:
        self._robot = robot
        self._now = now

    def send(self, parcel: Parcel) -> None:
        """Post one text, by which its receiver is called. Raises NotSent."""
        stamp = self._now()
        body = _BODIES[self._robot.kind](_cut(parcel.text), parcel.to, self._robot.secret, stamp)
        try:
            status, answer = self._post(json.dumps(body, ensure_ascii=False).encode(), stamp)
        except ssl.SSLError as error:
            why = say("机器人服务器的证书或加密不可信（{said}）", said=said(error.reason or "TLS"))
            raise NotSent(why, away=True) from None
        except (OSError, http.client.HTTPException) as error:
            raise NotSent(say("机器人连接不上或中断（{kind}）", kind=type(error).__name__), away=True) from None
        if status != 200:
            raise NotSent(say("机器人服务器答复 {status}，没有发送", status=status), away=True)
        self._read(answer)

    def close(self) -> None:
        """Nothing stays open."""

    def _post(self, data: bytes, stamp: datetime) -> tuple[int, bytes]:
        parts = urlsplit(self._robot.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=SILENCE_SECONDS)
        query = "&".join(filter(None, (parts.query, _signed_query(self._robot, stamp))))
        try:
            with within(lambda: connection.sock):
                target = f"{parts.path or '/'}{'?' if query else ''}{query}"
                connection.request("POST", target, data, {"Content-Type": "application/json; charset=utf-8"})
                answer = connection.getresponse()
                return answer.status, answer.read(LARGEST_ANSWER)
        finally:
            connection.close()

    def _read(self, answer: bytes) -> None:
        """Robots say what went wrong in an answer of 200. Raises NotSent."""
        told: object = None
        with suppress(ValueError, RecursionError):
            told = json.loads(answer)
        if not isinstance(told, dict):
            raise NotSent(say("机器人的答复读不懂，不能确认已发送"), away=True)
        code = next((told[name] for name in ("errcode", "code", "StatusCode") if name in told), None)
        if code != 0 or isinstance(code, bool):
            text = told.get("errmsg") or told.get("msg") or ""
            words = said(str(text), self._robot.secret, self._robot.url)
            raise NotSent(say("机器人拒绝发送（{code} {said}）", code=said(str(code)), said=words), away=True)


def _cut(text: str) -> str:
    data = text.encode()
    return text if len(data) <= MOST_BYTES else data[:MOST_BYTES].decode("utf-8", "ignore") + "…"


def _wecom(text: str, to: str, _secret: str, _now: datetime) -> Body:
    called = "mentioned_mobile_list" if to.isdigit() and len(to) == 11 else "mentioned_list"
    return {"msgtype": "text", "text": {"content": text, called: [to]}}


def _dingtalk(text: str, to: str, _secret: str, _now: datetime) -> Body:
    called = "atMobiles" if to.isdigit() else "atUserIds"
    return {"msgtype": "text", "text": {"content": f"{text}\n@{to}"}, "at": {called: [to], "isAtAll": False}}


def _feishu(text: str, to: str, secret: str, now: datetime) -> Body:
    plain = text.replace("<", "＜").replace(">", "＞")  # a title calls nobody
    body = {"msg_type": "text", "content": {"text": f'<at user_id="{to}"></at> {plain}'}}
    if not secret:
        return body
    stamp = str(int(now.timestamp()))
    sign = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(sign).decode(), **body}


def _signed_query(robot: Robot, now: datetime) -> str:
    if robot.kind != DINGTALK or not robot.secret:
        return ""
    stamp = str(int(now.timestamp() * 1000))
    sign = hmac.new(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode(), hashlib.sha256).digest()
    return f"timestamp={stamp}&sign={quote_plus(base64.b64encode(sign))}"


_BODIES: Final[Mapping[str, Callable[[str, str, str, datetime], Body]]] = {
    WECOM: _wecom, DINGTALK: _dingtalk, FEISHU: _feishu,
}  # fmt: skip
