"""A leaked database shows no person: no name, number, address or word of theirs in any column of any table, or any log.

The key file stays outside; what is left in a dump is sealed records and keyed indexes.
"""

import base64
import hashlib
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from stdnum.iso7064 import mod_11_2

from tests.running import Stack

Filing = Callable[..., dict[str, Any]]
NDJSON = {"Content-Type": "application/x-ndjson"}
WAYBILL = "7591827364550"


def _card(body: str) -> str:
    return body + mod_11_2.calc_check_digit(body)


PERSON: dict[str, Any] = {
    "name": "欧阳金丝雀",
    "phone": "13987650123",
    "role": "AGENT",
    "identity_card": _card("33010619851126753"),
    "address": "浙江省杭州市西湖区金丝雀巷987号",
    "agent": {"name": "端木画眉", "phone": "057198761234", "authorisation_ref": "A-1"},
}
CANARIES = {
    "欧阳金丝雀",
    "金丝雀",
    "13987650123",
    PERSON["identity_card"],
    "33010619851126753",
    "金丝雀巷987号",
    "端木画眉",
    "57198761234",
    "诸葛百灵",
    "13698765012",
    "百灵路654号",
    "司徒夜莺",
    "13598765012",
    "夜莺街321号",
    "争议发生在布谷鸟巷",
    "布谷鸟",
    "我的快递被喜鹊叼走了",
    "请把喜鹊抓回来",
    "喜鹊客服热线",
    "喜鹊说不归它管",
    WAYBILL,
}


def _with_canaries(filing: Filing, **changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "external_ref": uuid.uuid4().hex,
        "complainant": PERSON,
        "sender": {"name": "诸葛百灵", "phone": "13698765012", "address": "上海市黄浦区百灵路654号"},
        "addressee": {
            "name": "司徒夜莺",
            "phone": "+86 135-9876-5012",
            "address": "杭州市西湖区夜莺街321号",
            "region_code": "330106",
        },
        "dispute": {"address": "争议发生在布谷鸟巷"},
        "item": {"waybill": WAYBILL},
        "cause": "我的快递被喜鹊叼走了",
        "request": "请把喜鹊抓回来",
        "enterprise_complaint": {
            "outcome": "DISSATISFIED",
            "channel": "喜鹊客服热线",
            "result": "喜鹊说不归它管",
        },
    }
    return filing(**(plain | changes))


@pytest.fixture(scope="module")
def filed(stack: Stack, filing: Filing) -> list[str]:
    """File the canaries by every way there is, some of them wrongly, and wait until all that was stored is routed."""
    headers = stack.as_client("call-centre")
    numbers = [stack.post(_with_canaries(filing)).json()["number"]]
    rows = [_with_canaries(filing), _with_canaries(filing, carrier_code="NOBODY"), _with_canaries(filing)]
    batch = stack.http.post(
        f"{stack.intake}/v1/complaints/batch",
        content=b"\n".join(map(orjson.dumps, rows)),
        headers=headers | NDJSON,
    ).json()
    numbers += [result["receipt"]["number"] for result in batch["results"] if result["status"] == 201]
    for wrong in (
        {"colour": "欧阳金丝雀"},
        {"cause": "我的快递被喜鹊叼走了\x00"},
        {"issue_code": "13987650123"},
    ):
        assert stack.post(_with_canaries(filing, **wrong)).status_code == 422
    numbers += _imported(stack, filing)
    numbers.append(_ordered(stack))
    assert len(numbers) == 5
    for number in numbers:
        stack.wait_until_routed(number)
        stack.get(f"/v1/complaints/{number}/explanation")
    return numbers


def _ordered(stack: Stack) -> str:
    caller = {name: PERSON[name] for name in ("name", "phone", "identity_card")} | {"contact": "13598765012"}
    order = {
        "order_no": uuid.uuid4().hex,
        "kind": "COMPLAIN",
        "caller": caller,
        "title": "请把喜鹊抓回来",
        "waybill": WAYBILL,
        "content": "我的快递被喜鹊叼走了",
        "dispatch_advice": "请联系欧阳金丝雀",
        "company_name": "喜鹊客服热线",
        "place": {"address": "争议发生在布谷鸟巷"},
        "confidential": True,
    }
    headers = stack.as_client("hotline-hangzhou")
    url = f"{stack.intake}/v1/hotline/orders"
    number: str = stack.http.post(url, json=order, headers=headers).json()["number"]
    urged = stack.http.post(
        f"{url}/{order['order_no']}/urge",
        json={"note": "欧阳金丝雀又来电"},
        headers=headers | {"Idempotency-Key": "U-1"},
    )
    assert urged.status_code == 200, urged.text
    return number


