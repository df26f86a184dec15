"""The level that an order brings: the case, its copies and its explanation say the same."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from services.reference.data import ReferenceData
from services.views import decision_explained
from services.views.decision_explained import Sight
from shared.database import Database

PROVINCE = {"code": "P330000", "name": "浙江省邮政管理局"}


@pytest.mark.parametrize(
    ("changes", "level", "triggers", "copies"),
    [
        ({"urgency": "EXTRA_URGENT"}, "L2", ["INITIAL_LEVEL"], [PROVINCE]),
        ({"urgency": "URGENT"}, "L1", ["INITIAL_LEVEL"], []),
        ({"urgency": "EXTRA_URGENT", "flags": ["ELDERLY"]}, "L2", ["INITIAL_LEVEL", "ELDERLY"], [PROVINCE]),
        ({"supervised": True}, "L2", ["SUPERVISED"], [PROVINCE]),
        ({}, "L0", [], []),
    ],
)
def test_level_copies_and_explanation_of_an_order_agree(
    changes: dict[str, Any],
    level: str,
    triggers: list[str],
    copies: list[dict[str, str]],
    take: Callable[..., dict[str, Any]],
    work: Callable[[], None],
    case_of: Callable[[str], Any],
    db: Database,
    run: Callable[[Coroutine[Any, Any, Any]], Any],
    reference: ReferenceData,
) -> None:
    number = take(**changes)["number"]
    work()
    case = case_of(number)
    sight = Sight.of_bureau(reference.jurisdictions.bureaus[case.handling_bureau])
    explained = run(decision_explained.explain(db, number, sight=sight, reference=reference))["level"]
    assert (case.level, case.copied_to) == (level, [copy["code"] for copy in copies])
    assert (explained["level"], explained["triggers"], explained["copied_to"]) == (level, triggers, copies)
