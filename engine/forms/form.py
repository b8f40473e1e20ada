"""A form as the engine uses it: take a submission in, check it, show it. Pure: no clock, no files, no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.errors import InvalidForm, Problem
from engine.feel import Environment, Expression
from engine.forms.clean import clean, start_values
from engine.forms.display import Display
from engine.forms.expressions import Evaluator, Scope
from engine.forms.guard import check_shape
from engine.forms.model import CHOICES, CHOSEN, Field, Path, Source, spell
from engine.forms.notes import row_notes
from engine.forms.options import Choices, OptionSet, chosen_labels
from engine.forms.settle import Settled, Settler, Verdict
from engine.forms.sheet import columns, sheets
from engine.forms.trees import MISSING, get
from engine.forms.unticked import unfilled, unticked
from engine.forms.validate import Validator
from engine.views.forms import Checked, FieldView
from engine.words import Said, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Made by ``load_form``. ``sources`` must be asked by the caller; their answers are names of ``context``.

    ``prepared``: values that stand whenever the form is opened, worked out from the case before anybody types.
    ``derive`` may change and add values inside rows but not add, drop or reorder rows that a client may edit.
    """

    file: str
    fields: tuple[Field, ...]
    sources: Mapping[str, Source]
    prepared: tuple[tuple[str, Expression], ...]
    derive: tuple[tuple[str, Expression], ...]
    schema: Mapping[str, Any]  # form-js, Chinese, without our extension; not to be changed
    english: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()  # warnings only

    @property
    def sheets(self) -> Mapping[str, Field]:
        """Its lists that are filled in as sheets, by name."""
        return {one.path[0]: one for one in sheets(self.fields)}

    @property
    def takes_files(self) -> bool:
        """Whether one of its fields is a file."""
        return any(one.type == "filepicker" for one in _each(self.fields))

    def about(self, submission: Mapping[str, Any]) -> str:
        """What tells a submission from others at this form: its single fields that ``identifies`` marks."""
        own = (get(submission, one.path) for one in self.fields if one.identifies)
        return " ".join(str(value) for value in own if value not in (MISSING, None, ""))

    def localised(self, language: str) -> Mapping[str, Any]:
        """The form-js schema for the browser in ``zh`` or ``en``; not to be changed."""
        return self.schema if language == "zh" else self.english

    def accept(
        self,
        submission: Any,
        *,
        initial: Mapping[str, Any],
        context: Mapping[str, Any],
        environment: Environment,
        complete: bool = True,
        attachments: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Clean data ready for the case. Raises BadInput for the wrong shape and InvalidForm with errors by path.

        ``initial``: the values that stand; read-only fields come from there. ``context``: what FEEL sees beside the
        fields. ``complete`` false: types only, as for a draft. ``attachments``: id to name of the files that may be
        referred to; without it only the shape of references is checked.
        """
        checked = self.check(
            submission,
            initial=initial,
            context=context,
            environment=environment,
            complete=complete,
            attachments=attachments,
        )
        if checked.errors:
            raise InvalidForm(dict(checked.errors))
        return dict(checked.data)

    def check(
        self,
        submission: Any,
        *,
        initial: Mapping[str, Any],
        context: Mapping[str, Any],
        environment: Environment,
        complete: bool = True,
        attachments: Mapping[str, str] | None = None,
    ) -> Checked:
        """Like ``accept``, with the errors of fields as a result. Raises BadInput for the wrong shape only."""
        standing = self._standing(initial, context, environment)
        cleaned = clean(self.fields, check_shape(submission), standing)
        settler = Settler(self.fields, self.derive, context, environment, standing)
        settled = settler.settle(cleaned)
        errors: dict[Path, Said] = {}
        if complete:
            errors |= Validator(settled, settler.scope(settled.data), settler.evaluator, attachments).run(self.fields)
            errors |= settled.errors
        choices = Choices(context, settler.evaluator)
        labels = chosen_labels(self.fields, settled.data, settler.scope(settled.data), choices, attachments or {})
        if labels:
            settled.data[CHOSEN] = labels
        errors |= {path: text for path, text in cleaned.errors.items() if not _settled_away(path, settled.verdict)}
        notes = row_notes(self.fields, settled.data, context, settler.evaluator)
        return Checked(
            settled.data,
            {spell(path): text for path, text in errors.items()},
            {spell(path): note for path, note in notes.items()},
        )

    def offered(
        self, sheet: Field, data: Mapping[str, Any], context: Mapping[str, Any], environment: Environment
    ) -> dict[str, OptionSet]:
        """What the columns of a sheet offer, by their ids; what hangs on a row is asked as for an empty one."""
        scope = Scope.root(context, data).row({}, 0)
        choices = Choices(scope.names, Evaluator(environment))
        return {one.id: choices.of(one, scope) for one in columns(sheet) if one.type in CHOICES}

    def unticked(self, data: Mapping[str, Any]) -> tuple[Text, ...]:
        """The boxes left unticked in accepted data that are to be explained in the opinion, by their labels."""
        return tuple(unticked(self.fields, data))

    def unfilled(self, data: Mapping[str, Any], outcome: str) -> dict[str, Said]:
        """What accepted data lacks of what an outcome asks for, by field."""
        return {spell(path): text for path, text in unfilled(self.fields, data, outcome)}

    def empty(self) -> dict[str, Any]:
        """The values of the untouched form: defaults, first rows, nothing derived."""
        return start_values(self.fields, {})

    def initial(
        self, initial: Mapping[str, Any], context: Mapping[str, Any], environment: Environment
    ) -> dict[str, Any]:
        """The values to show first: what stands, defaults elsewhere, derived and computed values on top."""
        standing = self._standing(initial, context, environment)
        settled = Settled(start_values(self.fields, standing), Verdict(frozenset()))
        Settler(self.fields, self.derive, context, environment, standing).compute(settled)
        return settled.data

    def _standing(
        self, initial: Mapping[str, Any], context: Mapping[str, Any], environment: Environment
    ) -> Mapping[str, Any]:
        evaluator, scope = Evaluator(environment), Scope.root(context, initial)
        return {**initial, **{name: evaluator.value(expression, scope) for name, expression in self.prepared}}

    def view(
        self,
        data: Mapping[str, Any],
        language: str = "zh",
        *,
        context: Mapping[str, Any] | None = None,
        environment: Environment | None = None,
        attachments: Mapping[str, str] | None = None,
    ) -> tuple[FieldView, ...]:
        """Accepted data as labelled values, headings, texts and tables. ``context`` gives options their labels."""
        evaluator = Evaluator(environment or Environment(datetime.fromtimestamp(0, UTC)))
        return Display(language, context or {}, evaluator, attachments or {}).rows(self.fields, data)


def _each(fields: Iterable[Field]) -> Iterator[Field]:
    for item in fields:
        yield item
        yield from _each(item.children)


def _settled_away(path: Path, verdict: Verdict) -> bool:
    """Whether the value at a path does not come from the client after all."""
    return path in verdict.readonly or verdict.hides(path)