def _imported(stack: Stack, filing: Filing) -> list[str]:
    outcome = {"closed_at": "2019-03-20T10:00:00+08:00", "close_reason": "SETTLED", "responsibility": "NONE"}
    rows = [
        _with_canaries(filing, received_at="2019-03-05T10:00:00+08:00", outcome=outcome | wrong)
        for wrong in ({}, {"close_reason": "NOBODY"})
    ]
    part = b"\n".join(map(orjson.dumps, rows))
    digest = hashlib.sha256(part).hexdigest()
    whole = hashlib.sha256(digest.encode()).hexdigest()
    manifest = {"name": uuid.uuid4().hex, "rows": 2, "part_sha256": [digest], "sha256": whole}
    headers = stack.as_client("legacy-import")
    announced = stack.http.post(f"{stack.intake}/v1/imports", json=manifest, headers=headers).json()
    url = f"{stack.intake}/v1/imports/{announced['id']}/parts/0"
    results = stack.http.put(url, content=part, headers=headers | NDJSON).json()["results"]
    return [result["number"] for result in results if result["status"] == 201]


def _forms(canary: str) -> Iterator[bytes]:
    """Every form in which a canary may stand in a dump."""
    plain = canary.encode()
    yield plain
    yield plain.hex().encode()
    yield canary.encode("utf-16-le").hex().encode()
    yield orjson.dumps(canary)[1:-1]
    yield canary.encode("unicode_escape")
    # base64 without the ends, which depend on what stands beside
    yield from (base64.b64encode(plain[start : start + (len(plain) - start) // 3 * 3]) for start in range(3))
    if canary.isascii():
        digest = hashlib.sha256(plain)
        yield from (digest.digest(), digest.hexdigest().encode(), hashlib.md5(plain).hexdigest().encode())  # noqa: S324 - looked for, not relied on


def _assert_clean(content: bytes, where: str) -> None:
    lowered = content.lower()
    leaks = [canary for canary in CANARIES for form in _forms(canary) if form.lower() in lowered]
    assert leaks == [], where


def _dump(stack: Stack) -> dict[str, bytes]:
    tables = stack.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    dumped = {}
    for (table,) in tables:
        rows = stack.query(f'SELECT t::text FROM "{table}" t')
        dumped[table] = "\n".join(row[0] for row in rows).encode()
    binary = stack.query(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type = 'bytea'"
    )
    for table, column in binary:
        rows = stack.query(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
        dumped[f"{table}.{column}"] = b"\n".join(bytes(row[0]) for row in rows)
    return dumped


def test_no_table_shows_a_person(stack: Stack, filed: list[str]) -> None:
    dumped = _dump(stack)
    # the dump is of the cases: what stands open in it is found
    assert filed[0].encode() in dumped["complaint"]
    assert len(dumped["complaint_party.sealed"]) > 4 * 500
    assert {"case_event", "request_key", "import_part", "task", "dirty_day", "daily_fact"} <= dumped.keys()
    for where, content in dumped.items():
        _assert_clean(content, where)


def test_no_log_shows_a_person(stack: Stack, filed: list[str]) -> None:
    time.sleep(0.3)
    logs = sorted((stack.home / "logs").iterdir())
    assert {log.name for log in logs} >= {
        "intake_api.log",
        "routing_worker.log",
        "analytics_api.log",
        "postgres.log",
    }
    assert filed
    for log in logs:
        _assert_clean(log.read_bytes(), log.name)


def test_the_search_would_find_a_canary() -> None:
    for hidden in ("x金丝雀x".encode(), "x金丝雀x".encode().hex().encode(), b"\\u91d1\\u4e1d\\u96c0"):
        with pytest.raises(AssertionError):
            _assert_clean(hidden, "planted")


def test_answers_and_figures_show_no_person(stack: Stack, filed: list[str]) -> None:
    for number in filed:
        for path in (f"/v1/complaints/{number}", f"/v1/complaints/{number}/explanation"):
            _assert_clean(stack.get(path).content, path)
    _assert_clean(stack.get("/v1/complaints?limit=200").content, "list")
    _assert_clean(stack.http.get(f"{stack.intake}/metrics").content, "metrics")
