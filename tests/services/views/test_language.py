"""A text in both languages, completed with its values."""

import pytest

from services.views.language import Language, Text

TEXT = Text("由{bureau}办理", "{bureau} handles it, by rule {rule}")


@pytest.mark.parametrize(
    ("language", "text"), [(Language.ZH, "由杭州局办理"), (Language.EN, "杭州局 handles it, by rule R2")]
)
def test_a_text_is_completed_in_its_language(language: Language, text: str) -> None:
    assert TEXT.in_language(language, bureau="杭州局", rule="R2") == text


def test_a_value_is_taken_as_it_is_and_a_missing_one_is_an_error() -> None:
    assert TEXT.in_language(Language.ZH, bureau="{rule}") == "由{rule}办理"
    with pytest.raises(KeyError):
        TEXT.in_language(Language.EN, bureau="杭州局")
