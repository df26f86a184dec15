"""Search for people at the telephone: by what a caller knows, within sight, in few statements, audited without values."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from services.access.clients import Caller
from services.casework.session import DeskSession
from services.intake.preparation import IntakeContext, Prepared
from services.views import search
from shared import clock

Make = Callable[..., str]
Ask = Callable[..., list[Any]]
Find = Callable[..., dict[str, Any]]
CARD = "53010219200508011X"
WAYBILL = "75123456789012"
PERSON = {"name": "王小明", "phone": "13900139000", "role": "ADDRESSEE", "identity_card": CARD}
ANHUI = {"addressee": {"region_code": "340111"}}


def numbers(matches: dict[str, Any]) -> list[str]:
    return [item["number"] for item in matches["items"]]


def test_each_criterion_finds_its_cases_and_no_other(received: Make, forwarded: Make, find: Find) -> None:
    number = received(external_ref="A-1", complainant=PERSON, item={"waybill": WAYBILL})
    # of another person, enterprise, channel and level, and farther on
    other = forwarded(carrier_code="YTO", channel="WEB", urgency=["DEPUTY"])
    today = clock.civil_day(clock.now())
    yesterday = (today - timedelta(days=1)).isoformat()
    only_one: list[dict[str, Any]] = [
        {"number": number},
        {"external_ref": "A-1"},
        {"waybill": WAYBILL},
        {"waybill": " 7512345 6789012"},
        {"phone": "13900139000"},
        {"phone": "+86 139-0013-9000"},
        {"identity_card": CARD.lower()},
        {"carrier_code": "ZTO"},
        {"status": "RECEIVED"},
        {"channel": "PHONE_12305"},
        {"level": "L0"},
    ]
    for criteria in only_one:
        matches = find(**criteria)
        assert (numbers(matches), matches["next"]) == ([number], None), criteria
    for criteria in ({"bureau": "C330100"}, {"received_from": yesterday}, {"received_to": today.isoformat()}):
        assert set(numbers(find(**criteria))) == {number, other}
    assert numbers(find(received_to=yesterday)) == []
    assert numbers(find(phone="13900139000", carrier_code="YTO")) == []
    assert numbers(find(waybill=WAYBILL, status="RECEIVED", bureau="C330100", channel="PHONE_12305")) == [
        number
    ]
    assert numbers(find(number=number, phone="13800138000")) == []


def test_a_hit_says_what_the_agent_reads_out_and_names_nobody(received: Make, act: Any, find: Find) -> None:
    number = received(complainant=PERSON, item={"waybill": WAYBILL})
    act(
        number,
        "refuse",
        ground="TIME_BARRED",
        legal_basis="2014 art. 9(6)",
        reason="超过一年，王小明已知悉。",
    )
    [hit] = find(phone="13900139000")["items"]
    assert hit["sentence"]["zh"].startswith(f"您的申诉（尾号{number[-4:]}）已于")
    assert "经审查不予受理，原因是：超过一年。" in hit["sentence"]["zh"]
    assert (hit["status_name"], hit["handling_bureau"]["name"]) == ("不予受理", "杭州市邮政管理局")
    for secret in ("小明", "13900139000", WAYBILL, CARD, "快件显示"):
        assert secret not in str(hit)


def test_everybody_searches_within_sight(
    received: Make,
    forwarded: Make,
    find: Find,
    desk: Callable[..., DeskSession],
    new_context: Callable[..., IntakeContext],
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
) -> None:
    hangzhou, hefei = received(), received(**ANHUI)
    stranger = new_context("complaint:write", "complaint:read")
    [theirs] = store([prepare(of=stranger)])
    for criteria in (
        {"carrier_code": "ZTO"},
        {"phone": "13800138000"},
        {"level": "L0"},
        {"text": "签收"},
    ):
        assert set(numbers(find(**criteria))) == {hangzhou, hefei, theirs}
        assert numbers(find(stranger.caller, **criteria)) == [theirs]
        assert numbers(find(desk(), **criteria)) == [hangzhou]
        assert numbers(find(desk("P330000"), **criteria)) == [hangzhou]
        assert numbers(find(desk("C330200"), **criteria)) == []
        assert set(numbers(find(desk("N000000"), **criteria))) == {hangzhou, hefei, theirs}
    # Hefei lets the machine take cases up
    assert set(numbers(find(status="RECEIVED"))) == {hangzhou, theirs}
    assert numbers(find(desk("P330000"), status="RECEIVED")) == [hangzhou]
    assert numbers(find(desk(), bureau="C340100")) == []
    assert numbers(find(desk(), number=hefei)) == []
    grave = forwarded(urgency=["SAFETY"], **ANHUI)
    assert numbers(find(desk("P340000"), level="L3")) == [grave]


def test_words_are_found_in_what_was_complained_of(received: Make, find: Find) -> None:
    number = received(cause="包裹外包装破损，内件缺少ABC-1型号配件。", request="请赔偿。")
    two = received(cause="快件在中转站停留超过十天。", request="请尽快派送破损险。")
    assert set(numbers(find(text="破损"))) == {number, two}
    assert numbers(find(text="破损 配件")) == [number]
    assert numbers(find(text="abc-1")) == [number]
    assert numbers(find(text="ＡＢＣ-１")) == [number]
    assert numbers(find(text="十天", carrier_code="ZTO")) == [two]
    # names are no words of the matter
    matches = find(text="王小明")
    assert (numbers(matches), matches["cases_read"], matches["next"]) == ([], 2, None)
    assert "cases_read" not in find(carrier_code="ZTO")


def test_a_text_search_goes_on_where_it_stopped(
    received: Make, find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [received(cause=f"第{place}件，{'破损' if place % 3 == 0 else '延误'}") for place in range(10)]
    monkeypatch.setattr(search, "READ", 4)
    seen, looked, cursor = [], 0, None
    for _ in range(10):
        matches = find(text="破损", limit=1, cursor=cursor)
        seen += numbers(matches)
        looked += matches["cases_read"]
        assert matches["cases_read"] <= 4
        if (cursor := matches["next"]) is None:
            break
    assert seen == [made[place] for place in (9, 6, 3, 0)]
    assert looked >= 10


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
@pytest.mark.parametrize("look", [2, 3, 7, 10_000])
def test_a_search_looks_so_far_and_its_cursor_goes_on_without_a_hole(
    limit: int, look: int, received: Make, find: Find, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LOOK", look)
    made = [received(channel="WEB" if place % 3 else "WECHAT") for place in range(7)]
    # some of the same moment
    ask("UPDATE complaint SET received_at = date_trunc('second', received_at)")
    ordered = [row.number for row in ask("SELECT number FROM complaint ORDER BY received_at DESC, id DESC")]
    expected = [number for number in ordered if number in {made[0], made[3], made[6]}]
    seen: list[str] = []
    cursor = None
    for _ in range(20):
        matches = find(channel="WECHAT", limit=limit, cursor=cursor)
        seen += numbers(matches)
        if (cursor := matches["next"]) is None:
            break
    else:
        pytest.fail("the search never ends")
    assert seen == expected


def test_a_search_costs_at_most_three_statements_and_its_record(
    received: Make,
    find: Find,
    desk: Callable[..., DeskSession],
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    number, *_ = [received() for _ in range(7)]
    who = desk()
    for criteria, cost in (
        ({"phone": "13800138000"}, 3),
        ({"phone": "13800138000", "limit": 1}, 3),
        ({"phone": "13900139000"}, 2),
        ({"carrier_code": "ZTO"}, 2),
        ({"carrier_code": "ZTO", "limit": 1}, 2),
        ({"status": "RECEIVED", "level": "L3"}, 1),
        ({"text": "签收"}, 3),
        ({"number": number}, 2),
    ):
        with statements() as sent:
            find(who, **criteria)
        assert len(sent) == cost, (criteria, sent)


def test_searches_by_person_or_words_are_audited_without_the_value(
    received: Make, find: Find, ask: Ask, desk: Callable[..., DeskSession], everyone: Caller
) -> None:
    number = received(complainant=PERSON, item={"waybill": WAYBILL})
    find(carrier_code="ZTO")
    find(number=number)
    assert ask("SELECT * FROM audit_entry WHERE act = 'case.search'") == []
    find(phone="13900139000", carrier_code="ZTO")
    find(desk(), identity_card=CARD)
    find(waybill="ZZ999999")
    find(text="签收")
    rows = ask("SELECT actor, subject, data FROM audit_entry WHERE act = 'case.search' ORDER BY id")
    assert [(row.actor, row.data["by"], row.data["numbers"]) for row in rows] == [
        (everyone.name, ["carrier_code", "phone"], [number]),
        ("C330100/li.na", ["identity_card"], [number]),
        (everyone.name, ["waybill"], []),
        (everyone.name, ["text"], [number]),
    ]
    assert rows[1].data["key"] == "desk-C330100"
    for secret in ("13900139000", CARD, "ZZ999999", "签收"):
        assert secret not in str([row.data for row in rows]).replace(number, "")
