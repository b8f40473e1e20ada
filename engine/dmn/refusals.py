"""What a decision refuses while it runs. Knows no XML."""

from __future__ import annotations

from engine.errors import Refusal
from engine.words import say


class RulesOverlap(Refusal):
    """Rules that apply together where only one may, or whose results differ."""

    sentence = say("决策表“{decision}”的规则 {rules} 同时适用，结果相互冲突。")


class ValueNotAllowed(Refusal):
    """An input or output outside of the values that the decision declares."""

    sentence = say("决策“{decision}”的“{field}”不能是 {value}。")
