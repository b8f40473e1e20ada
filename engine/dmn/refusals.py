"""What a decision refuses while it runs. Knows no XML."""

from __future__ import annotations

from engine.errors import Refusal


class RulesOverlap(Refusal):
    """决策表“{decision}”的规则 {rules} 同时适用，结果相互冲突。 | Rules {rules} of “{decision}” clash."""


class ValueNotAllowed(Refusal):
    """决策“{decision}”的“{field}”不能是 {value}。 | Decision “{decision}”: “{field}” may not be {value}."""
