"""Every bad input that the field sends: each is refused with what to change, or taken; nothing is doubled or lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import httpx
import orjson
import pytest
from stdnum.iso7064 import mod_11_2

from shared import clock
from tests.problems import assert_problem

Filing = Callable[..., dict[str, Any]]
Send = Callable[..., httpx.Response]
CANARY = "kanarienvogel"
PERSON = {"name": "王小明", "phone": "13800138000", "role": "ADDRESSEE"}


def _card(body: str, *, wrong: bool = False) -> str:
    digit = mod_11_2.calc_check_digit(body)
    return body + ("0123456789X"[("0123456789X".index(digit) + 5) % 11] if wrong else digit)


def _person(**changes: Any) -> dict[str, Any]:
    return {"complainant": PERSON | changes}


def _day(days: int) -> str:
    return clock.civil_day(clock.now() + timedelta(days=days)).isoformat()


def _moment(days: float) -> str:
    return (clock.now() + timedelta(days=days)).isoformat()


class Refused(NamedTuple):
    """A change of a good filing that is refused: where, as what; and what of it must appear nowhere."""

    case: str
    changes: dict[str, Any]
    pointer: str
    code: str
    canary: str = ""


EXTREME = "9999-12-31T23:59:59-10:00"
REFUSED = (
    Refused("unknown region", {"addressee": {"region_code": "918273"}}, "/addressee/region_code", "unknown-region", "918273"),
    Refused("region of words", {"dispute": {"region_code": CANARY}}, "/dispute/region_code", "string_pattern_mismatch", CANARY),
    Refused("full-width region", {"addressee": {"region_code": "３３０１０６"}}, "/addressee/region_code", "string_pattern_mismatch", "３３０１０６"),
    Refused("unknown carrier", {"carrier_code": CANARY}, "/carrier_code", "unknown-carrier", CANARY),
    Refused("carrier of SQL", {"carrier_code": "ZTO'; DROP TABLE complaint--"}, "/carrier_code", "string_pattern_mismatch", "DROP TABLE"),
    Refused("unknown issue", {"issue_code": CANARY}, "/issue_code", "unknown-issue", CANARY),
    Refused("unknown issue detail", {"issue_detail_code": CANARY}, "/issue_detail_code", "unknown-issue", CANARY),
    Refused("issue of another business", {"issue_code": "PHILATELY_SERVICE", "business": "EXPRESS"}, "/issue_code", "unknown-issue", "PHILATELY_SERVICE"),
    Refused("unknown channel", {"channel": CANARY}, "/channel", "enum", CANARY),
    Refused("a carrier's channel", {"channel": "CARRIER_FEED"}, "/channel", "not-your-channel", "CARRIER_FEED'"),
    Refused("unknown urgency", {"urgency": [CANARY]}, "/urgency/0", "enum", CANARY),
    Refused("unknown bureau from above", {"channel": "UPPER_BUREAU", "upper_assignment": CANARY}, "/upper_assignment", "unknown-bureau", CANARY),
    Refused("phone of words", _person(phone=CANARY), "/complainant/phone", "invalid-phone", CANARY),
    Refused("phone too short", _person(phone="7654"), "/complainant/phone", "invalid-phone"),
    Refused("phone in a sentence", _person(phone="call 13811112222"), "/complainant/phone", "invalid-phone", "13811112222"),
    Refused("phone of a party", {"addressee": {"phone": "1x"}}, "/addressee/phone", "invalid-phone"),
    Refused("bad check digit", _person(identity_card=_card("11010119900307123", wrong=True)), "/complainant/identity_card", "invalid-identity-card", "11010119900307123"),
    Refused("id of no date", _person(identity_card=_card("11010119901307123")), "/complainant/identity_card", "invalid-identity-card", "11010119901307123"),
    Refused("id of the old form", _person(identity_card="110101900307123"), "/complainant/identity_card", "invalid-identity-card", "110101900307123"),
    Refused("received in the future", {"received_at": _moment(1)}, "/received_at", "in-the-future"),
    Refused("received at the end of time", {"received_at": EXTREME}, "/received_at", "in-the-future", EXTREME),
    Refused("received at the beginning of time", {"received_at": "0001-01-01T00:00:00+14:00"}, "/received_at", "too-long-ago", "0001-01-01"),
    Refused("received long ago", {"received_at": _moment(-31)}, "/received_at", "too-long-ago"),
    Refused("received without offset", {"received_at": "2019-03-04T10:00:00"}, "/received_at", "timezone_aware", "2019-03-04"),
    Refused("received on no day", {"received_at": f"2026-02-30 {CANARY}"}, "/received_at", "datetime_parsing", CANARY),
    Refused("mailed after receipt", {"item": {"mailed_on": _day(1)}}, "/item/mailed_on", "after-receipt"),
    Refused("mailed before the posts", {"item": {"mailed_on": "1026-01-01"}}, "/item/mailed_on", "too-long-ago", "1026-01-01"),
    Refused("mailed on no day", {"item": {"mailed_on": "2026-02-30"}}, "/item/mailed_on", "date_parsing", "2026-02-30"),
    Refused("complained after receipt", {"enterprise_complaint": {"outcome": "PENDING", "complained_on": _day(2)}}, "/enterprise_complaint/complained_on", "after-receipt"),
    Refused("NUL", {"cause": f"{CANARY}\x00"}, "/cause", "string_pattern_mismatch", CANARY),
    Refused("escape characters", {"cause": f"\x1b[31m{CANARY}"}, "/cause", "string_pattern_mismatch", CANARY),
    Refused("NUL in a name", _person(name=f"{CANARY}\x00"), "/complainant/name", "string_pattern_mismatch", CANARY),
    Refused("NUL in a reference", {"external_ref": f"{CANARY}\x00"}, "/external_ref", "string_pattern_mismatch", CANARY),
    Refused("NUL in a waybill", {"item": {"waybill": f"{CANARY}\x00"}}, "/item/waybill", "string_pattern_mismatch", CANARY),
    Refused("line separator", {"request": f"{CANARY}\u2028"}, "/request", "string_pattern_mismatch", CANARY),
    Refused("text too long", {"cause": CANARY * 400}, "/cause", "string_too_long", CANARY),
    Refused("text empty", {"cause": ""}, "/cause", "string_too_short"),
    Refused("negative money", {"requested_fen": -47114711}, "/requested_fen", "greater_than_equal", "47114711"),
    Refused("money beyond all", {"requested_fen": 10**13 + 47114711}, "/requested_fen", "less_than_equal", "47114711"),
    Refused("money in yuan", {"requested_fen": 4711.4711}, "/requested_fen", "int_type", "4711.4711"),
    Refused("money in quotes", {"requested_fen": "47114711"}, "/requested_fen", "int_type", "47114711"),
    Refused("bool for a number", {"requested_fen": True}, "/requested_fen", "int_type"),
    Refused("number for a text", {"cause": 4711471147}, "/cause", "string_type", "4711471147"),
    Refused("list for an object", {"complainant": [CANARY]}, "/complainant", "model_type", CANARY),
    Refused("unknown field", {"colour": CANARY}, "/colour", "extra_forbidden", CANARY),
    Refused("unknown field inside", _person(nick_name=CANARY), "/complainant/nick_name", "extra_forbidden", CANARY),
    Refused("unknown field with a slash", {"a/b~c": CANARY}, "/a~1b~0c", "extra_forbidden", CANARY),
    Refused("field missing", {"cause": None}, "/cause", "missing"),
    Refused("agent missing", _person(role="AGENT"), "/complainant/agent", "missing"),
    Refused("agent of nobody", _person(agent={"name": CANARY}), "/complainant/agent", "does-not-fit", CANARY),
)  # fmt: skip


@pytest.mark.parametrize("wanted", REFUSED, ids=lambda wanted: wanted.case)
def test_is_refused(wanted: Refused, send: Send, filing: Filing) -> None:
    answer = send(orjson.dumps(filing(**wanted.changes)), canary=wanted.canary)
    problem = assert_problem(answer, 422, "invalid-input", canary=wanted.canary)
    assert (wanted.pointer, wanted.code) in [(fault["pointer"], fault["code"]) for fault in problem["errors"]]


def test_money_beyond_every_integer_is_refused(send: Send, filing: Filing) -> None:
    huge = "9" * 400
    body = orjson.dumps(filing(requested_fen=4711)).replace(b"4711", huge.encode())
    problem = assert_problem(send(body, canary=huge), 422, canary=huge)
    assert problem["errors"][0]["pointer"] == "/requested_fen"


def test_every_fault_is_named_at_once(send: Send, filing: Filing) -> None:
    wrong = filing(carrier_code="NOBODY", issue_code="NOTHING", addressee={"region_code": "000001", "phone": "1"})
    problem = assert_problem(send(orjson.dumps(wrong)), 422, "invalid-input")
    assert {fault["pointer"] for fault in problem["errors"]} == {
        "/carrier_code", "/issue_code", "/addressee/region_code", "/addressee/phone",
    }  # fmt: skip


SPLIT, RENAMED = "330104", "500105"
TAKEN = {
    "abolished district, split": ({"addressee": {"region_code": SPLIT}}, {"region-mapped"}),
    "abolished district, merged": ({"addressee": {"region_code": RENAMED}}, {"region-mapped"}),
    "phone 10086": (_person(phone="10086"), set()),
    "phone 12305": (_person(phone="12305"), set()),
    "phone in full-width digits": (_person(phone="１３８００１３８０００"), set()),
    "fixed telephone": (_person(phone="(0571) 8765-4321"), set()),
    "id of an abolished district": (_person(identity_card=_card("33010419900307123")), set()),
    "id newer than the table": (_person(identity_card=_card("50019920250307123")), set()),
    "id in full-width digits and small x": (_person(identity_card="５３０１０２１９２００５０８０１１ｘ"), set()),
    "waybill in full-width digits": ({"item": {"waybill": "７５１２３４５６７８９０１２"}}, set()),
    "waybill of words": ({"item": {"waybill": "包裹没有单号"}}, {"waybill-unreadable"}),
    "waybill with a wrong check digit": ({"item": {"waybill": "RA123456789CN"}}, {"waybill-check-digit"}),
    "waybill of another carrier": ({"item": {"waybill": "X1"}}, {"waybill-unreadable"}),
    "emoji": ({"cause": "快递员把包裹扔了😡👨‍👩‍👧‍👦🇨🇳", "complainant": PERSON | {"name": "小😀"}}, set()),
    "rare characters": (_person(name="𠮷𡃁·买买提"), set()),
    "SQL": ({"cause": "'; DROP TABLE complaint; --", "request": '" OR 1=1 /*'}, set()),
    "formula": ({"cause": '=HYPERLINK("http://x","y")', "request": "@SUM(1+1)*cmd|' /C calc'!A0"}, set()),
    "line breaks and tabs": ({"cause": "第一\r\n第二\t第三"}, set()),
    "the greatest money": ({"requested_fen": 10**13, "item": {"declared_value_fen": 0}}, set()),
    "a clock two minutes ahead": ({"received_at": _moment(2 / 1440)}, set()),
    "mailed on the day of receipt": ({"item": {"mailed_on": _day(0)}}, set()),
}  # fmt: skip


@pytest.mark.parametrize("case", TAKEN)
def test_is_taken(case: str, send: Send, filing: Filing) -> None:
    changes, notices = TAKEN[case]
    answer = send(orjson.dumps(filing(**changes)))
    assert answer.status_code == 201, answer.text
    assert {notice["code"] for notice in answer.json()["notices"]} == notices


def test_an_abolished_district_is_kept_under_what_became_of_it(send: Send, filing: Filing) -> None:
    places = {"addressee": {"region_code": SPLIT}, "sender": {"region_code": RENAMED}}
    receipt = send(orjson.dumps(filing(**places))).json()
    by_place = {notice["pointer"]: notice["message"] for notice in receipt["notices"]}
    assert "330100" in by_place["/addressee/region_code"]
    assert "330102, 330114" in by_place["/addressee/region_code"]
    case = send(method="GET", path=f"/v1/complaints/{receipt['number']}").json()
    assert (case["delivery_region"], case["mailing_region"]) == ("330100", "500157")


def test_texts_come_out_as_they_went_in(send: Send, filing: Filing) -> None:
    reference = "SQL--1/2#3"
    answer = send(orjson.dumps(filing(external_ref=reference, complainant=PERSON | {"phone": "10086"})))
    case = send(method="GET", path=f"/v1/complaints/{answer.json()['number']}").json()
    assert case["external_ref"] == reference
    assert case["persons"]["complainant"] == {"name": "王**", "phone": "***86"}
