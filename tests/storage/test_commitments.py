"""Each field of an event is committed to by itself: what is hidden tells nothing, and the rest is still proved."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.commitments import commitment, fields, fresh_salts, hidden, hide, opens

CONTENT = {
    "actor_name": "长安区经办员",
    "data": {
        "submission": {"name": "某人", "telephone": "0311-0000", "posts": [{"grade": "初级"}, {"grade": "中级"}]},
        "passed": ["a", "b"],
        "answers": [["register.apply", {"effects": {"changes": [{"data": {"a/b": 1, "c~d": None}}]}}], ["day", "x"]],
        "empty": {},
    },
}
SALTS = "00112233445566778899aabbccddeeff"

_scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8)
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)
contents = st.dictionaries(st.text(max_size=5), _values, min_size=1, max_size=5)


def test_a_field_is_a_member_of_an_object_by_its_json_pointer() -> None:
    assert [path for path, _ in fields(CONTENT)] == [
        "/actor_name",
        "/data/answers/0/0",
        "/data/answers/0/1/effects/changes/0/data/a~1b",
        "/data/answers/0/1/effects/changes/0/data/c~0d",
        "/data/answers/1",
        "/data/empty",
        "/data/passed",
        "/data/submission/name",
        "/data/submission/posts/0/grade",
        "/data/submission/posts/1/grade",
        "/data/submission/telephone",
    ]


def test_the_commitment_follows_from_its_description_with_the_standard_library_alone() -> None:
    paths = [path for path, _ in fields(CONTENT)]
    salts = hashlib.shake_256(bytes.fromhex(SALTS)).digest(16 * len(paths))
    digests = b""
    for index, (_, value) in enumerate(fields(CONTENT)):
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digests += hashlib.sha256(salts[16 * index : 16 * index + 16] + text.encode()).digest()
    head = json.dumps(paths, ensure_ascii=False, separators=(",", ":")).encode()
    assert commitment(CONTENT, SALTS) == hashlib.sha256(head + digests).hexdigest()


def test_a_hidden_field_leaves_no_trace_and_the_rest_is_still_proved() -> None:
    before = commitment(CONTENT, SALTS)
    left, opening = hide(
        CONTENT, SALTS, ["/data/submission/telephone", "/data/answers/0/1/effects/changes/0/data/a~1b"]
    )
    assert "0311" not in json.dumps(left) + opening and left["data"]["submission"]["telephone"] is None
    assert SALTS not in opening
    assert commitment(left, opening) == before
    again, opening = hide(left, opening, ["/actor_name"])
    assert commitment(again, opening) == before
    assert hidden(opening) == {
        "/actor_name", "/data/answers/0/1/effects/changes/0/data/a~1b", "/data/submission/telephone"
    }  # fmt: skip
    again["data"]["submission"]["name"] = "别人"
    assert not opens(again, opening, before)


def test_equal_values_of_two_events_are_not_seen_to_be_equal() -> None:
    _, one = hide(CONTENT, fresh_salts(), ["/actor_name"])
    _, other = hide(CONTENT, fresh_salts(), ["/actor_name"])
    assert json.loads(one)["hidden"]["/actor_name"] != json.loads(other)["hidden"]["/actor_name"]


def test_a_field_that_is_not_there_cannot_be_hidden() -> None:
    with pytest.raises(KeyError):
        hide(CONTENT, SALTS, ["/data/other"])


def altered(content: Any, path: str) -> Any:
    """The content with one field that says something else."""
    changed = copy.deepcopy(content)
    *way, last = (part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])
    place = changed
    for part in way:
        place = place[int(part) if isinstance(place, list) else part]
    key = int(last) if isinstance(place, list) else last
    place[key] = [place[key], "and something else"]
    return changed


@settings(max_examples=200)
@given(content=contents, data=st.data())
def test_whatever_is_hidden_the_rest_is_proved_and_any_change_is_found(content: Any, data: st.DataObject) -> None:
    assert_proved(content, data, hide)


def assert_proved(content: Any, data: st.DataObject, hiding: Any) -> None:
    salts, paths = fresh_salts(), [path for path, _ in fields(content)]
    stored = orjson.loads(orjson.dumps(content))
    before = commitment(content, salts)
    assert commitment(stored, salts) == before
    gone = data.draw(st.sets(st.sampled_from(paths)))
    left, opening = hiding(stored, salts, gone)
    assert opens(left, opening, before)
    kept = sorted(set(paths) - gone)
    if kept:
        assert not opens(altered(left, data.draw(st.sampled_from(kept))), opening, before)


def test_the_property_finds_a_hiding_that_forgets_to_commit() -> None:
    def careless(content: Any, salts: str, paths: Any) -> Any:
        left, _ = hide(content, salts, paths)
        return left, salts

    @settings(max_examples=50, database=None)
    @given(content=contents, data=st.data())
    def planted(content: Any, data: st.DataObject) -> None:
        assert_proved(content, data, careless)

    with pytest.raises(AssertionError):
        planted()
