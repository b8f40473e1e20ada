"""What people answer at each task of the yearly round, by its element; chance decides where people would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final

GRADES: Final = ("unqualified", "basic", "qualified", "excellent")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a task is completed: the outcome, what is typed over the form, and field to the name of a paper."""

    outcome: str
    data: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What who answers can see: the variables of the case, the legal day, the form as it is opened."""

    random: Random
    today: date
    seen: Mapping[str, Any]
    form: Mapping[str, Any]
    next_contract: str | None

    def rows(self, name: str) -> int:
        """How many rows a table of the form has."""
        return len(self.form.get(name) or ())

    def grade(self) -> str:
        """As years bring it: most are qualified, some are not."""
        return self.random.choices(GRADES, (5, 17, 52, 26))[0]


def decide(asked: Asked) -> Answer:
    """Grades by chance; beyond three in ten with a reason, as the text asks; of fewer than four one is the best."""
    grades = [asked.grade() for _ in range(asked.rows("rows"))]
    if len(grades) < 4:
        grades = [one if at == 0 or one != "excellent" else "qualified" for at, one in enumerate(grades)]
    data: dict[str, Any] = {"rows": [{"grade": one, "reasons": "按全年表现确定。"} for one in grades]}
    if grades.count("excellent") * 10 > len(grades) * 3:
        data["over_reason"] = "承担试点任务，实绩突出。"
    return Answer("submit", data)


def examine(asked: Asked) -> Answer:
    """Upheld, or changed to a better grade."""
    told = {"step": "decide", "findings": "经核对记录，情况已经查明。", "basis": "按查明的事实作出答复意见。"}
    better = GRADES[GRADES.index(asked.seen["filing"]["grade"]) + 1 :]
    if not better or asked.random.random() < 0.5:
        return Answer("submit", told | {"conclusion": "uphold"})
    return Answer("submit", told | {"conclusion": "change", "new_grade": asked.random.choice(better)})


def nominate(asked: Asked) -> Answer:
    """One candidate whom no conditions keep out."""
    return Answer("nominate", {"people": [candidate(asked.random)]})


def candidate(random: Random) -> dict[str, Any]:
    """Somebody invented, as a contractor names him."""
    return {
        "worker_name": f"社工{random.randrange(10**6):06}", "identity_number": f"13{random.randrange(10**4):04}19900501{random.randrange(10**4):04}",
        "worker_phone": "0311-80000000", "born_on": "1990-05-01", "education": "bachelor", "grade": "third",
        "certificate": "third", "certificate_name": "助理社会工作师", "experience": 5,
    }  # fmt: skip


def record_results(asked: Asked) -> Answer:
    """Everybody passes."""
    people = [{"result": "passed", "score": 85}] * asked.rows("people")
    return Answer("submit", {"held_on": str(asked.today), "people": people})


def accepted(asked: Asked) -> Answer:
    """Everybody meets the conditions."""
    return Answer("done", {"people": [{"verdict": "accepted"}] * asked.rows("people")})


def hand_over(asked: Asked) -> Answer:
    """The old holder leaves today, the new one comes tomorrow."""
    tomorrow = asked.today + timedelta(days=1)
    told = {"place": 1, "items": [{"item": "困难职工档案", "state": "已移交"}], "ended_on": str(asked.today)}
    labour = {"labour_from": str(tomorrow), "labour_to": str(tomorrow + timedelta(days=720))}
    return Answer("hand_over", told | {"on_post_on": str(tomorrow)} | labour, {"signed": "交接清单.pdf"})


def plan(asked: Asked) -> Answer:
    """A retraining of a week."""
    told = {"content": "集体协商实务", "hours": 40, "place": "职工服务中心", "examined_by": "both"}
    return Answer("plan", told | {"since": str(asked.today), "until": str(asked.today + timedelta(days=4))})


def assess(asked: Asked) -> Answer:
    """One in three fails."""
    if asked.random.random() < 0.33:
        return Answer("failed", {"examined_on": str(asked.today), "score": 40, "opinion": "考核未通过。"})
    return Answer("passed", {"examined_on": str(asked.today), "score": 80})


def settle_people(asked: Asked) -> Answer:
    """Nine in ten go to the next contractor, where there is one."""
    consents = ["yes" if asked.random.random() < 0.9 else "no" for _ in range(asked.rows("people"))]
    return Answer("settle", {"next_contract": asked.next_contract, "people": [{"consents": one} for one in consents]})


def paid(asked: Asked) -> Answer:
    """What the form says is due, today."""
    return Answer("paid", {"paid_on": str(asked.today)}, {"proof": "凭证.pdf"})


def fixed(outcome: str, data: Mapping[str, Any] | None = None, **files: str) -> Callable[[Asked], Answer]:
    """The same answer each time."""
    return lambda asked: Answer(outcome, data or {}, files)


def noted(asked: Asked) -> Answer:
    """Every adjustment is agreed to."""
    return Answer("noted", {"adjustments": [{"decision": "noted"}] * asked.rows("adjustments")})


def settled(asked: Asked) -> Answer:
    """What is owed to somebody whose replacement had no ground is settled."""
    told = {"amount": 100, "settled_on": str(asked.today), "basis": "按停发期间的待遇计算。"}
    return Answer("settled", told, {"proof": "凭证.pdf"})


def delivered(asked: Asked) -> Answer:
    """By hand, today."""
    return Answer("delivered", {"method": "hand", "received_on": str(asked.today), "receiver": "本人"})


ANSWERS: Final[dict[str, Callable[[Asked], Answer]]] = {
    "decide": decide,
    "confirm": fixed("approve"),
    "read_excess": fixed("read"),
    "settle_objections": fixed("finish"),
    "instruct": fixed("instruct", {"area": "first", "grade": "third"}),
    "pay_bonus": paid,
    "settle_difference": settled,
    "plan": plan,
    "attend": fixed("attended", {"attended_hours": 40}, record="签到.pdf"),
    "assess": assess,
    "sign_paper": fixed("submit", signed_paper="签名申请书.pdf"),
    "accept_appeal": fixed("accept", {"checked": ["person", "limit", "aside"]}),
    "examine": examine,
    "sign_answer": fixed("sign"),
    "deliver_answer": delivered,
    "confirm_change": fixed("confirmed"),
    "stop_job": fixed("not_stopped", {"opinion": "本人拒绝。"}),
    "confirm_stop": fixed("goes_on", {"opinion": "仍在兼职。"}),
    "note_report": noted,
    "nominate": nominate,
    "record_results": record_results,
    "supervise": fixed("confirm", {"how": "on_site", "findings": "程序规范。"}),
    "check_conditions": accepted,
    "hand_over": hand_over,
    "plan_next": fixed("plan", {"plan": "again", "plan_words": "继续购买岗位。"}),
    "settle_people": settle_people,
}
"""By element. What is not here waits."""
PUT_OFF: Final = {"nominate": 0.5, "hand_over": 0.4, "examine": 0.5}
"""How often people leave a task for another week, so that replacements and appeals meet."""
