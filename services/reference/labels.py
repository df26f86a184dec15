"""Codes beside their names, for people who read the answer. A code that is no longer loaded stands for itself."""

from typing import Any

from services.reference.data import ReferenceData

Named = dict[str, str]


def coded(kind: str, code: str, reference: ReferenceData) -> str:
    """Return the Chinese name of a code of some kind (status, level, channel …)."""
    entry = reference.codes.get(kind, {}).get(code)
    return entry.name_zh if entry else code


def carrier(code: str, reference: ReferenceData) -> Named:
    """Return code and name of an enterprise."""
    known = reference.carriers.get(code)
    return {"code": code, "name": known.name_zh if known else code}


def issue(code: str, detail: str | None, reference: ReferenceData) -> Named:
    """Return what a case is about: its issue, with the reason under it where one was given."""
    names: list[Any] = [reference.issues.get(each) for each in (code, detail) if each]
    told = "·".join(known.name_zh for known in names if known is not None)
    return {"code": code, "name": told or code} | ({"detail": detail} if detail else {})
