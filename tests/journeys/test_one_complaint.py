"""One complaint end to end: posted, routed, explained, counted."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from tests.running import Stack, wait_for

Filing = Callable[..., dict[str, Any]]


def _received_today(stack: Stack) -> int:
    answer = stack.http.get(
        f"{stack.analytics}/v1/figures/volume",
        params={"period": "day", "last": "1", "basis": "received"},
        headers=stack.as_client("dashboard"),
    )
    return int(answer.json()["totals"][-1]["count"])


def test_a_complaint_reaches_its_bureau_and_counts(stack: Stack, filing: Filing) -> None:
    before = _received_today(stack)
    posted = stack.post(filing(urgency=["DEPUTY"], item={"waybill": "75998877665501"}))
    assert posted.status_code == 201
    receipt = posted.json()
    assert posted.headers["location"] == f"/v1/complaints/{receipt['number']}"

    case = stack.wait_until_routed(receipt["number"])
    assert case["handling_bureau"]["name"] == "杭州市邮政管理局"
    assert case["supervising_bureau"]["name"] == "浙江省邮政管理局"
    assert case["level"] == "L2"
    assert case["copied_to"] == ["P330000"]
    assert case["persons"]["complainant"] == {"name": "王**", "phone": "138******00"}

    number = receipt["number"]
    wait_for(
        lambda: True if stack.get(f"/v1/complaints/{number}").json()["status"] == "FORWARDED" else None,
        "forwarded",
    )
    explanation = stack.get(f"/v1/complaints/{receipt['number']}/explanation").json()
    assert explanation["assignment"]["rule"] == "R4"
    assert [check["outcome"] for check in explanation["admission"]["checks"]] == ["passed"] * 8
    assert [event["kind"] for event in explanation["history"]] == [
        "RECEIVED",
        "ROUTED",
        "ACCEPTED",
        "FORWARDED",
    ]

    wait_for(lambda: True if _received_today(stack) > before else None, "the figure moved")


def test_a_complaint_without_a_place_waits_in_triage(stack: Stack, filing: Filing) -> None:
    number = stack.post(filing(addressee=None)).json()["number"]
    case = stack.wait_until_routed(number)
    assert case["triage"]
    assert case["handling_bureau"]["code"] == "N000000"
    assert case["status"] == "RECEIVED"
    listed = stack.get("/v1/complaints?triage=true&limit=200", client="bureau-desk").json()
    assert number in {item["number"] for item in listed["items"]}


def test_history_is_placed_and_counted_but_not_worked(stack: Stack, filing: Filing) -> None:
    rows = [
        filing(
            external_ref=f"old-{n}",
            received_at="2016-07-05T10:00:00+08:00",
            outcome={
                "closed_at": "2016-07-20T10:00:00+08:00",
                "close_reason": "SETTLED",
                "responsibility": "ENTERPRISE",
                "satisfied_administration": True,
            },
        )
        for n in range(3)
    ]
    part = "\n".join(json.dumps(row) for row in rows).encode()
    digest = hashlib.sha256(part).hexdigest()
    manifest = {
        "name": "old system",
        "rows": 3,
        "part_sha256": [digest],
        "sha256": hashlib.sha256(digest.encode()).hexdigest(),
    }
    headers = stack.as_client("legacy-import")
    announced = stack.http.post(f"{stack.intake}/v1/imports", json=manifest, headers=headers)
    assert announced.status_code == 201
    assert announced.json()["missing_parts"] == [0]
    url = f"{stack.intake}/v1/imports/{announced.json()['id']}"
    ndjson = headers | {"Content-Type": "application/x-ndjson"}
    first = stack.http.put(f"{url}/parts/0", content=part, headers=ndjson).json()
    assert [result["status"] for result in first["results"]] == [201, 201, 201]
    assert stack.http.put(f"{url}/parts/0", content=part, headers=ndjson).json() == first
    completed = stack.http.post(f"{url}/complete", headers=headers).json()
    assert (completed["completed"], completed["refused_rows"]) == (True, 0)

    number = first["results"][0]["number"]
    case = wait_for(
        lambda: case if (case := stack.get(f"/v1/complaints/{number}").json())["routed_at"] else None,
        "placed",
    )
    assert (case["status"], case["handling_bureau"]["code"]) == ("CLOSED", "C330100")

    def _circular() -> Any:
        answer = stack.http.get(
            f"{stack.analytics}/v1/circulars/2016-07", headers=stack.as_client("dashboard")
        ).json()
        return answer if answer["summary"]["complaints"]["total"]["count"] == 3 else None

    wait_for(_circular, "the circular of 2016-07 counts three cases")
