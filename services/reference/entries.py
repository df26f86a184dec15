"""Entries of reference data as look-ups return them: enterprises, issues, coded values, divisions in force."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Carrier:
    """An enterprise. `business` is POSTAL, EXPRESS or BOTH; outside `in_scope` are logistics companies."""

    code: str
    kuaidi100_code: str | None
    name_zh: str
    name_en: str
    brand: str
    operator: str
    business: str
    in_scope: bool


@dataclass(frozen=True, slots=True)
class Issue:
    """What a complaint is about: level 1 where `parent` is None, else a reason under it (rulebook 5)."""

    code: str
    parent: str | None
    name_zh: str
    name_en: str
    postal: bool
    express: bool


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A coded value with its names, and the version of the list that it comes from."""

    code: str
    name_zh: str
    name_en: str
    version: str


@dataclass(frozen=True, slots=True)
class RegionResolution:
    """The division in force that a code means now.

    `mapped_from` is the abolished code that was given, if it was one. Where its land went to several
    divisions, `code` is their common city, else province, and `successors` names them.
    """

    code: str
    mapped_from: str | None
    successors: tuple[str, ...]
