"""Imports: announced by digests, taken part by part, gone on with after a break, complete only when everything is in."""

import hashlib
import uuid
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from services.imports import takeover
from services.imports.takeover import DigestMismatchError, Manifest, PartsMissingError, Progress
from services.intake import accept
from services.intake.preparation import IntakeContext
from shared import serialisation
from shared.database import Database
from shared.errors import InvalidInputError, NotFoundError

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
Results = list[dict[str, Any]]


@pytest.fixture
def old(filing: Callable[..., dict[str, Any]]) -> Callable[..., bytes]:
    """Return a function that makes a line of history."""

    def _old(reference: str, **changes: Any) -> bytes:
        outcome = {
            "closed_at": "2019-03-20T10:00:00+08:00",
            "close_reason": "SETTLED",
            "responsibility": "NONE",
        }
        plain = {"external_ref": reference, "received_at": "2019-03-05T10:00:00+08:00", "outcome": outcome}
        return serialisation.to_bytes(filing(**(plain | changes)))

    return _old


@pytest.fixture
def importer(db: Database, run: Run, intake_context: IntakeContext) -> "Importer":
    """Return the steps of an import, each run to its end."""
    return Importer(db, run, intake_context)


class Importer:
    """One client that hands over history."""

    def __init__(self, db: Database, run: Run, intake_context: IntakeContext) -> None:
        self._db, self._run, self.intake_context = db, run, intake_context

    def announce(self, parts: Sequence[bytes], rows: int, name: str = "old") -> uuid.UUID:
        """Announce parts and return the import's id."""
        digests = [hashlib.sha256(part).hexdigest() for part in parts]
        whole = hashlib.sha256("\n".join(digests).encode()).hexdigest()
        manifest = Manifest(name=name, rows=rows, part_sha256=digests, sha256=whole)
        state: Progress = self._run(
            takeover.announce(self._db, self.intake_context.caller.client_id, manifest)
        )
        return uuid.UUID(state.id)

    def put(self, import_id: uuid.UUID, part: int, body: bytes) -> Results:
        """Hand over a part."""
        results: Results = self._run(takeover.take_part(self._db, self.intake_context, import_id, part, body))
        return results

    def progress(self, import_id: uuid.UUID) -> Progress:
        """Ask how far it is."""
        state: Progress = self._run(
            takeover.progress(self._db, self.intake_context.caller.client_id, import_id)
        )
        return state

    def complete(self, import_id: uuid.UUID) -> Progress:
        """End it."""
        state: Progress = self._run(
            takeover.complete(self._db, self.intake_context.caller.client_id, import_id)
        )
        return state


def _count(ask: Ask) -> int:
    return int(ask("SELECT count(*) FROM complaint")[0][0])


def _statuses(results: Results) -> list[int]:
    return [result["status"] for result in results]


def test_parts_come_in_any_order_and_the_end_counts(
    importer: Importer, old: Callable[..., bytes], ask: Ask
) -> None:
    parts = [b"\n".join(old(f"{part}-{row}") for row in range(3)) for part in range(3)]
    import_id = importer.announce(parts, 9)
    for part in (2, 0, 1):
        assert _statuses(importer.put(import_id, part, parts[part])) == [201] * 3
    done = importer.complete(import_id)
    assert (done.completed, done.rows_received, done.missing_parts, done.refused_rows) == (True, 9, [], 0)
    assert importer.complete(import_id) == done
    assert _count(ask) == 9


def test_an_import_goes_on_where_it_broke_off(
    importer: Importer, old: Callable[..., bytes], ask: Ask
) -> None:
    parts = [old("a"), old("b")]
    import_id = importer.announce(parts, 2)
    importer.put(import_id, 0, parts[0])
    with pytest.raises(PartsMissingError, match=r"PUT /v1/imports/.*/parts") as refused:
        importer.complete(import_id)
    assert refused.value.members == {"missing_parts": [1]}
    assert importer.announce(parts, 2) == import_id
    assert importer.progress(import_id).missing_parts == [1]
    importer.put(import_id, 1, parts[1])
    assert importer.complete(import_id).completed
    assert _count(ask) == 2


