"""An application that answers with set pieces, so that a test of a page can have just the case that it needs."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from engine.directory.actors import Actor, Membership
from engine.directory.organisations import Organisation
from engine.errors import InvalidForm, NotFound
from engine.views import (
    Article,
    Attachment,
    CaseHead,
    CaseView,
    Change,
    Checked,
    ConcernView,
    DeadlineView,
    DiagramView,
    ElementView,
    FieldView,
    FormView,
    HistoryAsked,
    HistoryLine,
    InboxFilters,
    Message,
    OpenTask,
    OutcomeView,
    Page,
    Receipt,
    Row,
    Startable,
    StartView,
    Submission,
    Target,
    TaskView,
    Visit,
)
from engine.words import Text
from tests.directory import OURS
from tests.web import fake_registers
from tests.web.fake_deadlines import STEP, FakeDeadlines
from tests.web.fake_messages import FakeMessages
from tests.web.fake_registers import NOW, FakeRegisters

COUNTY = Organisation("130102", "长安区总工会", "长安区", "county", "130100", "/130000/130100/130102/", 3)
CITY = Organisation("130100", "石家庄市总工会", "石家庄市", "city", "130000", "/130000/130100/", 2)
PLACE = fake_registers.PLACE
REVIEWER = Actor(7, "shijiazhuang", "石家庄市审核员", (Membership("city_reviewer", CITY),), OURS)
KIND = ("岗位开发设置审批", "Post approval")
PASS = OutcomeView("pass", ("初审通过", "Pass"), "approve")
BACK = OutcomeView(
    "return",
    ("退回修改", "Return"),
    "return",
    "required",
    (Target("fix", ("申请单位修改", "Correction")), Target("plan", ("重新论证", "Plan again"))),
)
REFUSE = OutcomeView("refuse", ("驳回", "Refuse"), "refuse", "required")
ARTICLE = Article(
    "12", ("市总工会初审，省总工会核定；未经核定的岗位不算数。", "The city reviews, the province approves.")
)
SCHEMA = {"type": "default", "components": [{"type": "textfield", "key": "note", "id": "f_note", "label": "说明"}]}
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" targetNamespace="t"><process id="p"><userTask id="review"/></process>
</definitions>"""


def head(**changes: Any) -> CaseHead:
    whole = CaseHead(
        "41", "GW2026-00012", "posts", KIND, "长安区总工会申请新增岗位 3 个", "乡镇（街道）工会 2 个，职工服务中心 1 个",
        "running", PLACE, "长安区经办员", NOW - timedelta(days=6),
    )  # fmt: skip
    return replace(whole, **changes)


def row(number: int = 12, **changes: Any) -> Row:
    whole = Row(
        "41", "41-2", f"GW2026-{number:05}", "posts", KIND, "长安区总工会申请新增岗位 3 个",
        "乡镇（街道）工会 2 个，职工服务中心 1 个", PLACE, STEP, NOW - timedelta(days=2), "running",
        due(6),
    )  # fmt: skip
    return replace(whole, **changes)


def due(days_left: int, **changes: Any) -> DeadlineView:
    return DeadlineView(NOW + timedelta(days=days_left + 2), days_left, **changes)


def waiting(**changes: Any) -> OpenTask:
    whole = OpenTask(
        "41-2", "review", STEP, NOW, ("石家庄市总工会 · 市级审核员", "Shijiazhuang · City reviewer"), True, None, due(6)
    )
    return replace(whole, **changes)


def history() -> tuple[HistoryLine, ...]:
    at = NOW - timedelta(days=6)
    start = ("提出申请", "Application")
    fix = ("申请单位修改", "Correction")
    grade = Change(("岗位 1 · 等级", "Post 1 · grade"), "二级岗", "三级岗")
    return (
        HistoryLine(1, at, "case_started", "a" * 64, "", "长安区经办员", "start", start),
        HistoryLine(
            2, at + timedelta(days=1), "task_completed", "b" * 64, "a" * 64, "石家庄市审核员", "review", STEP,
            BACK.name, "return", "第 1 项等级偏高，请按第十一条调整。",
        ),
        HistoryLine(
            3, at + timedelta(days=2), "task_completed", "c" * 64, "b" * 64, "长安区经办员", "fix", fix,
            ("重新提交", "Submit again"), "submit", "", (grade,),
        ),
        HistoryLine(4, at + timedelta(days=3), "comment_added", "d" * 64, "c" * 64, "长安区经办员", opinion="已电话沟通。"),
    )  # fmt: skip


