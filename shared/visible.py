"""What of a text can be seen: marks, fillers and blanks are not words, and say nothing."""

import re
import unicodedata

_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
"""Letters and symbols by their category, which are drawn as nothing."""
_WRITTEN = frozenset("LNPS")
"""First letters of the categories that are drawn: letters, numbers, punctuation, symbols."""
_MARKS = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
"""Marks that only direct how the characters around them are drawn; they come with texts that are copied."""


def has_words(text: str) -> bool:
    """Tell whether a text has a character that can be seen."""
    return any(
        unicodedata.category(character)[0] in _WRITTEN and character not in _FILLERS for character in text
    )


def without_marks(text: str) -> str:
    """Return a text without the marks that nobody sees."""
    return text if text.isascii() else _MARKS.sub("", text)
