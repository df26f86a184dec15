"""Why a case went where it went: the stored decision with its texts; a client reads nothing of others' cases."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from services.intake.preparation import IntakeContext, Prepared
from services.reference.data import ReferenceData
from services.views import decision_explained
from services.views.decision_explained import Audience
from services.views.explanation import Explanation
from services.views.language import Language
from shared.database import Database
from shared.errors import NotFoundError

Explain = Callable[..., Explanation]
Store = Callable[[Sequence[Prepared]], list[str]]
Prepare = Callable[..., Prepared]
ITEM = {"item": {"waybill": "75123456789012"}}
OUTCOME = {"closed_at": "2019-03-20T10:00:00+08:00", "close_reason": "SETTLED", "responsibility": "NONE"}


@pytest.fixture
def explain(
    db: Database, run: Callable[[Any], Any], reference: ReferenceData, intake_context: IntakeContext
) -> Explain:
    """Return a function that explains a case to the client that filed it, or to a bureau."""

    def _explain(number: str, bureau: str | None = None, language: Language = Language.EN) -> Explanation:
        audience = (
            Audience.of_client(intake_context.caller)
            if bureau is None
            else Audience.of_bureau(reference.jurisdictions.bureaus[bureau], intake_context.ring)
        )
        explained: Explanation = run(
            decision_explained.explain(db, number, audience=audience, reference=reference, language=language)
        )
        return explained

    return _explain


def test_before_the_routing_there_is_a_history_and_no_decision(
    prepare: Prepare, store: Store, explain: Explain
) -> None:
    [number] = store([prepare()])
    explained = explain(number)
    assert (explained.routed, explained.assignment, explained.facts) == (False, None, None)
    assert [event.kind for event in explained.history] == ["RECEIVED"]
    assert "waits to be routed" in explained.summary[0]
    assert explained.deadlines is not None
    assert explained.deadlines.each == f"/v1/complaints/{number}/deadlines"


def test_the_decision_is_explained_with_every_rule_that_was_tried(
    prepare: Prepare, store: Store, explain: Explain, route_all: Callable[[], int]
) -> None:
    [number] = store([prepare(urgency=["DEATH"])])
    route_all()
    explained = explain(number, language=Language.ZH)
    assignment, level, admission = explained.assignment, explained.level, explained.admission
    assert assignment is not None
    assert (assignment.handling.name, assignment.rule) == ("杭州市邮政管理局", "R4")
    assert [tried.outcome for tried in assignment.rules_tried] == ["passed_over"] * 3 + ["matched"]
    assert assignment.reason == assignment.rules_tried[-1].text
    assert level is not None
    assert (level.level, [trigger.code for trigger in level.triggers]) == ("L3", ["DEATH"])
    assert [bureau.code for bureau in level.copied_to] == ["P330000", "N000000"]
    assert admission is not None
    assert (admission.passed, admission.accepted, len(admission.checks)) == (True, True, 8)
    assert explained.summary[0].startswith("由杭州市邮政管理局办理")
    assert explain(number).summary[0].startswith("杭州市邮政管理局 handles")


def test_a_client_reads_no_number_and_no_count_of_others_cases(
    prepare: Prepare, store: Store, explain: Explain, route_all: Callable[[], int]
) -> None:
    first, second = store([prepare(**ITEM), prepare(**ITEM)])
    route_all()
    mine, desks = explain(second), explain(second, "C330100")
    assert desks.facts is not None
    assert desks.facts["same_matter_number"] == first
    assert first in desks.model_dump_json()
    assert first not in mine.model_dump_json()
    assert mine.facts is not None
    assert not {"same_matter_number", "same_waybill_open", "provinces_hit"} & mine.facts.keys()
    assert desks.deadlines is not None
    assert desks.deadlines.each == f"/v1/desk/cases/{second}/deadlines"


def test_the_latest_evaluation_of_the_conditions_counts(
    received: Callable[..., str],
    act: Callable[..., Any],
    work: Callable[[], None],
    explain: Explain,
) -> None:
    number = received(request=None)
    before = explain(number).admission
    assert before is not None
    assert (before.passed, before.proposed_ground) == (False, "MISSING_ELEMENTS")
    act(number, "supplement", request="请赔偿。")
    work()
    after = explain(number).admission
    assert after is not None
    assert (after.passed, after.accepted) == (True, True)


def test_history_was_placed_and_nothing_more(prepare: Prepare, store: Store, explain: Explain) -> None:
    [number] = store([prepare(external_ref="h", received_at="2019-03-05T10:00:00+08:00", outcome=OUTCOME)])
    explained = explain(number)
    assert explained.assignment is not None
    assert (explained.routed, explained.level, explained.admission) == (True, None, None)
    # no deadline runs for it
    assert explained.deadlines is None


def test_a_case_out_of_sight_is_not_there(
    prepare: Prepare, store: Store, explain: Explain, route_all: Callable[[], int]
) -> None:
    [number] = store([prepare()])
    route_all()
    with pytest.raises(NotFoundError):
        explain(number, "C440100")
