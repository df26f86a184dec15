"""JSON: compact, readable again, and in canonical form the same for the same value."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared import serialisation

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8"), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(VALUES)
def test_a_value_comes_back_from_text_and_from_bytes(value: object) -> None:
    assert serialisation.from_text(serialisation.to_text(value)) == value
    assert serialisation.from_text(serialisation.to_bytes(value)) == value


@given(st.dictionaries(st.text("abcdef", max_size=3), VALUES, max_size=5))
def test_the_order_of_keys_does_not_change_the_canonical_form(value: dict[str, object]) -> None:
    turned = dict(reversed(value.items()))
    assert serialisation.canonical({"x": turned}) == serialisation.canonical({"x": value})


def test_text_is_compact_and_keeps_chinese_and_the_offset() -> None:
    value = {"b": "申诉", "a": [1, None], "at": datetime(2026, 3, 1, tzinfo=UTC)}
    assert serialisation.to_text(value) == '{"b":"申诉","a":[1,null],"at":"2026-03-01T00:00:00+00:00"}'
    assert serialisation.canonical(value).startswith(b'{"a":[1,null],"at":')
