"""Mail by SMTP: one line to the server, over which mails go one after the other. Knows no message of ours.

A mail has a plain and an HTML part and, in every try, the same Message-ID: who gets it twice can tell (RFC 5322,
3.6.4). It says that a program wrote it (RFC 3834). What stands in a header is one line, whatever a title holds.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from engine import letters
from engine.channels.sending import SILENCE_SECONDS, NotSent, Parcel, said, within
from engine.channels.settings import PLAIN, TLS, MailServer
from engine.words import Words, say

LONGEST_SUBJECT = 150
_GONE = (smtplib.SMTPServerDisconnected, OSError, EOFError)


class MailLine:
    """A connection to an SMTP server, opened with the first mail."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def send(self, parcel: Parcel) -> None:
        """Send one. Raises NotSent."""
        mail = written(self._server, parcel)
        try:
            smtp = self._smtp or self._open()
            with within(lambda: smtp.sock):
                smtp.send_message(mail, self._server.sender, [parcel.to])
        except smtplib.SMTPRecipientsRefused as refused:
            code, text = refused.recipients[parcel.to]
            raise self._refused(say("对方服务器不接收这个地址（{code} {said}）"), code, text, parcel.to) from None
        except smtplib.SMTPDataError as refused:
            why = say("邮件服务器不接收这封邮件（{code} {said}）")
            raise self._refused(why, refused.smtp_code, refused.smtp_error, parcel.to) from None
        except smtplib.SMTPAuthenticationError as refused:
            raise self._away(say("邮件服务器不接受用户名或密码（{code}）", code=refused.smtp_code)) from None
        except smtplib.SMTPResponseException as refused:
            answer = said(refused.smtp_error, self._server.password)
            why = say("邮件服务器拒绝发送（{code} {said}）", code=refused.smtp_code, said=answer)
            raise self._away(why) from None
        except smtplib.SMTPNotSupportedError:
            raise self._away(say("邮件服务器不支持所设的加密或登录方式，没有发送")) from None
        except ssl.SSLError as error:
            raise self._away(say("邮件服务器的证书或加密不可信（{said}）", said=said(error.reason or "TLS"))) from None
        except (*_GONE, smtplib.SMTPException) as error:
            why = say("邮件服务器连接不上或中断（{kind}）", kind=type(error).__name__)
            raise self._away(why) from None

    def check(self) -> None:
        """Connect and sign in, and send nothing. Raises NotSent."""
        try:
            self._open()
        except (smtplib.SMTPException, *_GONE) as error:
            code = getattr(error, "smtp_code", "")
            raise self._away(say("邮件服务器不能使用（{kind} {code}）", kind=type(error).__name__, code=code)) from None
        finally:
            self.close()

    def close(self) -> None:
        """End the connection; never fails."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(Exception), within(lambda: smtp.sock, SILENCE_SECONDS):
                smtp.quit()
            smtp.close()

    def _open(self) -> smtplib.SMTP:
        server, context = self._server, ssl.create_default_context()
        named = server.domain  # the name of this machine is nobody's business, and looking it up may take long
        smtp = (
            smtplib.SMTP_SSL(local_hostname=named, timeout=SILENCE_SECONDS, context=context)
            if server.security == TLS
            else smtplib.SMTP(local_hostname=named, timeout=SILENCE_SECONDS)
        )
        self._smtp = smtp
        with within(lambda: smtp.sock):
            smtp._host = server.host  # type: ignore[attr-defined]  # whose certificate it must be
            smtp.connect(server.host, server.port)
            smtp.ehlo_or_helo_if_needed()
            if server.security not in (PLAIN, TLS):
                smtp.starttls(context=context)
                smtp.ehlo()
            if server.user:
                smtp.login(server.user, server.password)
        return smtp

    def _refused(self, why: Words, code: int, text: bytes | str, to: str) -> NotSent:
        """Of this one mail; a code beginning with 5 is for good (RFC 5321, 4.2.1)."""
        if code == 421:
            return self._away(say("邮件服务器暂停服务（{code}）", code=code))
        words = why.about(code=code, said=said(text, to, self._server.password))
        return NotSent(words, for_good=500 <= code < 600)

    def _away(self, why: Words) -> NotSent:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()
        return NotSent(why, away=True)


def written(server: MailServer, parcel: Parcel) -> EmailMessage:
    """The mail as it goes out."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = _line(parcel.subject)[:LONGEST_SUBJECT]
    mail["From"] = Address(_line(server.sender_name), addr_spec=server.sender)
    mail["To"] = Address(addr_spec=parcel.to)
    mail["Date"] = parcel.at
    mail["Message-ID"] = f"<{parcel.token}@{server.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(parcel.text, cte="base64")
    mail.add_alternative(parcel.html, subtype="html", cte="base64")
    return mail


def _line(text: str) -> str:
    return letters.tidy("".join(one if one.isprintable() else " " for one in text))
