"""What the outside hears: an entry for each audience, a delivery for each that listens, words sealed for that entry."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from services.cases import outbox
from services.cases.changes import KeyedContext
from services.cases.outbox import OutboxEntry
from services.delivery import endpoints
from services.intake.preparation import Prepared
from shared.database import Database
from shared.privacy.sealing import SealBrokenError

Ask = Callable[..., list[Any]]
ZTO, HANGZHOU = outbox.audience(outbox.CARRIER, "ZTO"), outbox.audience(outbox.HOTLINE, "330100")


@pytest.fixture
def entry(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    context: KeyedContext,
) -> Callable[..., OutboxEntry]:
    """Return a function that makes an entry about one case."""
    prepared = prepare()
    [number] = store([prepared])

    def _entry(audience: str = ZTO, seq: int = 2, **words: str) -> OutboxEntry:
        data = {"number": number}
        text = context.words(**words)
        return OutboxEntry(
            prepared.bucket, prepared.complaint_id, audience, seq, "case.follow_up", data, text
        )

    return _entry


def test_an_audience_is_named_by_kind_and_code() -> None:
    assert (ZTO, HANGZHOU) == ("carrier:ZTO", "hotline:330100")


def test_each_entry_is_delivered_to_whoever_listens_and_kept_for_the_others(
    entry: Callable[..., OutboxEntry],
    in_transaction: Callable[..., Any],
    statements: Callable[[], Any],
    ask: Ask,
    db: Database,
    run: Callable[[Any], Any],
    context: KeyedContext,
) -> None:
    for audience in (ZTO, "carrier:YTO"):
        url = f"https://{audience[-3:].lower()}.example.com/hooks"
        run(
            endpoints.register(db, context.ring, audience=audience, url=url, development=False, actor="tests")
        )
    ask("UPDATE endpoint SET state = 'DISABLED' WHERE audience = 'carrier:YTO'")
    entries = [entry(ZTO, 2), entry(ZTO, 3), entry("carrier:YTO", 2), entry(HANGZHOU, 2)]
    with statements() as sent:
        in_transaction(lambda connection: outbox.publish(connection, entries))
    assert len(sent) == 1
    assert ask("SELECT count(*) FROM feed_entry")[0][0] == 4
    rows = ask("SELECT audience, seq, state FROM delivery ORDER BY seq")
    assert [tuple(row) for row in rows] == [(ZTO, 2, "PENDING"), (ZTO, 3, "PENDING")]


def test_words_open_for_their_own_entry_only(
    entry: Callable[..., OutboxEntry], in_transaction: Callable[..., Any], ask: Ask, context: KeyedContext
) -> None:
    entries = [entry(ZTO, 2, message="给李小红的话"), entry(HANGZHOU, 2)]
    in_transaction(lambda connection: outbox.publish(connection, entries))
    [wordless, worded] = ask("SELECT * FROM feed_entry ORDER BY audience DESC")
    assert outbox.words_of(worded, context.ring) == {"message": "给李小红的话"}
    assert outbox.words_of(wordless, context.ring) == {}
    assert "李小红".encode() not in bytes(worded.sealed)
    ask("UPDATE feed_entry SET audience = 'carrier:YTO' WHERE audience = 'carrier:ZTO'")
    [moved] = ask("SELECT * FROM feed_entry WHERE audience = 'carrier:YTO'")
    with pytest.raises(SealBrokenError):
        outbox.words_of(moved, context.ring)


def test_of_nothing_nothing_is_sent(
    in_transaction: Callable[..., Any], statements: Callable[[], Any]
) -> None:
    with statements() as sent:
        in_transaction(lambda connection: outbox.publish(connection, []))
    assert sent == []
