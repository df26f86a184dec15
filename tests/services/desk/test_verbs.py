"""The page for desks names each verb once, and says exactly which verbs claim an unclaimed case."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.casework.session import AllowedBureau
from services.desk.verbs import VERBS
from services.rules.states.complaints import CONSUMER_COMPLAINTS
from shared.vocabulary import ENDED

PAGE = (Path(__file__).parents[3] / "docs" / "integrators" / "desks.md").read_text("utf-8")
BY_PURPOSE, BY_CLAIM = "| purpose | verbs |", "| an unclaimed case | verbs |"
Table = dict[str, list[str]]


def _table(head: str) -> Table:
    rows = PAGE[PAGE.index(head) :].split("\n\n", 1)[0].splitlines()[2:]
    cells = [row.strip("| ").split(" | ") for row in rows]
    return {name: re.findall(r"`([a-z-]+)`", verbs) for name, verbs in cells}


def _leaves_the_desk(verb: str) -> bool:
    """Tell whether a verb ends the case, or sends it to another bureau, so that nobody works it afterwards."""
    targets = {move.target for move in CONSUMER_COMPLAINTS.moves if move.verb == verb}
    return verb == "reassign" or (bool(targets) and targets <= ENDED)


def test_each_verb_is_listed_once_by_its_purpose() -> None:
    assert sorted(verb for verbs in _table(BY_PURPOSE).values() for verb in verbs) == sorted(VERBS)


def test_the_page_says_which_verbs_claim() -> None:
    claimed, leaves, stays = _table(BY_CLAIM).values()
    working = {verb for verb, spec in VERBS.items() if spec.claims and spec.who is not AllowedBureau.SUPERIOR}
    assert set(claimed) == {verb for verb in working if not _leaves_the_desk(verb)}
    assert set(leaves) == {verb for verb in working if _leaves_the_desk(verb)}
    assert set(stays) == VERBS.keys() - working - {"claim"}
    assert len(claimed) + len(leaves) + len(stays) == len(VERBS) - 1


FORMS: dict[str, dict[str, Any]] = {
    "note": {"note": "已联系"},
    "level": {"level": "L2", "reason": "x"},
    "accept": {},
    "request-supplement": {"items": ["REQUEST"], "message": "请补充。"},
    "visit": {"reached": False},
    "withdraw": {"reason": "用户撤回"},
    "reassign": {"bureau": "P330000", "reason": "跨市"},
}


@pytest.mark.parametrize("verb", FORMS)
def test_a_verb_claims_as_the_page_says(
    verb: str, received: Callable[..., str], act: Any, case_of: Callable[[str], Any]
) -> None:
    number = received()
    act(number, verb, **FORMS[verb])
    claimed = next(iter(_table(BY_CLAIM).values()))
    assert case_of(number).claimed_by == ("C330100/li.na" if verb in claimed else None)
