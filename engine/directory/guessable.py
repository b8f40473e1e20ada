"""Whether a password is easily guessed: common ones, walks on the keyboard, and words that stand near its owner.

The estimate is zxcvbn's, with its thirty thousand common passwords; what people choose here (Chinese favourites, the
account's own name, its organisation, a year behind) is ours. Knows no account.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

COMMON_WORDS: Final = Path(__file__).with_name("common_words.txt")
LEAST_SCORE: Final = 2
"""Of zxcvbn: more than a million guesses. Guessing at the door is slow (``delays``)."""
LONGEST_JUDGED: Final = 72  # what stands behind cannot make it weaker
LEAST_OF_ITS_OWN: Final = 4
"""Characters beside known words, years, and what is neither letter nor digit."""
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?:[01]\d[0-3]\d)?")
_OUTSIDE: Final = re.compile(r"[\W_]+")
_LEET: Final = str.maketrans("@$", "as")


def is_guessable(password: str, about: Iterable[str] = ()) -> bool:
    """Whether it takes few guesses. ``about``: words that stand near its owner: his login, name, organisation."""
    from zxcvbn import zxcvbn  # reads its lists when it is imported

    near = [word.casefold() for word in about if len(word) > 1]
    plain = password[:LONGEST_JUDGED].casefold()
    return _is_made_of(plain, near) or int(zxcvbn(plain, user_inputs=[*near, *common_words()])["score"]) < LEAST_SCORE


@cache
def common_words() -> tuple[str, ...]:
    """What people here take for a password or begin one with, the longest first."""
    return tuple(sorted(COMMON_WORDS.read_text(encoding="utf-8").split(), key=len, reverse=True))


def _is_made_of(plain: str, near: list[str]) -> bool:
    """Whether hardly anything is left beside such words, with the digits and signs that people hang on them."""
    left, found = plain.translate(_LEET), False
    for word in (*sorted(near, key=len, reverse=True), *common_words()):
        if word in left:
            left, found = left.replace(word, " "), True
    return found and len(_OUTSIDE.sub("", _YEAR.sub(" ", left))) < LEAST_OF_ITS_OWN
