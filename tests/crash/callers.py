"""People at a server that is killed: each act has a word of its own and a key of its page, and is asked for until it is
answered. What they were answered is a promise. They live in the process of the test, so no kill reaches them.
"""

from __future__ import annotations

import json
import random
import secrets
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Event
from urllib.parse import urlencode

from tests.visitor import Answer, Visitor

KEY, PLACE, LOGIN = "keep", "130102", "changan"
SHARES = {"open": 0.3, "upload": 0.25, "remark": 0.25}  # otherwise an open task is completed
GIVEN_UP = 0.2  # of the acts that a kill cut off: nobody asks whether they were done
REPEATED = 2  # promises that are asked for again after each restart
SERVED_AGAIN = 0.02  # seconds between two looks whether a server is there
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(eq=False)
class Act:
    """What is to be done once. ``answer``: the promise; none while it was not answered, or refused."""

    kind: str
    path: str
    body: str
    media_type: str
    word: str
    case_id: str = ""
    cut: bool = False
    refused: int = 0
    answer: tuple[int, str] | None = None


@dataclass
class Shared:
    """What all callers know of each other: cases in which something can be done."""

    over: Event = field(default_factory=Event)
    open: list[tuple[str, str]] = field(default_factory=list)  # case and task
    broken: list[str] = field(default_factory=list)


class Caller:
    """A person who acts at random until all is over."""

    def __init__(self, url: str, number: int, shared: Shared, seed: int) -> None:
        self.visitor = Visitor(url).sign_in(LOGIN)
        self.under_way: Act | None = None
        self.acts: list[Act] = []
        self.repeated = 0
        self._number, self._shared, self._chance = number, shared, random.Random(seed)
        self._to_repeat = 0

    def live(self) -> None:
        """Act, and after each restart ask again for what was promised."""
        try:
            while not self._shared.over.is_set():
                if self._to_repeat:
                    self._to_repeat -= 1
                    self._repeat()
                else:
                    self._ask(self._draw())
        except Exception as error:
            self._shared.broken.append(f"caller {self._number}: {type(error).__name__}: {error}")
        finally:
            self.visitor.close()

    @property
    def promised(self) -> list[Act]:
        return [act for act in self.acts if act.answer]

    def _draw(self) -> Act:
        drawn, word = self._chance.random(), f"{self._number}-{len(self.acts)}"
        place = self._chance.choice(self._shared.open[-6:]) if self._shared.open else None
        key = secrets.token_hex(8)
        if place is None or drawn < SHARES["open"]:
            path = f"/start/{KEY}?organisation={PLACE}"
            act = Act("open", path, f'{{"data": {{"note": "{word}"}}, "idempotency_key": "{key}"}}', JSON, word)
        elif drawn < SHARES["open"] + SHARES["upload"]:
            act = Act("upload", f"/cases/{place[0]}/files", *_file(word, key), word, place[0])
        elif drawn < sum(SHARES.values()):
            body = urlencode({"text": word, "idempotency_key": key, "csrf_token": self.visitor.token})
            act = Act("remark", f"/cases/{place[0]}/comment", body, FORM, word, place[0])
        else:
            body = f'{{"data": {{"note": "{word}"}}, "outcome": "done", "idempotency_key": "{key}"}}'
            act = Act("settle", f"/tasks/{place[1]}", body, JSON, word, place[0])
        self.acts.append(act)
        return act

    def _ask(self, act: Act) -> None:
        """Until it is answered, or given up after it was cut off."""
        while (answer := self._exchange(act)) is None:
            if act.cut and self._chance.random() < GIVEN_UP:
                return
        if answer.status == 409:
            act.refused += 1
            if act.kind == "settle":
                self._forget(act.case_id)
        elif answer.status in (200, 201, 303):
            act.answer = _essence(answer)
            if act.kind == "open":
                told = answer.json
                self._shared.open.append((str(told["case_id"]), told["location"].rpartition("/")[2]))
        else:
            self._shared.broken.append(f"{act.kind} is answered {answer.status}: {answer.text[:300]}")

    def _repeat(self) -> None:
        promised = self.promised
        act = self._chance.choice(promised) if promised else None
        while act is not None and not self._shared.over.is_set():
            answer = self._exchange(act)
            if answer is not None:
                self.repeated += 1
                if _essence(answer) != act.answer:
                    told = f"{act.kind} {act.word} is answered {_essence(answer)}, and was {act.answer}"
                    self._shared.broken.append(told)
                return

    def _exchange(self, act: Act) -> Answer | None:
        """The answer; None when it was cut off, when no server is there, or when it asks to try again."""
        accept = JSON if act.media_type != FORM else "text/html"
        self.under_way = act
        try:
            answer = self.visitor.request("POST", act.path, act.body, act.media_type, accept)
        except ConnectionRefusedError:
            answer = None
        except (OSError, HTTPException):
            act.cut, answer = True, None
        finally:
            self.under_way = None
        if answer is not None and answer.status != 503:
            return answer
        act.cut = act.cut or answer is not None
        self._to_repeat = REPEATED
        self.visitor.close()
        self.visitor.connection = None
        time.sleep(SERVED_AGAIN)
        return None

    def _forget(self, case_id: str) -> None:
        self._shared.open[:] = [one for one in self._shared.open if one[0] != case_id]


def _file(word: str, key: str) -> tuple[str, str]:
    """The body of an upload, and its media type."""
    mark = f"--{secrets.token_hex(8)}"
    fields = f'{mark}\r\nContent-Disposition: form-data; name="idempotency_key"\r\n\r\n{key}\r\n'
    head = f'{mark}\r\nContent-Disposition: form-data; name="file"; filename="{word}.txt"\r\n\r\n'
    return f"{fields}{head}{content(word)}\r\n{mark}--\r\n", f"multipart/form-data; boundary={mark[2:]}"


def content(word: str) -> str:
    """What a file of that word holds: long enough that a kill can hit its writing."""
    return f"{word}\n" * 20_000


def _essence(answer: Answer) -> tuple[int, str]:
    """Where it led, or what it told, in whatever order."""
    led = answer.headers.get("Location")
    return answer.status, led or json.dumps(answer.json, sort_keys=True)
