"""Codes with their names, for people who read the answer. A code that is no longer loaded is its own name."""

from typing import NotRequired

from typing_extensions import TypedDict

from services.reference.data import ReferenceData


class CodeName(TypedDict):
    """A code with its name."""

    code: str
    name: str


class IssueName(CodeName):
    """An issue with its name; `detail` is the code of the second level."""

    detail: NotRequired[str]


def coded(kind: str, code: str, reference: ReferenceData) -> str:
    """Return the Chinese name of a code of a kind (status, level, channel …)."""
    entry = reference.codes.get(kind, {}).get(code)
    return entry.name_zh if entry else code


def carrier(code: str, reference: ReferenceData) -> CodeName:
    """Return code and name of an enterprise."""
    entry = reference.carriers.get(code)
    return {"code": code, "name": entry.name_zh if entry else code}


def issue(code: str, detail: str | None, reference: ReferenceData) -> IssueName:
    """Return the issue of a case, with its detail if there is one."""
    entries = [reference.issues.get(each) for each in (code, detail) if each]
    name = "·".join(entry.name_zh for entry in entries if entry is not None) or code
    return {"code": code, "name": name, "detail": detail} if detail else {"code": code, "name": name}
