"""The same request again, at once or later, by whatever way: one complaint, and the same bytes for an answer."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import orjson
from sqlalchemy import text

from ops import migrate
from services.access.clients import NewKey
from shared import ids
from shared.database import Database
from tests.intake_api.ledger import Ledger
from tests.problems import assert_problem
from tests.running import Stack

Filing = Callable[..., dict[str, Any]]
Send = Callable[..., httpx.Response]
NewClient = Callable[..., NewKey]
BATCH = "/v1/complaints/batch"
KEYS, POSTS, CONNECTIONS = 5, 500, 50


def _stored(stack: Stack, references: list[str]) -> int:
    return int(stack.query("SELECT count(*) FROM complaint WHERE external_ref = ANY($1)", references)[0][0])


def test_five_hundred_posts_on_five_keys_make_five_complaints(
    stack: Stack, ledger: Ledger, filing: Filing
) -> None:
    keys = [uuid.uuid4().hex for _ in range(KEYS)]
    body = orjson.dumps(filing())
    headers = stack.as_client("call-centre") | {"Content-Type": "application/json"}

    async def _storm() -> list[tuple[str, httpx.Response]]:
        # each of its own connection: a pool that many wait for costs this client more than the answers
        at_once = asyncio.Semaphore(CONNECTIONS)
        limits = httpx.Limits(max_connections=CONNECTIONS)
        async with httpx.AsyncClient(timeout=30, trust_env=False, limits=limits) as http:

            async def _post(place: int) -> tuple[str, httpx.Response]:
                key = keys[place % KEYS]
                url = f"{stack.intake}/v1/complaints"
                async with at_once:
                    return key, await http.post(url, content=body, headers=headers | {"Idempotency-Key": key})

            return await asyncio.gather(*(_post(place) for place in range(POSTS)))

    answers = asyncio.run(_storm())
    assert {answer.status_code for _, answer in answers} == {201}
    assert len({(key, answer.content) for key, answer in answers}) == KEYS
    assert len({answer.json()["number"] for _, answer in answers}) == KEYS
    replayed = [key for key, answer in answers if answer.headers.get("idempotent-replayed") == "true"]
    assert len(replayed) == POSTS - KEYS
    # the module's ledger finds out whether more than these were stored
    ledger.stored += KEYS


def test_a_replay_is_the_same_bytes_and_says_that_it_is_one(send: Send, filing: Filing) -> None:
    body, key = orjson.dumps(filing()), uuid.uuid4().hex
    first, again = send(body, idempotency_key=key), send(body, idempotency_key=key)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert (again.status_code, again.content, again.headers["location"]) == (
        201,
        first.content,
        first.headers["location"],
    )


def test_the_form_of_the_json_and_defaults_do_not_make_another_request(send: Send, filing: Filing) -> None:
    key = uuid.uuid4().hex
    plain = filing(urgency=["MINOR"])
    first = send(orjson.dumps(plain), idempotency_key=key)
    spelled = dict(reversed(plain.items())) | {
        "other_procedure": "NONE",
        "item": {"goods": "ORDINARY"},
        "dispute": None,
    }
    again = send(orjson.dumps(spelled, option=orjson.OPT_INDENT_2), idempotency_key=key)
    assert again.content == first.content


def test_the_senders_own_number_is_a_key(stack: Stack, send: Send, filing: Filing) -> None:
    reference = uuid.uuid4().hex
    body = orjson.dumps(filing(external_ref=reference))
    first = send(body, idempotency_key=None)
    assert first.status_code == 201
    assert send(body, idempotency_key=None).content == first.content
    # whatever key a retry carries
    assert send(body, idempotency_key=uuid.uuid4().hex).content == first.content
    other = send(
        orjson.dumps(filing(external_ref=reference, cause="anders")), idempotency_key=uuid.uuid4().hex
    )
    assert_problem(other, 422, "request-key-reused")
    assert _stored(stack, [reference]) == 1


def test_either_of_two_keys_finds_the_complaint(stack: Stack, send: Send, filing: Filing) -> None:
    reference, key = uuid.uuid4().hex, uuid.uuid4().hex
    body = orjson.dumps(filing(external_ref=reference))
    first = send(body, idempotency_key=key)
    assert send(body, idempotency_key=key).content == first.content
    assert send(body, idempotency_key=None).content == first.content
    assert_problem(send(orjson.dumps(filing()), idempotency_key=key), 422, "request-key-reused")
    assert _stored(stack, [reference]) == 1


def test_a_key_that_came_with_a_replay_stays_free(send: Send, filing: Filing) -> None:
    reference, late = uuid.uuid4().hex, uuid.uuid4().hex
    body = orjson.dumps(filing(external_ref=reference))
    first = send(body)
    assert send(body, idempotency_key=late).content == first.content
    fresh = send(orjson.dumps(filing()), idempotency_key=late)
    assert fresh.status_code == 201
    assert fresh.json()["number"] != first.json()["number"]


def test_two_refs_that_name_two_complaints_are_not_joined_by_one_key(send: Send, filing: Filing) -> None:
    key = uuid.uuid4().hex
    send(orjson.dumps(filing(external_ref=uuid.uuid4().hex)), idempotency_key=key)
    other = send(orjson.dumps(filing(external_ref=uuid.uuid4().hex)), idempotency_key=key)
    assert_problem(other, 422, "request-key-reused")


def test_another_client_may_use_the_same_key_and_reference(send: Send, filing: Filing) -> None:
    reference, key = uuid.uuid4().hex, uuid.uuid4().hex
    body = orjson.dumps(filing(external_ref=reference))
    answers = [send(body, idempotency_key=key, client=client) for client in ("call-centre", "web-form")]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["number"] != answers[1].json()["number"]


def test_a_refused_request_may_come_again_corrected_under_its_key(send: Send, filing: Filing) -> None:
    key = uuid.uuid4().hex
    assert send(orjson.dumps(filing(carrier_code="NOBODY")), idempotency_key=key).status_code == 422
    assert send(orjson.dumps(filing()), idempotency_key=key).status_code == 201


def test_single_and_batch_find_each_others_complaints(send: Send, filing: Filing) -> None:
    rows = [filing(external_ref=uuid.uuid4().hex) for _ in range(3)]
    single = send(orjson.dumps(rows[1]), idempotency_key=None)
    content = send(orjson.dumps([*rows, rows[0]]), path=BATCH, idempotency_key=None).json()
    assert [result["status"] for result in content["results"]] == [201, 200, 201, 200]
    assert content["results"][1]["receipt"] == single.json()
    assert content["results"][3]["receipt"] == content["results"][0]["receipt"]
    again = send(orjson.dumps(rows[2]), idempotency_key=None)
    assert again.json() == content["results"][2]["receipt"]
    assert again.headers["idempotent-replayed"] == "true"


def test_a_batch_may_come_again_whole_or_longer(send: Send, filing: Filing) -> None:
    key = uuid.uuid4().hex
    rows = [filing(), filing()]
    first = send(orjson.dumps(rows), path=BATCH, idempotency_key=key).json()
    again = send(orjson.dumps([*rows, filing()]), path=BATCH, idempotency_key=key).json()
    assert (first["stored"], again["stored"], again["stored_before"]) == (2, 1, 2)
    numbers = [[result["receipt"]["number"] for result in content["results"]] for content in (first, again)]
    assert numbers[1][:2] == numbers[0]


def test_a_row_of_a_batch_that_reuses_a_reference_is_refused_alone(send: Send, filing: Filing) -> None:
    reference = uuid.uuid4().hex
    rows = [filing(external_ref=reference), filing(external_ref=reference, cause="anders"), filing()]
    content = send(orjson.dumps(rows), path=BATCH).json()
    assert [result["status"] for result in content["results"]] == [201, 422, 201]
    assert content["results"][1]["problem"]["code"] == "request-key-reused"


@contextlib.contextmanager
def _in_flight(stack: Stack, client: NewKey, key: str) -> Iterator[None]:
    """Hold a request key in a transaction that does not end, as another process that works on it would."""
    row = {
        "bucket": ids.bucket_of(client.client_id, key),
        "client_id": client.client_id,
        "key": key,
        "fingerprint": b"",
        "complaint_bucket": 0,
        "complaint_id": uuid.uuid4(),
        "receipt": b"",
    }
    columns = ", ".join(row)
    insert = text(f"INSERT INTO request_key ({columns}) VALUES ({', '.join(f':{name}' for name in row)})")
    with asyncio.Runner() as runner:
        db = Database.connect(migrate.asyncpg_url(stack.addresses.database_url), pool_size=1)
        connection = runner.run(db.engine.connect().start())
        runner.run(connection.execute(insert, row))
        try:
            yield
        finally:
            runner.run(connection.rollback())
            runner.run(connection.close())
            runner.run(db.close())


def test_in_flight_is_a_conflict_that_may_be_tried_again(
    stack: Stack, send: Send, filing: Filing, new_client: NewClient
) -> None:
    client, reference = new_client(), uuid.uuid4().hex
    body, headers = orjson.dumps(filing(external_ref=reference)), {"authorization": f"Bearer {client.key}"}
    with _in_flight(stack, client, f"ref:{reference}"), ThreadPoolExecutor() as at_once:
        started = time.monotonic()
        alone = at_once.submit(send, body, **headers)
        in_batch = at_once.submit(send, b"[" + body + b"]", path=BATCH, **headers)
        assert assert_problem(alone.result(), 409, "request-in-flight")["retryable"]
        assert int(alone.result().headers["retry-after"]) >= 1
        problem = in_batch.result().json()["results"][0]["problem"]
        assert (problem["code"], problem["retryable"]) == ("request-in-flight", True)
        assert time.monotonic() - started < 4.5
        assert _stored(stack, [reference]) == 0
    assert send(body, **headers).status_code == 201
    assert _stored(stack, [reference]) == 1
