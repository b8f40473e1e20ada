"""What says something of a person is declared: asked of forms, variables and registers. Decides nothing, only asks.

A declaration is what an export masks by, and what a rule of retention destroys by; without it nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from engine.checks.report import Folder, Page
from engine.checks.variables import Variables, written_by
from engine.errors import Problem
from engine.forms import Form
from engine.forms.model import Field
from engine.registers import Register
from engine.words import Words, say

_WORDS: Final = re.compile(
    r"姓名|联系人|签收人|领取人|当事人|代理人|监护人|证明人|申请人|经办人|电话|手机|传真|身份证|证件号|护照|工号|社保|微信|出生|生日|年龄|性别|民族|籍贯|住址|住所|家庭|政治面貌|邮箱|账号"
    r"|健康|疾病|病历|伤残|残疾|体检|怀孕|婚姻|配偶|子女|家属|学历|工资|银行卡|评语|鉴定|表现|评价理由|考核意见|评价意见"
)
"""What a label says of what is about a person: names, numbers, telephones, health, opinions about him."""
_PARTS: Final = frozenset({
    "phone", "telephone", "mobile", "tel", "fax", "identity", "birth", "birthday", "age", "gender", "sex", "ethnicity",
    "health", "illness", "disability", "contact", "login", "email", "salary", "bank", "person", "worker", "applicant",
    "assessment", "receiver", "recipient", "witness", "guardian", "spouse", "passport", "wechat",
})  # fmt: skip
_WHOSE: Final = frozenset({"full", "given", "family", "worker", "person", "contact", "applicant"})


def looks_personal(name: str, label: str = "") -> bool:
    """Whether a name or a label sounds as if it were about a person."""
    parts = frozenset(re.split(r"[_.\W]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()))
    return bool(_WORDS.search(label)) or bool(parts & _PARTS) or ("name" in parts and bool(parts & _WHOSE))


def check_personal(folder: Folder, pages: Sequence[Page], variables: Variables) -> None:
    """Ask for the declaration of every field and variable that sounds so; refuse what declares no variable."""
    for form in folder.forms.values():
        if form is not None:
            _check_form(folder, form)
    for page in pages:
        _check_variables(page, variables)


def undeclared(register: Register) -> Iterator[Problem]:
    """The same of the fields of a register."""
    for key, column in register.columns.items():
        if key not in register.personal and looks_personal(key, column.label[0]):
            hint = say(
                "请在字段的 gangwei 里写明 {yes}，不是则写 {no}。", yes='"personal": true', no='"personal": false'
            )
            yield Problem(f"{register.name}.schema.json", key, _asked(column.label[0]), hint, severity="warning")


def _check_form(folder: Folder, form: Form) -> None:
    hint = say(
        "请在组件的 properties 里写明 {yes}，不是则写 {no}。", yes='"personal": "true"', no='"personal": "false"'
    )
    for item in _inputs(form.fields):
        if item.personal is None and looks_personal(".".join(item.path), item.label[0]):
            folder.report.warn(form.file, item.id, _asked(item.label[0] or ".".join(item.path)), hint)


def _inputs(fields: Iterable[Field]) -> Iterator[Field]:
    for item in fields:
        if item.is_input:
            yield item
        yield from _inputs(item.children)


def _check_variables(page: Page, variables: Variables) -> None:
    process = page.process
    known = variables.seen_by(page, None)
    for name in sorted(process.personal):
        if name.partition(".")[0] not in known:
            page.error(
                process, say("gw:personal 里的“{name}”不是本流程的变量。", name=name), say("请检查拼写，或删去。")
            )
    declared = {name.partition(".")[0] for name in process.personal}
    for element in process.elements.values():
        for name in sorted(written_by(element) - {element.into} - declared):
            if looks_personal(name):
                hint = say("请在流程的扩展元素里写 {line}。", line=f'<gw:personal variables="{name}"/>')
                page.warn(element, _asked(name), hint)


def _asked(label: str) -> Words:
    return say("“{label}”像是个人信息，但没有写明。", label=label)
