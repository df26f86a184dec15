"""Every bad input that the field sends: each is refused with what to change, or taken; nothing is doubled or lost."""

from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from tests.intake_api.refusals import PERSON, REFUSED, Refused, card, day, moment, person
from tests.problems import assert_problem

Filing = Callable[..., dict[str, Any]]
Send = Callable[..., httpx.Response]


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused.case)
def test_is_refused(refused: Refused, send: Send, filing: Filing) -> None:
    answer = send(orjson.dumps(filing(**refused.changes)), canary=refused.canary)
    problem = assert_problem(answer, 422, "invalid-input", canary=refused.canary)
    assert (refused.pointer, refused.code) in [
        (fault["pointer"], fault["code"]) for fault in problem["errors"]
    ]


def test_money_beyond_every_integer_is_refused(send: Send, filing: Filing) -> None:
    huge = "9" * 400
    body = orjson.dumps(filing(requested_fen=4711)).replace(b"4711", huge.encode())
    problem = assert_problem(send(body, canary=huge), 422, canary=huge)
    assert problem["errors"][0]["pointer"] == "/requested_fen"


def test_every_fault_is_named_at_once(send: Send, filing: Filing) -> None:
    wrong = filing(
        carrier_code="NOBODY", issue_code="NOTHING", addressee={"region_code": "000001", "phone": "1"}
    )
    problem = assert_problem(send(orjson.dumps(wrong)), 422, "invalid-input")
    assert {fault["pointer"] for fault in problem["errors"]} == {
        "/carrier_code",
        "/issue_code",
        "/addressee/region_code",
        "/addressee/phone",
    }


SPLIT, RENAMED = "330104", "500105"
TAKEN = {
    "abolished district, split": ({"addressee": {"region_code": SPLIT}}, {"region-mapped"}),
    "abolished district, merged": ({"addressee": {"region_code": RENAMED}}, {"region-mapped"}),
    "phone 10086": (person(phone="10086"), set()),
    "phone 12305": (person(phone="12305"), set()),
    "phone in full-width digits": (person(phone="１３８００１３８０００"), set()),
    "fixed telephone": (person(phone="(0571) 8765-4321"), set()),
    "id of an abolished district": (person(identity_card=card("33010419900307123")), set()),
    "id newer than the table": (person(identity_card=card("50019920250307123")), set()),
    "id in full-width digits and small x": (
        person(identity_card="５３０１０２１９２００５０８０１１ｘ"),
        set(),
    ),
    "waybill in full-width digits": ({"item": {"waybill": "７５９８７６５４３２１０９８"}}, set()),
    "waybill of words": ({"item": {"waybill": "包裹没有单号"}}, {"waybill-unreadable"}),
    "waybill with a wrong check digit": ({"item": {"waybill": "RA123456789CN"}}, {"waybill-check-digit"}),
    "waybill of another carrier": ({"item": {"waybill": "X1"}}, {"waybill-unreadable"}),
    "emoji": ({"cause": "快递员把包裹扔了😡👨‍👩‍👧‍👦🇨🇳", "complainant": PERSON | {"name": "小😀"}}, set()),
    "rare characters": (person(name="𠮷𡃁·买买提"), set()),
    "SQL": ({"cause": "'; DROP TABLE complaint; --", "request": '" OR 1=1 /*'}, set()),
    "formula": ({"cause": '=HYPERLINK("http://x","y")', "request": "@SUM(1+1)*cmd|' /C calc'!A0"}, set()),
    "line breaks and tabs": ({"cause": "第一\r\n第二\t第三"}, set()),
    "the greatest money": ({"requested_fen": 10**13, "item": {"declared_value_fen": 0}}, set()),
    "a clock two minutes ahead": ({"received_at": moment(2 / 1440)}, set()),
    "mailed on the day of receipt": ({"item": {"mailed_on": day(0)}}, set()),
}


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
