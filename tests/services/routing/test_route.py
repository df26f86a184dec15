"""Routing a batch: what other cases tell of one, what a failing rule or a poisoned case does, and what is written."""

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from services.intake.preparation import Prepared
from services.reference.data import ReferenceData

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
    assert ask("SELECT kind FROM task") == []
    kinds = ask("SELECT kind, count(*) FROM case_event GROUP BY kind ORDER BY kind")
    assert [tuple(row) for row in kinds] == [
        ("ACCEPTED", 5),
        ("FORWARDED", 5),
        ("RECEIVED", 5),
        ("ROUTED", 5),
    ]


def test_versions_count_the_events_of_a_case(
    prepare: Prepare, store: Store, route_all: Callable[..., int], case_of: Case, ask: Ask
) -> None:
    [number] = store([prepare()])
    route_all()
    case = case_of(number)
    latest = ask("SELECT max(seq) FROM case_event WHERE complaint_id = :id", id=case.id)[0][0]
    assert case.version == latest == 4


def _stoppage(prepare: Prepare, region: str, **changes: Any) -> Prepared:
    return prepare(urgency=["NETWORK_STOPPAGE"], addressee={"region_code": region}, **changes)


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
    assert ask("SELECT count(*) FROM case_event")[0][0] == 4
    assert ask("SELECT count(*) FROM task WHERE kind = 'route'")[0][0] == 0


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
