"""Checks of a filing: every fault is collected with its place, a doubt is a notice, and persons have one form."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.access.clients import Caller
from services.intake import checks
from services.intake.checks import Faults
from services.intake.filing import Filing, HistoricalFiling, OrderFiling
from services.reference.data import ReferenceData
from shared import serialisation

NOW = datetime(2026, 11, 27, 2, tzinfo=UTC)
LIVE = NOW - timedelta(hours=1)
OUTCOME = {"closed_at": "2019-03-20T10:00:00+08:00", "close_reason": "SETTLED", "responsibility": "NONE"}
Read = Callable[..., Any]


@pytest.fixture
def read(filing: Callable[..., dict[str, Any]]) -> Read:
    """Return a function that reads a filing."""

    def _read(form: type[Filing] = Filing, **changes: Any) -> Filing:
        return form.model_validate_json(serialisation.to_bytes(filing(**changes)))

    return _read


def _history(read: Read, **outcome: Any) -> Any:
    return read(
        HistoricalFiling,
        external_ref="h",
        received_at="2019-03-05T10:00:00+08:00",
        outcome=OUTCOME | outcome,
    )


def _found(check: Callable[[Faults], object]) -> list[tuple[str, str]]:
    faults = Faults()
    check(faults)
    return [(fault.pointer, fault.code) for fault in faults.faults]


def _channel(carrier: str | None, filing: Filing) -> Callable[[Faults], None]:
    caller = Caller(uuid.UUID(int=1), "x", "portal", frozenset(), carrier, None, None, 1)
    return lambda faults: checks.check_channel(filing, caller, faults)


@pytest.mark.parametrize(
    ("carrier", "changes", "faults"),
    [
        (None, {}, []),
        (None, {"channel": "CARRIER_FEED"}, [("/channel", "not-your-channel")]),
        ("ZTO", {"channel": "CARRIER_FEED"}, []),
        ("ZTO", {}, [("/channel", "not-your-channel")]),
        ("YTO", {"channel": "CARRIER_FEED"}, [("/carrier_code", "not-your-carrier")]),
    ],
)
def test_a_carrier_hands_over_its_own_by_its_feed(
    carrier: str | None, changes: dict[str, Any], faults: list[Any], read: Read
) -> None:
    assert _found(_channel(carrier, read(**changes))) == faults


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"carrier_code": "NOBODY"}, [("/carrier_code", "unknown-carrier")]),
        ({"issue_code": "FALSE_SIGN"}, [("/issue_code", "unknown-issue")]),
        ({"issue_detail_code": "FALSE_SIGN"}, []),
        (
            {"issue_code": "DELAY", "issue_detail_code": "FALSE_SIGN"},
            [("/issue_detail_code", "unknown-issue")],
        ),
        ({"business_type": "LETTER"}, [("/business_type", "does-not-fit")]),
        ({"business": "POSTAL", "issue_code": "COD"}, [("/issue_code", "does-not-fit")]),
        (
            {"complainant": {"name": "王", "phone": "12305", "role": "AGENT"}},
            [("/complainant/agent", "missing")],
        ),
        ({"upper_assignment": "P330000"}, [("/upper_assignment", "does-not-fit")]),
        ({"channel": "UPPER_BUREAU", "upper_assignment": "X"}, [("/upper_assignment", "unknown-bureau")]),
    ],
)
def test_codes_are_known_and_fit_one_another(
    changes: dict[str, Any],
    faults: list[Any],
    read: Read,
    packaged: ReferenceData,
) -> None:
    assert _found(lambda fault_list: checks.check_codes(read(**changes), packaged, fault_list)) == faults


def test_an_order_without_an_enterprise_is_no_fault(read: Read, packaged: ReferenceData) -> None:
    assert (
        _found(
            lambda fault_list: checks.check_codes(read(OrderFiling, carrier_code=""), packaged, fault_list)
        )
        == []
    )


@pytest.mark.parametrize(
    ("received", "fault"),
    [
        (NOW + timedelta(minutes=5), None),
        (NOW + timedelta(minutes=5, seconds=1), "in-the-future"),
        (NOW - timedelta(days=30), None),
        (NOW - timedelta(days=30, seconds=1), "too-long-ago"),
    ],
)
def test_a_live_complaint_was_received_within_thirty_days(
    received: datetime, fault: str | None, read: Read
) -> None:
    codes = _found(lambda faults: checks.check_moments(read(), received, NOW, faults))
    assert codes == ([("/received_at", fault)] if fault else [])


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        # the receipt was on the 27th in Shanghai
        ("2026-11-27", None),
        ("2026-11-28", "after-receipt"),
        ("1978-01-01", None),
        ("1977-12-31", "too-long-ago"),
    ],
)
def test_nothing_happened_after_the_day_of_receipt(day: str, fault: str | None, read: Read) -> None:
    filing = read(item={"mailed_on": day}, enterprise_complaint={"outcome": "PENDING", "complained_on": day})
    late_evening = datetime(2026, 11, 26, 17, tzinfo=UTC)
    codes = _found(lambda faults: checks.check_moments(filing, late_evening, NOW, faults))
    places = ("/item/mailed_on", "/enterprise_complaint/complained_on")
    assert codes == ([(place, fault) for place in places] if fault else [])


@pytest.mark.parametrize(
    ("outcome", "fault"),
    [
        ({}, []),
        ({"closed_at": "2019-03-05T10:00:00+08:00"}, []),
        ({"closed_at": "2019-03-05T09:59:59+08:00"}, [("/outcome/closed_at", "before-receipt")]),
        ({"closed_at": "2027-01-01T00:00:00Z"}, [("/outcome/closed_at", "in-the-future")]),
        ({"accepted_at": "2019-03-21T10:00:00+08:00"}, [("/outcome/accepted_at", "out-of-order")]),
        ({"accepted_at": "2019-03-06T10:00:00+08:00"}, []),
    ],
)
def test_history_is_in_order(outcome: dict[str, Any], fault: list[Any], read: Read) -> None:
    filing = _history(read, **outcome)
    assert _found(lambda faults: checks.check_moments(filing, filing.received_at, NOW, faults)) == fault


def test_persons_are_brought_into_one_form_and_each_wrong_number_is_named(read: Read) -> None:
    who = {"name": "王", "phone": "138-0013-8000", "role": "SENDER", "identity_card": "53010219200508011x"}
    faults = Faults()
    persons = checks.normal_persons(read(complainant=who, sender={"phone": "010-12345678"}), faults)
    assert (persons.phone, persons.identity_card) == ("+8613800138000", "53010219200508011X")
    assert (persons.sender, persons.addressee, faults.faults) == ("+861012345678", None, [])
    wrong = read(complainant=who | {"phone": "x", "identity_card": "1"}, addressee={"phone": "y"})
    assert _found(lambda fault_list: checks.normal_persons(wrong, fault_list)) == [
        ("/complainant/identity_card", "invalid-identity-card"),
        ("/complainant/phone", "invalid-phone"),
        ("/addressee/phone", "invalid-phone"),
    ]


def test_a_place_is_its_code_else_what_the_address_tells(read: Read, packaged: ReferenceData) -> None:
    faults = Faults()
    filing = read(
        dispute={"region_code": "330106", "address": "广东省深圳市南山区"},
        sender={"address": "广东省深圳市南山区科技园"},
        addressee={"address": "老地方"},
    )
    regions, notices = checks.regions_of(filing, packaged, faults)
    assert regions == {
        "dispute_region": "330106",
        "mailing_region": "440305",
        "delivery_region": None,
        "complainant_region": None,
    }
    assert (notices, faults.faults) == ([], [])
    # abolished in 2021: it is kept under its successors' city, and the sender is told
    regions, [notice] = checks.regions_of(read(addressee={"region_code": "330103"}), packaged, faults)
    assert (notice.code, regions["delivery_region"] is not None) == ("region-mapped", True)
    assert _found(
        lambda fault_list: checks.regions_of(read(addressee={"region_code": "999999"}), packaged, fault_list)
    ) == [("/addressee/region_code", "unknown-region")]


@pytest.mark.parametrize(
    ("waybill", "stored", "notice"),
    [
        (None, None, None),
        (" 7531 2345 6789 01 ", "75312345678901", None),
        ("快递单号", None, "waybill-unreadable"),
        ("ABCDE", "ABCDE", "waybill-unusual"),
        ("RR123456785CN", "RR123456785CN", None),
        ("RR123456780CN", "RR123456780CN", "waybill-check-digit"),
    ],
)
def test_a_doubtful_waybill_is_taken_with_a_notice(
    waybill: str | None,
    stored: str | None,
    notice: str | None,
    read: Read,
    packaged: ReferenceData,
) -> None:
    number, notices = checks.waybill_of(read(item={"waybill": waybill} if waybill else {}), packaged)
    assert (number, [each.code for each in notices]) == (stored, [notice] if notice else [])
