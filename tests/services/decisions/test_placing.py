"""History is placed and nothing more is decided; a rule that fails is passed over with an alarm."""

from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.decisions import placing
from services.reference.data import ReferenceData
from services.rules.jurisdiction import bureau_choice
from tests.services.decisions.test_facts import COLUMNS

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CASE: dict[str, Any] = COLUMNS | {
    "received_at": datetime(2019, 3, 5, tzinfo=UTC),
    "issue_code": "DELIVERY_SERVICE",
    "urgency": "{DEATH}",
}


def test_history_gets_bureau_and_province_and_a_document_of_that_alone(packaged: ReferenceData) -> None:
    columns, document = placing.place(CASE, ["DEATH"], packaged, NOW)
    assert columns == {
        "handling_bureau": "C330100",
        "supervising_bureau": "P330000",
        "province": "330000",
        "routed_at": NOW,
    }
    assert document.keys() == {"rulebook", "reference", "facts", "jurisdiction"}
    assert document["jurisdiction"]["rule"] == "R4"
    # the flags come apart from the row, which holds them as they are written
    assert document["facts"]["urgency"] == ("DEATH",)


def test_history_without_a_place_is_with_the_national_centre(packaged: ReferenceData) -> None:
    nowhere = CASE | {"delivery_region": None, "mailing_region": None}
    columns, document = placing.place(nowhere, [], packaged, NOW)
    assert (columns["handling_bureau"], columns["province"]) == ("N000000", "000000")
    assert document["jurisdiction"]["triage"] is True


def test_a_rule_that_fails_raises_an_alarm_and_the_next_one_decides(
    packaged: ReferenceData, monkeypatch: pytest.MonkeyPatch
) -> None:
    def _broken(*_: Any) -> bureau_choice.Match:
        raise ZeroDivisionError

    rules = tuple(rule._replace(apply=_broken) if rule.id == "R2" else rule for rule in bureau_choice.RULES)
    monkeypatch.setattr(bureau_choice.decide, "__defaults__", (rules,))
    with capture_logs() as logs:
        columns, _ = placing.place(CASE, [], packaged, NOW)
    assert columns["handling_bureau"] == "C330100"
    assert [(log["event"], log["rule"], log["number"]) for log in logs] == [("rule_failed", "R2", None)]
