"""Faults of forms: the kinds of errors of pydantic, each with our code and advice.

The library's own codes and texts are not shown: they change with its version, and some quote the input.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from shared import text_forms

_LIST, _OBJECT, _TEXT = "send a list", "send a JSON object", "send a text; in JSON in quotes"
_NUMBER = "send a whole number; in JSON without quotes"
_BOOLEAN = "send true or false; in JSON without quotes"
_MOMENT = "give the time with its offset, such as 2026-11-23T09:00:00+08:00"
_DAY = "give a day that the calendar has, such as 2026-11-23"
_UUID = "send a UUID, as in 01936f3e-7c1a-7000-8000-000000000001"
_BOUNDS = ("ge", "gt", "le", "lt", "min_length", "max_length")
OTHER = ("invalid-value", "this value cannot be used here; the description of the operation says which can")
_KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missing": ("missing", "this field is required"),
        "extra_forbidden": ("unknown-field", "this field is not known here; remove it or correct its name"),
        "enum": ("unknown-value", "send one of {expected}"),
        "literal_error": ("unknown-value", "send one of {expected}"),
        "greater_than_equal": ("too-small", "send {ge} or more"),
        "greater_than": ("too-small", "send more than {gt}"),
        "less_than_equal": ("too-large", "send {le} or less"),
        "less_than": ("too-large", "send less than {lt}"),
        "string_too_short": ("too-short", "send a text of {min_length} or more characters"),
        "string_too_long": ("too-long", "shorten the text to {max_length} characters or less"),
        "too_short": ("too-few", "send a list of {min_length} or more"),
        "too_long": ("too-many", "send a list of {max_length} or less"),
        **dict.fromkeys(
            ("int_type", "int_parsing", "int_parsing_size", "int_from_float"), ("wrong-type", _NUMBER)
        ),
        **dict.fromkeys(("bool_type", "bool_parsing"), ("wrong-type", _BOOLEAN)),
        **dict.fromkeys(("string_type", "string_unicode"), ("wrong-type", _TEXT)),
        **dict.fromkeys(("list_type", "tuple_type", "set_type"), ("wrong-type", _LIST)),
        **dict.fromkeys(("model_type", "dict_type", "model_attributes_type"), ("wrong-type", _OBJECT)),
        **dict.fromkeys(("uuid_type", "uuid_parsing", "uuid_version"), ("wrong-form", _UUID)),
        **dict.fromkeys(("timezone_aware", "timezone_offset"), ("offset-missing", _MOMENT)),
        **dict.fromkeys(
            ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"),
            ("no-such-moment", _MOMENT),
        ),
        **dict.fromkeys(
            ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
            ("no-such-day", _DAY),
        ),
    }
)
_PATTERN = "string_pattern_mismatch"
WRONG_FORM = "wrong-form"
CODES = frozenset({WRONG_FORM, OTHER[0], *(code for code, _ in _KINDS.values())})
"""The codes of faults, besides those that a form itself defines."""


def code_and_message(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return our code and advice for one error of the library, with the bound or the form of the field."""
    kind, context = str(row["type"]), row.get("ctx") or {}
    if kind == _PATTERN:
        return WRONG_FORM, text_forms.ADVICE.get(str(context.get("pattern")), OTHER[1])
    if kind not in _KINDS:
        # errors of our own forms have a code in our style, and our text
        return (kind, str(row["msg"])) if "-" in kind else OTHER
    code, advice = _KINDS[kind]
    # bounds and allowed values of a field; never the input
    values = {name: context.get(name, "as described") for name in (*_BOUNDS, "expected")}
    return code, advice.format(**values)
