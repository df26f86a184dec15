"""The level that an order brings: the case, its copies and its explanation say the same."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from services.cases.changes import KeyedContext
from services.decisions import replay
from services.reference.data import ReferenceData
from services.views import decision_explained
from services.views.decision_explained import Audience
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
    context: KeyedContext,
) -> None:
    number = take(**changes)["number"]
    work()
    case = case_of(number)
    audience = Audience.of_bureau(reference.jurisdictions.bureaus[case.handling_bureau], context.ring)
    explanation = run(decision_explained.explain(db, number, audience=audience, reference=reference))
    explained = explanation.level
    assert (case.level, case.copied_to) == (level, [copy["code"] for copy in copies])
    assert (explained.level, [trigger.code for trigger in explained.triggers]) == (level, triggers)
    assert [copy.model_dump() for copy in explained.copied_to] == copies
    assert all(result.identical for result in run(replay.replay(db, number)))