POSTS = (("建北街道", "三级岗", "1"), ("育才街道", "初级岗", "2"))


def fields(language: str) -> tuple[FieldView, ...]:
    return (
        FieldView("heading", "基本情况" if language == "zh" else "Basics"),
        FieldView("field", "设岗需求", "辖区企业多，劳动关系任务重。", personal=True),
        FieldView("field", "超出名额", "1 项", warning=True),
        FieldView("table", "岗位", columns=("单位", "等级", "数量"), rows=POSTS, personal=True),
    )


PARTS = (
    "acting", "claims", "drafts", "deadlines", "reading", "inbox", "ledgers", "papers", "attachments", "auditing", "starts",
)  # fmt: skip


@dataclass
class FakeCases(FakeDeadlines):
    """Answers from its attributes; what it is told to do stands in ``done``."""

    rows: tuple[Row, ...] = (row(12, deadline=due(-2)), row(13, deadline=due(1)), row(14, claimed_by="王审核员"))
    counts: dict[str, int] = field(default_factory=lambda: {"todo": 3, "done": 14, "mine": 0, "copied": 2})
    next: str | None = None
    outcomes: tuple[OutcomeView, ...] = (PASS, BACK, REFUSE)
    may: frozenset[str] = frozenset({"complete", "draft", "claim"})
    refusal: Exception | None = None
    asked: list[InboxFilters] = field(default_factory=list)
    done: list[tuple[Any, ...]] = field(default_factory=list)
    case_may: frozenset[str] = frozenset({"comment", "attach", "withdraw", "cancel"})
    bpmn: str = DIAGRAM
    form: FormView | None = field(default_factory=lambda: FormView(lambda _: SCHEMA, {"note": "已核"}, {}))
    opened: tuple[OpenTask, ...] = ()
    waits: OpenTask = field(default_factory=waiting)
    concerns: tuple[ConcernView, ...] = ()

    def __post_init__(self) -> None:
        for part in PARTS:
            setattr(self, part, self)

    def page(self, actor: Actor, view: str, filters: InboxFilters) -> Page:
        self.asked.append(filters)
        return Page(self.rows, len(self.rows), self.next, self.counts)

    def next_like(self, actor: Actor, last: str, filters: InboxFilters | None = None) -> str | None:
        return next((row.task_id for row in self.rows), None)

    def kinds(self) -> tuple[tuple[str, Text], ...]:
        return (("posts", KIND),)

    def leads_to(self, actor: Actor, message: Message) -> tuple[str, str] | None:
        return "case", "41"

    def task(self, actor: Actor, task_id: str) -> TaskView:
        if task_id != "41-2":
            raise NotFound(what=("这项任务", "This task"))
        deadline = due(6)
        return TaskView(
            task_id, "review", STEP, head(), 4, self.outcomes, (ARTICLE,), self.may, NOW, self.form, deadline
        )

    def case(self, actor: Actor, case_id: str, asked: HistoryAsked | None = None) -> CaseView:
        if case_id != "41":
            raise NotFound(what=("这个事项", "This case"))
        handed = Submission("start", ("提出申请", "Application"), "长安区经办员", NOW, fields, sequence=1)
        file = Attachment("5", "申请表（盖章）.pdf", 734_003, "application/pdf", "e" * 64, "长安区经办员", NOW)
        names = asked.names if asked else ()
        lines = tuple(one for one in history() if not names or one.event in names)
        return CaseView(head(), (self.waits,), lines, (handed,), (file,), self.case_may, self.concerns)

    def diagram(self, actor: Actor, case_id: str) -> DiagramView:
        visit = Visit(
            ("石家庄市审核员", "石家庄市审核员"), NOW - timedelta(days=5), NOW - timedelta(days=4), 90_000, BACK.name
        )
        return DiagramView(self.bpmn, {"review": ElementView("review", STEP, "returned", (visit,), (ARTICLE,))})

    def complete(self, actor: Actor, task_id: str, data: Any, outcome: str, revision: int | None) -> Receipt:
        self._act("complete", task_id, data, outcome, revision)
        done = next((one.name for one in self.outcomes if one.id == outcome), STEP)
        own = next((one.id for one in self.opened if one.mine), None)
        waiting = next((row.task_id for row in self.rows), None)
        return Receipt("41", "GW2026-00012", self.opened, "running", done, own or waiting)

    def start(self, actor: Actor, key: str, organisation_code: str, data: Any) -> Receipt:
        self._act("start", key, organisation_code, data)
        return Receipt("42", "GW2026-00013", self.opened, "running")

    def check(self, actor: Actor, task_id: str, data: Any) -> Checked:
        return Checked({**data, "quota": 2}, {"note": ("太短", "Too short")})

    def check_start(self, actor: Actor, key: str, organisation_code: str, data: Any) -> Checked:
        return Checked(data, {})

    def save(self, actor: Actor, task_id: str, data: Any) -> None:
        self._act("draft", task_id, data)

    def save_start(self, actor: Actor, key: str, organisation_code: str, data: Any) -> None:
        self._act("start_draft", key, organisation_code, data)

    def claim(self, actor: Actor, task_id: str) -> None:
        self._act("claim", task_id)

    def release(self, actor: Actor, task_id: str) -> None:
        self._act("release", task_id)

    def withdraw(self, actor: Actor, case_id: str, reason: str) -> Receipt:
        self._act("withdraw", case_id, reason)
        return Receipt("41", "GW2026-00012", (), "withdrawn")

    def cancel(self, actor: Actor, case_id: str, reason: str) -> Receipt:
        self._act("cancel", case_id, reason)
        return Receipt("41", "GW2026-00012", (), "cancelled")

    def comment(self, actor: Actor, case_id: str, text: str) -> None:
        self._act("comment", case_id, text)

    def attach_all(self, actor: Actor, case_id: str, uploads: Any, task_id: str | None = None) -> list[Attachment]:
        self._act("attach", case_id, *((one.filename, one.content) for one in uploads))
        return [self.case(actor, case_id).attachments[0]]

    def attachment(self, actor: Actor, case_id: str, attachment_id: str) -> tuple[Attachment, bytes]:
        return self.case(actor, case_id).attachments[0], b"<script>alert(1)</script>"

    def document(self, actor: Actor, case_id: str, sequence: int, language: str) -> tuple[str, bytes]:
        if all(one.sequence != sequence for one in self.case(actor, case_id).submissions):
            raise NotFound(what=("这份提交的内容", "This submission"))
        return f"GW2026-00012 申请表 {language}.docx", b"PK"

    def startable(self, actor: Actor) -> tuple[Startable, ...]:
        return (Startable("posts", KIND, ("申请新增、取消或调整工会社工岗位。", "Add, change posts."), (PLACE,)),)

    def any_for(self, actor: Actor) -> bool:
        return actor.has("city_reviewer")

    def must_be_in_force(self, key: str) -> None:
        raise NotFound(what=("这类事项", "This kind"))

    def start_form(self, actor: Actor, key: str, organisation_code: str) -> StartView:
        assert self.form is not None
        return StartView(key, KIND, ("说明", "About"), PLACE, self.form, (ARTICLE,))

    def _act(self, *words: Any) -> None:
        if self.refusal:
            raise self.refusal
        self.done.append(words)


class FakeOrganisations:
    """Nothing to choose from."""

    def below(self, actor: Actor, limit: int) -> tuple[Organisation, ...]:
        return ()


def fake_application(**cases: Any) -> Any:
    return SimpleNamespace(
        cases=FakeCases(**cases),
        messages=FakeMessages(),
        registers=FakeRegisters(),
        clock=SimpleNamespace(now=lambda: NOW),
        clock_desk=SimpleNamespace(shown=lambda: None),
        organisations=FakeOrganisations(),
        snapshot=nullcontext,
        looks=SimpleNamespace(write=lambda *_: None),
        taking_back=SimpleNamespace(may=lambda *_: False),
        bulks=SimpleNamespace(running=lambda _: None),
        clock_standing=lambda: "ok",
        saved_filters=SimpleNamespace(of_reader=lambda *_: (), first=lambda *_: None),
        damage=SimpleNamespace(report=lambda met: None),
        ready=lambda: True,
        keep_overruns=lambda: None,
        standing=lambda: {"writing": "ok", "disk": "ok"},
    )


def wrong_field() -> InvalidForm:
    return InvalidForm({"note": ("请写明理由。", "Give a reason.")})
