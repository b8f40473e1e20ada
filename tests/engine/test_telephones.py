"""Telephone numbers as people write them are stored in one shape; what is none is refused by name."""

import pytest

from engine.errors import InvalidForm
from engine.telephones import telephone
from engine.words import worded
from tests.engine.forms.helpers import accept, form, part

SHAPES = {
    "13800138000": "138-0013-8000|＋８６ 138 0013 8000|0086-13800138000|8613800138000|86-13800138000|１３８００１３８０００",
    "0311-80000000": "0311 80000000|（0311）8000 0000|０３１１－８０００００００|+86-311-80000000|+86 (0)311 80000000|0311—80000000",
    "010-12345678": "01012345678|(010)12345678|+861012345678|010\u00a01234\u30005678",
    "0311-80000000转8001": "0311-80000000-8001|031180000000ext. 8001|0311-80000000 转８００１|0311-80000000（分机8001）|0311-80000000#8001",
    "400-812-3456": "4008123456|４００－８１２３－４５６|+86 400 812 3456",
    "12351": "１２３５１|123 51",
    "80000000": "8000-0000|8000 0000",
    "+49301234567": "0049301234567|+49 30 1234567|＋49（30）1234567",
    "0311-80000000、13800138000": "0311 80000000，138 0013 8000|0311-80000000/13800138000|0311-80000000；13800138000",
}


@pytest.mark.parametrize(
    ("written", "shape"), [(one, shape) for shape, said in SHAPES.items() for one in said.split("|")]
)
def test_however_a_number_is_written_it_is_stored_in_one_shape(written, shape):
    assert telephone(written) == shape
    assert telephone(shape) == shape


@pytest.mark.parametrize(
    "written", ["", "电话", "12", "1234567890123456", "0311-8000000a", "转8001", "张三 13800138000", "+"]
)
def test_what_is_no_number_is_none(written):
    assert telephone(written) == ""


def test_a_field_that_wants_a_number_refuses_all_else_and_says_how_one_looks():
    with pytest.raises(InvalidForm) as refused:
        accept(form(part("textfield", "phone", "联系电话", properties={"shape": "telephone"})), {"phone": "打办公室"})
    assert "0311-80000000转8001" in worded(refused.value.errors["phone"], "zh")
