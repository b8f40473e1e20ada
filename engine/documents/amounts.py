"""Amounts of money as papers write them: in words (大写) and by thousands. Knows no paper.

In words: 支付结算办法, annex 1 (正确填写票据和结算凭证的基本规定).
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from engine.errors import BadInput
from engine.words import say

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("仟", "佰", "拾", "")
_GROUPS: Final = ("", "万", "亿", "万亿")
LARGEST: Final = Decimal(10) ** 16
"""Yuan from which on an amount has no words here."""


def in_words(value: Any) -> str:
    """An amount in yuan as 大写, to the fen. Raises BadInput for what is no amount, or has parts of a fen."""
    amount = _amount(value)
    sign, fen = ("负" if amount < 0 else ""), int(abs(amount) * 100)
    yuan, (tenths, hundredths) = fen // 100, divmod(fen % 100, 10)
    words = f"{_whole(yuan)}元" if yuan or not fen else ""
    if tenths or (hundredths and yuan):
        words += _DIGITS[tenths] + ("角" if tenths else "")
    words += f"{_DIGITS[hundredths]}分" if hundredths else "整"
    return sign + words


def by_thousands(value: Any) -> str:
    """An amount in yuan as 1,234.50. Raises BadInput as ``in_words`` does."""
    return f"{_amount(value):,.2f}"


def _amount(value: Any) -> Decimal:
    try:
        amount = Decimal(str(value))
        whole = amount * 100 == (amount * 100).to_integral_value()
    except InvalidOperation:
        raise _no_amount(value) from None
    if isinstance(value, bool) or not whole or abs(amount) >= LARGEST:
        raise _no_amount(value)
    return amount


def _no_amount(value: Any) -> BadInput:
    return BadInput(field=say("文书模板"), reason=say("“{value}”不是精确到分的金额", value=str(value)))


def _whole(yuan: int) -> str:
    """Whole yuan; one 零 for whatever zeros stand between digits."""
    if yuan == 0:
        return _DIGITS[0]
    groups = [yuan // 10_000**power % 10_000 for power in range(len(_GROUPS))]
    words, gap = "", False
    for power in reversed(range(len(_GROUPS))):
        group = groups[power]
        if group == 0:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += _DIGITS[0]
        name = _GROUPS[power]
        words += _group(group) + (name if power < 3 or groups[2] == 0 else "万")
        gap = False
    return words


def _group(number: int) -> str:
    """Up to 9999."""
    words, gap = "", False
    for digit, place in zip(f"{number:04}", _PLACES, strict=True):
        if digit == "0":
            gap = bool(words)
            continue
        words += (_DIGITS[0] if gap else "") + _DIGITS[int(digit)] + place
        gap = False
    return words
