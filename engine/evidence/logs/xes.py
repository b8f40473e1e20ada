"""An event log as XES (IEEE 1849-2016), written while it is read. Knows no database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from typing import Final

from engine.evidence.logs.traces import Trace, TraceEvent, Traces

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>\
<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>\
<string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" keys="concept:name"/>
<classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>
<string key="lifecycle:model" value="standard"/>
"""
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xes(traces: Traces) -> Iterator[str]:
    """The whole log, a case at a time."""
    yield _HEAD
    for trace in traces.every():
        yield "".join(_trace(trace))
    yield "</log>\n"


def _trace(trace: Trace) -> Iterator[str]:
    head = trace.head
    yield "<trace>" + _text("concept:name", head.number) + _text("process", head.key)
    yield _text("process_name", head.process[0]) + _text("process_name_en", head.process[1])
    yield _text("status", head.status)
    yield _number("unreadable_events", trace.unreadable) if trace.unreadable else ""
    for event in trace.events:
        yield "\n<event>" + "".join(_event(event)) + "</event>"
    yield "</trace>\n"


def _event(event: TraceEvent) -> Iterator[str]:
    yield _text("concept:name", event.name[0]) + _text("name_en", event.name[1])
    yield f'<date key="time:timestamp" value="{_moment(event.at)}"/>'
    yield _text("lifecycle:transition", event.transition)
    yield _text("kind", event.kind) + _number("sequence", event.sequence)
    yield _text("org:resource", event.resource) if event.resource else ""
    if event.role is not None:
        yield _text("org:role", event.role[0]) + _text("role_en", event.role[1])
    if event.outcome is not None:
        yield _text("outcome", event.outcome[0]) + _text("outcome_en", event.outcome[1])
    if event.minutes is not None:
        yield _number("working_minutes", event.minutes)


def _text(key: str, value: str) -> str:
    return f'<string key="{key}" value="{escape(_NOT_XML.sub("", value))}"/>'


def _number(key: str, value: int) -> str:
    return f'<int key="{key}" value="{value}"/>'


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
