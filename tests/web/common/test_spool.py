"""What does not fit into memory lies on the disk as noise, and reads back as it came."""

from __future__ import annotations

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from web.common.spool import IN_MEMORY, Spool, stream
from web.console.connections import _Buffer

ACTS = st.one_of(
    st.tuples(st.just("write"), st.binary(max_size=70)),
    st.tuples(st.just("read"), st.integers(-1, 70)),
    st.tuples(st.just("seek"), st.integers(0, 90)),
    st.tuples(st.just("end"), st.integers(-20, 20)),
)
MARK = b"a price of 7316429"


@given(st.lists(ACTS, max_size=12))
@settings(max_examples=60, deadline=None)
def test_it_is_a_file_like_any_other(acts):
    spool, plain = Spool(), io.BytesIO()
    for act, value in acts:
        if act == "write":
            if plain.tell() > len(plain.getvalue()):  # a gap reads as noise here: nobody leaves one
                plain.seek(0, 2), spool.seek(0, 2)
            assert spool.write(value) == plain.write(value)
        elif act == "read":
            assert spool.read(value) == plain.read(value)
        elif act == "seek":
            assert spool.seek(value) == plain.seek(value)
        elif value >= -len(plain.getvalue()):
            assert spool.seek(value, 2) == plain.seek(value, 2)
        assert spool.tell() == plain.tell()
    spool.seek(0)
    assert spool.read() == plain.getvalue()
    spool.close()


def on_disk(spool):
    spool._file.seek(0)
    return spool._file.read()


def test_nothing_of_it_is_found_on_the_disk():
    spool = stream(IN_MEMORY + 1)
    spool.write(MARK * 1000)
    assert len(on_disk(spool)) == len(MARK) * 1000
    assert MARK not in on_disk(spool)
    assert isinstance(stream(IN_MEMORY), io.BytesIO)
    assert isinstance(stream(None), Spool)
    plain = io.BytesIO(MARK)  # the search above would find it
    assert MARK in plain.getvalue()


def test_a_body_on_its_way_in_goes_from_memory_into_such_a_file():
    buffer = _Buffer(IN_MEMORY)
    for _ in range(40):
        buffer.append(MARK * 200)
    file = buffer.getfile()
    assert isinstance(file, Spool)
    assert MARK not in on_disk(file)
    file.seek(0)
    assert file.read() == MARK * 8000
    buffer.close()
