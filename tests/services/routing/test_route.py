"""Routing a batch: what other cases tell of one, what a failing rule or a poisoned case does, and what is written."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from services.cases import events, writer
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.intake.preparation import IntakeContext, Prepared
from services.reference.data import ReferenceData
from services.rules.states.verbs import Actor
from shared.event_kinds import EventKind

Prepare = Callable[..., Prepared]
Store = Callable[[Sequence[Prepared]], list[str]]
Ask = Callable[..., list[Any]]
Case = Callable[[str], Any]
Record = Callable[..., dict[str, Any]]
WAYBILL = {"item": {"waybill": "75123456789012"}}


def _in(*regions: str) -> list[dict[str, Any]]:
    return [{"addressee": {"region_code": region}} for region in regions]


def test_every_case_of_a_batch_gets_its_bureau(
    prepare: Prepare, store: Store, route_all: Callable[..., int], case_of: Case, ask: Ask
) -> None:
    places = _in("330106", "441900", "419001", "110105", "650100")
    numbers = store([prepare(**place) for place in places])
    assert route_all() == 5
    assert route_all() == 0
    handling = [case_of(number).handling_bureau for number in numbers]
    assert handling == ["C330100", "C441900", "P410000", "P110000", "C650100"]
    assert all(case_of(number).routed_at for number in numbers)
    assert [tuple(row) for row in ask("SELECT kind, count(*) FROM task GROUP BY 1")] == [("forward", 5)]
    kinds = ask("SELECT kind, count(*) FROM case_event GROUP BY kind ORDER BY kind")
    assert [tuple(row) for row in kinds] == [("ACCEPTED", 5), ("RECEIVED", 5), ("ROUTED", 5)]


def test_versions_count_the_events_of_a_case(
    prepare: Prepare, store: Store, route_all: Callable[..., int], case_of: Case, ask: Ask
) -> None:
    [number] = store([prepare()])
    route_all()
    case = case_of(number)
    latest = ask("SELECT max(seq) FROM case_event WHERE complaint_id = :id", id=case.id)[0][0]
    assert case.version == latest == 3


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "two batches"])
def test_a_second_case_of_a_waybill_is_repeated_and_proposed_as_duplicate(
    together: bool,  # noqa: FBT001 - a parameter of pytest
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    case_of: Case,
    record_of: Record,
) -> None:
    pair = [prepare(**WAYBILL), prepare(**WAYBILL)]
    if together:
        first, second = store(pair)
        route_all()
    else:
        [first] = store(pair[:1])
        route_all()
        [second] = store(pair[1:])
        route_all()
    assert (case_of(first).status, case_of(second).status) == ("ACCEPTED", "RECEIVED")
    record = record_of(second)
    assert record["facts"]["same_matter_number"] == first
    assert record["level"]["triggers"] == ["REPEATED"]
    assert case_of(second).level == "L1"
    assert record["admission"]["proposed_ground"] == "DUPLICATE"
    assert record_of(second, "WAITS_FOR_OFFICER")["proposed_ground"] == "DUPLICATE"
    assert record_of(first)["level"]["triggers"] == []


@pytest.mark.parametrize(
    ("changes", "repeated", "duplicate"),
    [
        ({}, True, True),
        ({"issue_code": "LOSS_SHORTAGE"}, True, False),
        ({"carrier_code": "YTO"}, False, False),
        ({"item": {"waybill": "75123456789013"}}, False, False),
        ({"item": {"waybill": " 7512 3456 7890 12 "}}, True, True),
        ({"item": {}}, False, False),
    ],
    ids=[
        "the same",
        "another issue",
        "another carrier",
        "another waybill",
        "written otherwise",
        "no waybill",
    ],
)
def test_what_makes_the_same_matter(
    changes: Mapping[str, Any],
    repeated: bool,  # noqa: FBT001 - a parameter of pytest
    duplicate: bool,  # noqa: FBT001 - a parameter of pytest
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    record_of: Record,
) -> None:
    _, second = store([prepare(**WAYBILL), prepare(**(WAYBILL | dict(changes)))])
    route_all()
    record = record_of(second)
    assert ("REPEATED" in record["level"]["triggers"]) is repeated
    assert (record["admission"]["proposed_ground"] == "DUPLICATE") is duplicate


def _stoppage(prepare: Prepare, region: str, **changes: Any) -> Prepared:
    return prepare(urgency=["NETWORK_STOPPAGE"], addressee={"region_code": region}, **changes)


def test_a_stoppage_in_three_provinces_is_led_by_the_national_centre(
    prepare: Prepare, store: Store, route_all: Callable[..., int], case_of: Case, record_of: Record
) -> None:
    numbers = store([_stoppage(prepare, region) for region in ("330106", "310101", "440103")])
    route_all()
    first, second, third = (case_of(number) for number in numbers)
    assert (first.supervising_bureau, second.supervising_bureau) == ("P330000", "N000000")
    assert third.handling_bureau == "C440100"
    assert (third.supervising_bureau, third.level) == ("N000000", "L3")
    record = record_of(numbers[2])
    assert record["facts"]["provinces_hit"] == 3
    assert record["jurisdiction"]["tried"][-1][0] == "R8"
    assert record_of(numbers[0])["facts"]["provinces_hit"] == 1


def test_a_stoppage_without_a_place_is_handled_by_the_national_centre(
    prepare: Prepare, store: Store, route_all: Callable[..., int], case_of: Case, record_of: Record
) -> None:
    store([_stoppage(prepare, region) for region in ("330106", "310101", "440103")])
    [number] = store([prepare(urgency=["NETWORK_STOPPAGE"], addressee={})])
    route_all()
    assert record_of(number)["jurisdiction"]["rule"] == "R8"
    assert (case_of(number).handling_bureau, case_of(number).triage) == ("N000000", False)


def test_what_does_not_count_as_one_stoppage(
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    record_of: Record,
    intake_context: IntakeContext,
) -> None:
    week_ago = (intake_context.now - timedelta(days=7, hours=2)).isoformat()
    numbers = store(
        [
            _stoppage(prepare, "330106"),
            _stoppage(prepare, "310101", carrier_code="YTO"),
            _stoppage(prepare, "320102", received_at=week_ago),
            prepare(addressee={"region_code": "440103"}),
            _stoppage(prepare, "110105"),
        ]
    )
    route_all()
    assert record_of(numbers[-1])["facts"]["provinces_hit"] == 2


def test_a_case_already_routed_is_not_routed_again(
    prepare: Prepare, store: Store, route_all: Callable[..., int], case_of: Case, ask: Ask
) -> None:
    [number] = store([prepare()])
    route_all()
    case = case_of(number)
    ask(
        "INSERT INTO task (bucket, id, kind, subject_id) VALUES (:bucket, gen_random_uuid(), 'route', :id)",
        bucket=case.bucket,
        id=case.id,
    )
    assert route_all() == 1
    assert case_of(number) == case
    assert ask("SELECT count(*) FROM case_event")[0][0] == 3
    assert ask("SELECT count(*) FROM task WHERE kind = 'route'")[0][0] == 0


def test_a_case_that_was_changed_meanwhile_is_not_overwritten(
    db: Any,
    run: Callable[..., Any],
    prepare: Prepare,
    store: Store,
    case_of: Case,
    ask: Ask,
    reference: ReferenceData,
) -> None:
    [number] = store([prepare()])
    [stale] = ask("SELECT *, clock_timestamp() AS moment FROM complaint")
    ask("UPDATE complaint SET version = version + 1")
    change = CaseChange(
        case=stale,
        actor=Actor.WORKER,
        new_events=[NewEvent(EventKind.ROUTED)],
        columns={"province": "440000"},
    )

    async def _apply() -> None:
        async with db.transaction() as connection:
            await writer.apply(connection, [change], WorkerContext(reference))

    with pytest.raises(events.StaleCaseError):
        run(_apply())
    assert (case_of(number).province, ask("SELECT count(*) FROM case_event")[0][0]) == ("000000", 1)


def test_a_bureau_that_wants_to_see_its_cases_first_gets_them(
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    case_of: Case,
    record_of: Record,
    reference: ReferenceData,
) -> None:
    bureaus = dict(reference.jurisdictions.bureaus)
    bureaus["C330100"] = dataclasses.replace(bureaus["C330100"], auto_admit=False)
    cautious = dataclasses.replace(
        reference, jurisdictions=dataclasses.replace(reference.jurisdictions, bureaus=bureaus)
    )
    [number] = store([prepare()])
    route_all(by=cautious)
    case = case_of(number)
    assert (case.status, case.accepted_at) == ("RECEIVED", None)
    assert record_of(number, "WAITS_FOR_OFFICER") == {
        "proposed_ground": None,
        "place_uncertain": False,
        "bureau": "C330100",
    }


def test_history_is_placed_and_keeps_its_level_and_its_end(
    prepare: Prepare, store: Store, route_all: Callable[..., int], case_of: Case, record_of: Record
) -> None:
    outcome = {"closed_at": "2019-03-20T10:00:00+08:00", "close_reason": "SETTLED", "responsibility": "NONE"}
    old = prepare(
        external_ref="h",
        received_at="2019-03-05T10:00:00+08:00",
        level="L2",
        outcome=outcome,
        urgency=["DEATH"],
    )
    [number] = store([old])
    assert route_all() == 0
    case = case_of(number)
    assert (case.handling_bureau, case.status, case.level, case.copied_to) == ("C330100", "CLOSED", "L2", [])
    assert (case.province, case.routed_at is not None, case.triage) == ("330000", True, False)
    assert record_of(number, "IMPORTED").keys() >= {"rulebook", "reference", "facts", "jurisdiction"}


def test_the_number_of_statements_does_not_grow_with_the_batch(
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    sent = []
    store([_stoppage(prepare, "330106", **WAYBILL)])
    route_all()
    for size in (1, 8, 50):
        store([_stoppage(prepare, "330106", **WAYBILL) for _ in range(size)])
        with statements() as listened:
            assert route_all() == size
        sent.append(len(listened))
    assert len(set(sent)) == 1
    assert sent[0] <= 12
