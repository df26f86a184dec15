"""The name of a file is words for people: no path, no control character, and never an extension that lies."""

import re
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evidence import kinds, names


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (None, None),
        ("", None),
        ("photo.jpg", "photo.jpg"),
        ("%E7%A0%B4%E6%8D%9F%E7%85%A7%E7%89%87.jpg", "破损照片.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\wang\\photo.jpg", "photo.jpg"),
        ("a%00b%0d%0aX-Evil: 1.jpg", "abX-Evil 1.jpg"),
        ("..", None),
        ('a"b<c>.jpg', "abc.jpg"),
        ("%FF%FE.jpg", "\ufffd\ufffd.jpg"),
        ("x" * 300 + ".jpg", "x" * 116 + ".jpg"),
    ],
)
def test_a_name_is_cleaned(name: str | None, kept: str | None) -> None:
    assert names.clean(name) == kept


@given(st.text(max_size=80), st.sampled_from(sorted(kinds.KINDS)))
def test_a_download_has_the_extension_of_what_it_is_and_breaks_no_header(name: str, media_type: str) -> None:
    header = names.disposition(names.clean(quote(name)), media_type)
    assert header.isascii()
    assert header.isprintable()
    assert header.startswith("attachment; ")
    [encoded] = re.findall(r"filename\*=UTF-8''([^;\s]+)$", header)
    shown = unquote(encoded)
    extension = kinds.KINDS[media_type].extension
    assert shown.lower().endswith((f".{extension}", ".jpeg" if extension == "jpg" else f".{extension}"))
    assert "/" not in shown


def test_a_name_with_the_right_extension_keeps_it() -> None:
    assert "''a.JPG" in names.disposition("a.JPG", "image/jpeg")
    assert "''a.jpeg" in names.disposition("a.jpeg", "image/jpeg")
    assert "''a.exe.jpg" in names.disposition("a.exe", "image/jpeg")
    assert "''evidence.pdf" in names.disposition(None, "application/pdf")
