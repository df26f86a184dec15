"""A complaint as it is handed in: what the form of rulebook 1.4 takes, and what it takes no more of."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from services.intake.filing import Filing, HistoricalFiling, OrderFiling, received_moment
from shared import serialisation
from shared.vocabulary import OtherProcedure, Urgency

NOW = datetime(2026, 11, 27, 2, tzinfo=UTC)
OUTCOME = {"closed_at": "2019-03-20T10:00:00+08:00", "close_reason": "SETTLED", "responsibility": "NONE"}


def _faults(form: type[Filing], values: dict[str, Any]) -> list[str]:
    """Return where the faults of a filing are."""
    try:
        form.model_validate_json(serialisation.to_bytes(values))
    except ValidationError as error:
        return ["/".join(map(str, fault["loc"])) for fault in error.errors()]
    return []


def test_a_small_filing_has_its_defaults(filing: Callable[..., dict[str, Any]]) -> None:
    read = Filing.model_validate_json(serialisation.to_bytes(filing()))
    assert (read.urgency, read.other_procedure, read.item.waybill) == ([], OtherProcedure.NONE, None)
    assert received_moment(read, NOW) == NOW
    dated = Filing.model_validate_json(
        serialisation.to_bytes(filing(received_at="2026-11-20T10:00:00+08:00"))
    )
    assert received_moment(dated, NOW) == datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"channel": "PIGEON"}, ["channel"]),
        ({"complainant": {"name": "", "phone": "1", "role": "SENDER"}}, ["complainant/name"]),
        ({"complainant": {"name": "王", "phone": "1"}}, ["complainant/role"]),
        ({"cause": None}, ["cause"]),
        ({"cause": "字" * 5001}, ["cause"]),
        ({"requested_fen": -1}, ["requested_fen"]),
        ({"requested_fen": 1.5}, ["requested_fen"]),
        ({"cites": "2026112400000001"}, ["cites"]),
        ({"urgency": ["PANIC"]}, ["urgency/0"]),
        ({"urgency": ["DEATH"] * (len(Urgency) + 1)}, ["urgency"]),
        ({"item": {"mailed_on": "20260101"}}, ["item/mailed_on"]),
        ({"carrier_code": ""}, ["carrier_code"]),
        ({"level": "L3"}, ["level"]),
        ({"status": "CLOSED", "number": "1"}, ["status", "number"]),
    ],
)
def test_each_fault_is_named_by_its_place(
    changes: dict[str, Any], places: list[str], filing: Callable[..., dict[str, Any]]
) -> None:
    assert _faults(Filing, filing(**changes)) == places


def test_an_order_may_leave_its_enterprise_to_an_officer(filing: Callable[..., dict[str, Any]]) -> None:
    assert _faults(OrderFiling, filing(carrier_code="")) == []
    assert _faults(OrderFiling, filing(carrier_code=None)) == []


def test_history_has_a_reference_a_receipt_and_an_outcome(filing: Callable[..., dict[str, Any]]) -> None:
    received = "2019-03-05T10:00:00+08:00"
    whole = filing(external_ref="h", received_at=received, outcome=OUTCOME, level="L2")
    assert _faults(HistoricalFiling, whole) == []
    assert _faults(HistoricalFiling, filing()) == ["external_ref", "received_at", "outcome"]
    assert sorted(_faults(Filing, whole)) == ["level", "outcome"]
