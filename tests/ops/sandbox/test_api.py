"""The carrier's client of the platform: what it sends and reads reaches the case, under its key."""

from collections.abc import Callable
from typing import Any

from ops.sandbox import behaviours
from ops.sandbox.api import ApiKey, CarrierApi
from tests.running import Stack


def test_a_carrier_reads_acknowledges_replies_and_tracks(
    api: CarrierApi, forwarded: Callable[..., str], case_of: Callable[[str], dict[str, Any]]
) -> None:
    number = forwarded()
    assert api.case(number).json()["number"] == number
    assert api.acknowledge(number).status_code == 200
    scan = {
        "event_id": f"api-{number}",
        "number": number,
        "system": "KDNIAO",
        "code": "1",
        "occurred_at": "2026-03-01T09:00:00+08:00",
    }
    assert api.track([scan]).status_code == 200
    assert api.reply(number, behaviours.whole("r-1")).status_code in {200, 201}
    assert [reply["reply_ref"] for reply in api.replies(number).json()["replies"]] == ["r-1"]
    assert case_of(number)["status"] == "REPLIED"


def test_a_feed_goes_on_behind_its_cursor(api: CarrierApi, forwarded: Callable[..., str]) -> None:
    number = forwarded()
    numbers: list[str] = []
    after: str | None = None
    while True:
        page = api.feed(after, limit=5).json()
        assert len(page["items"]) <= 5
        if not page["items"]:
            break
        numbers += [item["subject"] for item in page["items"]]
        after = page["next"]
    assert any(number in subject for subject in numbers)


def test_a_wrong_key_is_refused(stack: Stack) -> None:
    with CarrierApi(stack.intake, ApiKey("sk_test_wrong")) as api:
        assert api.feed(None).status_code == 401
