"""Languages of texts that people read: Chinese and English."""

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """A language of the texts in an answer."""

    ZH = "zh"
    EN = "en"


class Text(NamedTuple):
    """A text in both languages; `{name}` is replaced by the value of this name."""

    zh: str
    en: str

    def in_language(self, language: Language, **values: str | int) -> str:
        """Return the text in one language with its values."""
        template = self.zh if language is Language.ZH else self.en
        return template.format(**values)
