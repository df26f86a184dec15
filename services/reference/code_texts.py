"""The codes of answers with their texts in Chinese and English: problems, faults, notices, events, `what_next`.

The texts are in one file; a test compares it with the classes and enumerations of the codes.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from typing_extensions import TypedDict

FILE = Path(__file__).with_name("code_texts.csv")
CodeKind = Literal["problem", "fault", "notice", "event", "what_next"]
HEADINGS: dict[CodeKind, str] = {
    "problem": "Problems",
    "fault": "Faults of a request (`errors[].code`)",
    "notice": "Notices",
    "event": "Events of a case",
    "what_next": "What is next (`what_next`)",
}
_INTRODUCTION = """# Codes

The codes of answers, with their texts. `GET /v1/reference/codes` returns the same lists. Programs use the code; texts may
change. `python -m ops codes --markdown` prints this page.
"""


class CodeText(TypedDict):
    """A code with its text in both languages."""

    code: str
    en: str
    zh: str


class CodeLists(TypedDict):
    """The codes of problems, of their faults, of notices, events and `what_next`."""

    problems: list[CodeText]
    faults: list[CodeText]
    notices: list[CodeText]
    events: list[CodeText]
    what_next: list[CodeText]


@cache
def of_kind(kind: CodeKind) -> tuple[CodeText, ...]:
    """Return the codes of a kind, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            {"code": row["code"], "en": row["en"], "zh": row["zh"]}
            for row in csv.DictReader(file)
            if row["kind"] == kind
        )


def lists() -> CodeLists:
    """Return all lists."""
    return {
        "problems": list(of_kind("problem")),
        "faults": list(of_kind("fault")),
        "notices": list(of_kind("notice")),
        "events": list(of_kind("event")),
        "what_next": list(of_kind("what_next")),
    }


def page() -> str:
    """Return the documentation page of all codes, in Markdown."""
    return "\n".join([_INTRODUCTION, *(_section(kind) for kind in get_args(CodeKind))])


def _section(kind: CodeKind) -> str:
    lines = [f"| `{text['code']}` | {text['en']} | {text['zh']} |" for text in of_kind(kind)]
    return "\n".join([f"## {HEADINGS[kind]}", "| code | English | 中文 |", "|---|---|---|", *lines, ""])
