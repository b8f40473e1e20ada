"""From a form-js component to a ``Field``, noting every problem with the component's id. Checks no data."""

from __future__ import annotations

from typing import Any

from engine.feel import Expression
from engine.forms import expressions, sheet
from engine.forms import readparts as parts
from engine.forms.model import (
    CHOICES,
    CONTAINERS,
    DISPLAYS,
    INPUTS,
    MAX_COMPONENTS,
    MAX_NESTING,
    REFUSED,
    RESERVED_KEYS,
    RESERVED_NAMES,
    TEXTS,
    TICKED,
    Condition,
    Field,
)
from engine.forms.readbase import Notes
from engine.forms.readrules import read_rules
from engine.forms.values import TooLarge, WrongType, typed
from engine.words import Text, listed, say

_LABELLED = (INPUTS - {"expression"}) | {"dynamiclist"}


class Reader:
    """Reads the components of one file."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.ids: set[str] = set()
        self.count = 0

    def components(self, raw: Any, place: str, depth: int = 0) -> tuple[Field, ...]:
        """The fields of a ``components`` list."""
        if not isinstance(raw, list):
            self.notes.problem(place, say("components 应为列表"))
            return ()
        if depth > MAX_NESTING:
            self.notes.problem(place, say("容器嵌套超过{most}层", most=MAX_NESTING))
            return ()
        fields = (self._component(item, f"{place}[{index}]", depth) for index, item in enumerate(raw))
        return tuple(field for field in fields if field)

    def _component(self, raw: Any, place: str, depth: int) -> Field | None:
        self.count += 1
        if self.count > MAX_COMPONENTS:
            if self.count == MAX_COMPONENTS + 1:
                self.notes.problem(place, say("组件超过{most}个", most=MAX_COMPONENTS))
            return None
        if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
            self.notes.problem(place, say("组件应为带 type 的对象"))
            return None
        kind, identity = raw["type"], self._identity(raw, place)
        if kind in REFUSED:
            self.notes.problem(identity, say("不允许使用“{kind}”组件，请改用文本", kind=kind))
            return None
        if kind not in INPUTS | CONTAINERS | DISPLAYS:
            self.notes.problem(identity, say("未知的组件类型“{kind}”", kind=kind))
            return None
        field = self._field(raw, kind, identity, self._path(raw, kind, identity), depth)
        self._check(field)
        if field.repeating and field.add_remove and parts.disables(raw):
            self.notes.problem(
                identity,
                say("行可增减的列表中请用只读（readonly）代替禁用（disabled）：浏览器不提交禁用的字段"),
            )
        return field

    def _check(self, field: Field) -> None:
        """What only shows once the field is whole."""
        if field.repeating and isinstance(field.readonly, Condition):
            self.notes.problem(field.id, say("动态列表的只读不能用条件"))
        if field.sheet:
            sheet.check_columns(self.notes, field)
        try:
            if field.is_input and not field.computed:
                typed(field, field.default)
        except (WrongType, TooLarge):
            self.notes.problem(field.id, say("defaultValue 与字段类型不符"))

    def _identity(self, raw: dict[str, Any], place: str) -> str:
        identity = raw.get("id") or raw.get("key") or raw.get("path") or place
        if not isinstance(identity, str):
            self.notes.problem(place, say("id 应为文字"))
            return place
        if raw.get("id") and identity in self.ids:
            self.notes.problem(identity, say("组件 id 重复"))
        if raw.get("id"):
            self.ids.add(identity)
        return identity

    def _path(self, raw: dict[str, Any], kind: str, identity: str) -> tuple[str, ...]:
        if kind in DISPLAYS:
            return ()
        name = raw.get("path" if kind in CONTAINERS else "key")
        if kind == "group" and name in (None, ""):
            return ()
        if not isinstance(name, str) or not name:
            self.notes.problem(identity, say("缺少字段名（key 或 path）"))
            return (identity,)
        parts = tuple(name.split("."))
        for part in parts:
            if not part or part.strip() != part or part.isdigit() or not part.isprintable():
                self.notes.problem(identity, say("字段名“{name}”无效", name=name))
            if part in RESERVED_KEYS or part.startswith("__") or (part == parts[0] and part in RESERVED_NAMES):
                self.notes.problem(identity, say("字段名“{part}”为系统保留", part=part))
        return parts

    def _field(self, raw: dict[str, Any], kind: str, identity: str, path: tuple[str, ...], depth: int) -> Field:
        properties = raw.get("properties") if isinstance(raw.get("properties"), dict) else {}
        repeating = kind == "dynamiclist" and raw.get("isRepeating", True) is not False
        options = parts.read_options(self.notes, raw, identity) if kind in CHOICES else None
        return Field(
            id=identity,
            type=kind,
            path=path,
            label=self._label(raw, kind, identity),
            children=self.components(raw.get("components", []), identity, depth + 1) if kind in CONTAINERS else (),
            hide=self._hide(raw, identity),
            readonly=self._readonly(raw, kind, identity),
            rules=read_rules(self.notes, raw, kind, identity),
            options=options,
            options_key=raw.get("valuesKey") or "" if kind in CHOICES else "",
            options_expression=self.notes.expression(raw, "valuesExpression", identity) if kind in CHOICES else None,
            default=raw.get("defaultValue"),
            expression=self._computed(raw, identity) if kind == "expression" else None,
            subtype=parts.read_subtype(self.notes, raw, kind, identity),
            as_text=raw.get("serializeToString") is True,
            multiple=bool(raw.get("multiple", False)),
            repeating=repeating,
            add_remove=raw.get("allowAddRemove") is True,
            repetitions=parts.read_repetitions(self.notes, raw, identity) if repeating else 1,
            text=self._pair(raw.get("text"), identity, identity) if kind == "text" else ("", ""),
            unit=parts.read_unit(self.notes, raw, identity),
            rows_from=parts.read_rows_from(self.notes, raw, identity) if kind == "table" else None,
            columns=parts.read_columns(self.notes, raw, identity) if kind == "table" else (),
            warning=self._flag((properties or {}).get("warning"), "properties.warning", identity),
            personal=self._personal((properties or {}).get("personal"), identity),
            identifies=self._mark((properties or {}).get("identifies"), "identifies", INPUTS, kind, identity),
            explained=self._mark((properties or {}).get("explained"), "explained", TICKED, kind, identity),
            required_for=self._required_for((properties or {}).get("requiredFor"), kind, identity),
            telephone=self._telephone((properties or {}).get("shape"), kind, identity),
            sheet=sheet.read_mark(self.notes, raw, kind, identity, depth),
        )

    def _mark(self, value: Any, name: str, kinds: frozenset[str], kind: str, identity: str) -> bool:
        """A plain mark of ``properties``, which only some kinds of component may bear."""
        if value in (None, False, "false"):
            return False
        if value not in (True, "true") or kind not in kinds:
            what = say(
                "properties.{name} 只能是 true 或 false，并且只用于 {kinds}", name=name, kinds=listed(sorted(kinds))
            )
            self.notes.problem(identity, what)
            return False
        return True

    def _personal(self, value: Any, identity: str) -> bool | None:
        known = {None: None, True: True, False: False, "true": True, "false": False}
        if not isinstance(value, str | bool | None) or value not in known:
            self.notes.problem(identity, say("properties.personal 只能是 true 或 false，得到 {value}", value=value))
            return None
        return known[value]

    def _required_for(self, value: Any, kind: str, identity: str) -> tuple[str, ...]:
        """The outcomes that ask for a field which is otherwise left to whoever fills it in."""
        if value in (None, ""):
            return ()
        if not isinstance(value, str) or kind not in INPUTS:
            what = say("properties.requiredFor 写要填这一项的办理结果，用空格隔开，只用于填写的字段")
            self.notes.problem(identity, what)
            return ()
        return tuple(value.split())

    def _telephone(self, value: Any, kind: str, identity: str) -> bool:
        if value not in (None, "telephone") or (value and kind not in TEXTS):
            self.notes.problem(identity, say("properties.shape 只能是文本字段的 telephone，得到 {value}", value=value))
        return bool(value == "telephone")

    def _computed(self, raw: dict[str, Any], identity: str) -> Expression | None:
        if not raw.get("expression"):
            self.notes.problem(identity, say("计算字段缺少表达式"))
        return self.notes.expression(raw, "expression", identity)

    def _flag(self, value: Any, name: str, identity: str) -> bool | Condition:
        if not expressions.is_expression(value):
            return value in (True, "true")
        if self.notes.compiled(value, name, identity) is None:
            return False
        return expressions.condition(value)

    def _hide(self, raw: dict[str, Any], identity: str) -> Condition | None:
        conditional = raw.get("conditional")
        hide = conditional.get("hide") if isinstance(conditional, dict) else None
        if hide in (None, ""):
            return None
        if not expressions.is_expression(hide):
            self.notes.problem(identity, say("隐藏条件应以“=”开头"))
            return None
        flag = self._flag(hide, "conditional.hide", identity)
        return flag if isinstance(flag, Condition) else None

    def _readonly(self, raw: dict[str, Any], kind: str, identity: str) -> bool | Condition:
        if kind == "group" and (raw.get("readonly") or raw.get("disabled")):
            self.notes.problem(identity, say("分组不能设为只读，请逐个字段设置"))
        return bool(raw.get("disabled")) or self._flag(raw.get("readonly"), "readonly", identity)

    def _label(self, raw: dict[str, Any], kind: str, identity: str) -> Text:
        label = raw.get("label")
        if kind == "datetime":
            label = raw.get("dateLabel") if raw.get("subtype") != "time" else raw.get("timeLabel")
        if kind in _LABELLED and (not isinstance(label, str) or not label.strip()):
            self.notes.problem(identity, say("缺少标签"))
        name = raw.get("key") or raw.get("path") or identity
        return self._pair(label, str(name), identity)

    def _pair(self, text: Any, name: str, identity: str) -> Text:
        zh = text if isinstance(text, str) else ""
        for part in expressions.template_parts(zh):
            if part.startswith(("#", "/")):
                self.notes.problem(
                    identity,
                    say("不支持模板块“{{{{{part}}}}}”", part=part),
                )
            else:
                self.notes.compiled(part, "template", identity)
        return zh, self.notes.translated(name, identity) or zh