def test_a_part_again_is_answered_as_it_was(importer: Importer, old: Callable[..., bytes], ask: Ask) -> None:
    part = old("a") + b"\n" + old("b", carrier_code="NOBODY")
    import_id = importer.announce([part], 2)
    first = importer.put(import_id, 0, part)
    assert _statuses(first) == [201, 422]
    assert importer.put(import_id, 0, part) == first
    assert _count(ask) == 1


def test_rows_of_a_part_whose_answer_was_lost_are_not_doubled(
    importer: Importer, old: Callable[..., bytes], ask: Ask
) -> None:
    part = old("a") + b"\n" + old("b")
    import_id = importer.announce([part], 2)
    first = importer.put(import_id, 0, part)
    ask("DELETE FROM import_part")  # the process died between the rows and the mark of the part
    again = importer.put(import_id, 0, part)
    assert _statuses(again) == [200, 200]
    assert [result["number"] for result in again] == [result["number"] for result in first]
    assert _count(ask) == 2
    assert importer.complete(import_id).completed


def test_wrong_rows_are_reported_and_counted(importer: Importer, old: Callable[..., bytes], ask: Ask) -> None:
    rows = [
        old("a"),
        old("a", cause="anders"),
        b"{",
        old("b", outcome={}),
        old("c", request="x\x00"),
        old("d"),
    ]
    part = b"\n".join(rows)
    import_id = importer.announce([part], len(rows))
    results = importer.put(import_id, 0, part)
    assert _statuses(results) == [201, 422, 400, 422, 422, 201]
    assert [result["code"] for result in results if result["status"] >= 400] == [
        "request-key-reused",
        "malformed-body",
        "invalid-input",
        "invalid-input",
    ]
    assert importer.complete(import_id).refused_rows == 4
    assert _count(ask) == 2


def test_what_could_not_be_stored_now_leaves_its_part_open(
    importer: Importer, old: Callable[..., bytes], ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = old("a") + b"\n" + old("b")
    import_id = importer.announce([part], 2)

    async def _away(_db: Database, prepared: Sequence[Any]) -> list[Any]:
        return [accept._unavailable() for _ in prepared]

    with monkeypatch.context() as patched:
        patched.setattr(accept, "accept_many", _away)
        assert _statuses(importer.put(import_id, 0, part)) == [503, 503]
    assert importer.progress(import_id).missing_parts == [0]
    assert _statuses(importer.put(import_id, 0, part)) == [201, 201]
    assert _count(ask) == 2


def test_fewer_rows_than_announced_do_not_complete(importer: Importer, old: Callable[..., bytes]) -> None:
    import_id = importer.announce([old("a")], 2)
    importer.put(import_id, 0, old("a"))
    with pytest.raises(DigestMismatchError):
        importer.complete(import_id)


def test_a_part_of_another_digest_stores_nothing(
    importer: Importer, old: Callable[..., bytes], ask: Ask
) -> None:
    import_id = importer.announce([old("a"), old("b")], 2)
    with pytest.raises(DigestMismatchError):
        importer.put(import_id, 0, old("b"))
    with pytest.raises(NotFoundError):
        importer.put(import_id, 2, old("b"))
    assert _count(ask) == 0


@pytest.mark.parametrize("body", [b"", b"\n \n", b"{}\n" * 1001])
def test_a_part_without_rows_or_with_too_many_is_refused(body: bytes, importer: Importer) -> None:
    import_id = importer.announce([body], 1)
    with pytest.raises(InvalidInputError):
        importer.put(import_id, 0, body)


def test_an_import_is_its_clients_own(
    db: Database,
    run: Run,
    importer: Importer,
    old: Callable[..., bytes],
    new_context: Callable[..., IntakeContext],
) -> None:
    import_id = importer.announce([old("a")], 1)
    stranger = Importer(db, run, new_context("import:write"))
    for step in (stranger.progress, stranger.complete):
        with pytest.raises(NotFoundError):
            step(import_id)
    with pytest.raises(NotFoundError):
        stranger.put(import_id, 0, old("a"))
    assert stranger.announce([old("a")], 1) != import_id


def test_the_same_reference_in_two_imports_is_one_case(
    importer: Importer, old: Callable[..., bytes], ask: Ask
) -> None:
    ids = [importer.announce([old("a")], 1, name=name) for name in ("first", "second")]
    assert [_statuses(importer.put(import_id, 0, old("a"))) for import_id in ids] == [[201], [200]]
    assert _count(ask) == 1
