"""Addresses and secrets: registered once, shown once, sealed; two secrets sign while one takes the other's place."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from services.delivery import dispatch, endpoints, webhook_signatures
from services.delivery.endpoints import NewSecret
from services.delivery.http_sender import Sender
from shared import ids
from shared.database import Database
from shared.errors import ConflictError, InvalidInputError, NotFoundError
from shared.privacy.keyring import KeyRing
from shared.privacy.sealing import SealBrokenError
from tests.receiver import Receiver, Reply
from tests.services.delivery.conftest import ZTO, Case, Run

Register = Callable[..., NewSecret]
Ask = Callable[..., list[Any]]
URL = "https://hooks.example.com/shensu"


def test_an_address_is_registered_once_and_its_secret_lies_sealed(
    register: Register, ring: KeyRing, ask: Ask
) -> None:
    new = register(URL)
    assert new.secret.startswith("whsec_")
    assert new.secret not in repr(new)
    [row] = ask("SELECT * FROM endpoint")
    assert (row.audience, row.url, row.state) == (ZTO, URL, "ACTIVE")
    assert new.secret.encode() not in bytes(row.secret)
    assert webhook_signatures.unseal(bytes(row.secret), ring, row.id) == new.secret
    # moved to another row it does not open
    with pytest.raises(SealBrokenError):
        webhook_signatures.unseal(bytes(row.secret), ring, ids.uuid7())
    with pytest.raises(ConflictError):
        register(URL)
    [entry] = ask("SELECT act, subject, data FROM audit_entry WHERE act LIKE 'endpoint.%'")
    assert tuple(entry) == ("endpoint.register", ZTO, {"url": URL})


@pytest.mark.parametrize(
    "audience", ["ZTO", "carrier:", "carrier:NOBODY", "hotline:999999", "bureau:C330100", "carrier:zto", ""]
)
def test_only_carriers_and_regions_that_are_known_are_audiences(audience: str, register: Register) -> None:
    with pytest.raises(InvalidInputError):
        register(URL, audience)


def test_a_hotline_is_an_audience_by_its_region(register: Register) -> None:
    assert register(URL, "hotline:330100").audience == "hotline:330100"


def test_both_secrets_sign_until_the_time_is_over(
    register: Register, receiver: Receiver, db: Database, run: Run, ring: KeyRing, sender: Sender, ask: Ask
) -> None:
    old = register(receiver.url)
    new = run(endpoints.rotate(db, ring, audience=ZTO, actor="tests"))
    assert new.secret != old.secret
    run(dispatch.ping_audience(db, ring, sender, ZTO))
    ask("UPDATE endpoint SET previous_until = clock_timestamp()")
    run(dispatch.ping_audience(db, ring, sender, ZTO))
    both, alone = receiver.got
    assert len(both.headers["webhook-signature"].split(" ")) == 2
    for secret in (old.secret, new.secret):
        Webhook(secret).verify(both.body, both.headers)
    Webhook(new.secret).verify(alone.body, alone.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old.secret).verify(alone.body, alone.headers)


def test_the_time_of_both_is_chosen(
    register: Register, db: Database, run: Run, ring: KeyRing, ask: Ask
) -> None:
    register(URL)
    run(endpoints.rotate(db, ring, audience=ZTO, actor="tests", overlap=timedelta(hours=2)))
    [row] = ask("SELECT previous_until - clock_timestamp() AS rest FROM endpoint")
    assert timedelta(minutes=119) < row.rest <= timedelta(hours=2)


def test_a_ping_is_sent_once_and_leaves_no_delivery(
    register: Register, receiver: Receiver, db: Database, run: Run, ring: KeyRing, sender: Sender, ask: Ask
) -> None:
    secret = register(receiver.url).secret
    run(endpoints.disable(db, audience=ZTO, reason="not yet", actor="tests"))
    receiver.answering = lambda _got: Reply(503)
    assert run(dispatch.ping_audience(db, ring, sender, ZTO)).status == 503
    [got] = receiver.got
    event = Webhook(secret).verify(got.body, got.headers)
    assert (event["type"], event["data"]) == ("shensu.ping", {})
    assert ask("SELECT count(*) AS n FROM delivery")[0].n == 0


def test_what_waits_goes_to_the_new_address(
    register: Register,
    receiver: Receiver,
    db: Database,
    run: Run,
    cases: Callable[[int], list[Case]],
    tell: Callable[..., None],
    deliver: Callable[..., int],
) -> None:
    with Receiver() as away:
        new = register(away.url)
    for case in cases(6):
        tell(case, 2)
    deliver(new)
    run(endpoints.move(db, audience=ZTO, url=receiver.url, development=True, actor="tests"))
    assert deliver(new) == 6
    assert len(receiver.got) == 6


def test_the_list_shows_what_waits_and_no_secret(
    register: Register, db: Database, run: Run, cases: Callable[[int], list[Case]], tell: Callable[..., None]
) -> None:
    register(URL)
    register(URL, "carrier:YTO")
    for case in cases(2):
        tell(case, 2)
    yto, zto = run(endpoints.list_endpoints(db))
    assert (zto["audience"], zto["waiting"], zto["oldest"] is not None) == (ZTO, 2, True)
    assert (yto["waiting"], yto["oldest"]) == (0, None)
    assert not {"secret", "previous_secret"} & zto.keys()


def test_nothing_is_done_for_an_audience_that_has_no_address(
    db: Database, run: Run, ring: KeyRing, sender: Sender
) -> None:
    for attempt in (
        endpoints.rotate(db, ring, audience=ZTO, actor="tests"),
        endpoints.disable(db, audience=ZTO, reason="", actor="tests"),
        endpoints.enable(db, audience=ZTO, actor="tests"),
        endpoints.move(db, audience=ZTO, url=URL, development=False, actor="tests"),
        dispatch.ping_audience(db, ring, sender, ZTO),
    ):
        with pytest.raises(NotFoundError, match="endpoint list"):
            run(attempt)
