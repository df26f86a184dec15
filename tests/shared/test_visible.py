"""What is drawn as nothing says nothing: blanks, controls, marks of direction, fillers."""

import pytest

from shared import visible


@pytest.mark.parametrize("text", ["a", "未", "\u200b未\u200b", "1", "。", "😀", "é", " x "])
def test_what_can_be_seen_is_words(text: str) -> None:
    assert visible.has_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\t\r\n",
        "\u3000\u00a0",
        "\u200b\u200e",
        "\u2060\ufeff",
        "\u3164",
        "\u2800",
        "\u00ad",
        "\u0301",
        "\U000e0041",
        "\ue000",
    ],
)
def test_what_cannot_be_seen_is_none(text: str) -> None:
    assert not visible.has_words(text)


def test_marks_are_dropped_and_all_else_stays() -> None:
    assert visible.without_marks("\u202d138\u200b申诉\ufeff é\u202c") == "138申诉 é"
