"""Changes of a good filing that are refused: where, as what; and what of it must appear nowhere."""

from datetime import timedelta
from typing import Any, NamedTuple

from stdnum.iso7064 import mod_11_2

from shared import clock

CANARY = "kanarienvogel"
PERSON = {"name": "王小明", "phone": "13800138000", "role": "ADDRESSEE"}


def card(body: str, *, wrong: bool = False) -> str:
    digit = mod_11_2.calc_check_digit(body)
    return body + ("0123456789X"[("0123456789X".index(digit) + 5) % 11] if wrong else digit)


def person(**changes: Any) -> dict[str, Any]:
    return {"complainant": PERSON | changes}


def day(days: int) -> str:
    return clock.civil_day(clock.now() + timedelta(days=days)).isoformat()


def moment(days: float) -> str:
    return (clock.now() + timedelta(days=days)).isoformat()


class Refused(NamedTuple):
    """A change of a good filing that is refused: where, as what; and what of it must appear nowhere."""

    case: str
    changes: dict[str, Any]
    pointer: str
    code: str
    canary: str = ""


FIRST, EXTREME = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00"
FIRST_COMPLAINT = {"enterprise_complaint": {"outcome": "PENDING", "complained_on": day(2)}}
CARD = ("/complainant/identity_card", "invalid-identity-card")
PATTERN = "wrong-form"
REFUSED = (
    Refused(
        "unknown region",
        {"addressee": {"region_code": "918273"}},
        "/addressee/region_code",
        "unknown-region",
        "918273",
    ),
    Refused("region of words", {"dispute": {"region_code": CANARY}}, "/dispute/region_code", PATTERN, CANARY),
    Refused(
        "full-width region",
        {"addressee": {"region_code": "３３０１０６"}},
        "/addressee/region_code",
        PATTERN,
        "３３０１０６",
    ),
    Refused("unknown carrier", {"carrier_code": CANARY}, "/carrier_code", "unknown-carrier", CANARY),
    Refused(
        "carrier of SQL",
        {"carrier_code": "ZTO'; DROP TABLE complaint--"},
        "/carrier_code",
        PATTERN,
        "DROP TABLE",
    ),
    Refused("unknown issue", {"issue_code": CANARY}, "/issue_code", "unknown-issue", CANARY),
    Refused(
        "unknown issue detail", {"issue_detail_code": CANARY}, "/issue_detail_code", "unknown-issue", CANARY
    ),
    Refused(
        "issue of another business",
        {"issue_code": "COD", "business": "POSTAL", "carrier_code": "EMS"},
        "/issue_code",
        "does-not-fit",
    ),
    Refused(
        "detail for an issue", {"issue_code": "FALSE_SIGN"}, "/issue_code", "unknown-issue", "FALSE_SIGN"
    ),
    Refused(
        "detail of another issue",
        {"issue_detail_code": "BACKLOG"},
        "/issue_detail_code",
        "unknown-issue",
        "BACKLOG",
    ),
    Refused("unknown channel", {"channel": CANARY}, "/channel", "unknown-value", CANARY),
    Refused(
        "a carrier's channel", {"channel": "CARRIER_FEED"}, "/channel", "not-your-channel", "CARRIER_FEED'"
    ),
    Refused("unknown urgency", {"urgency": [CANARY]}, "/urgency/0", "unknown-value", CANARY),
    Refused(
        "unknown bureau from above",
        {"channel": "UPPER_BUREAU", "upper_assignment": CANARY},
        "/upper_assignment",
        "unknown-bureau",
        CANARY,
    ),
    Refused("phone of words", person(phone=CANARY), "/complainant/phone", "invalid-phone", CANARY),
    Refused("phone too short", person(phone="7654"), "/complainant/phone", "invalid-phone"),
    Refused(
        "phone in a sentence",
        person(phone="call 13811112222"),
        "/complainant/phone",
        "invalid-phone",
        "13811112222",
    ),
    Refused("phone of a party", {"addressee": {"phone": "1x"}}, "/addressee/phone", "invalid-phone"),
    Refused(
        "bad check digit",
        person(identity_card=card("11010119900307123", wrong=True)),
        *CARD,
        "11010119900307123",
    ),
    Refused("id of no date", person(identity_card=card("11010119901307123")), *CARD, "11010119901307123"),
    Refused("id of the old form", person(identity_card="110101900307123"), *CARD, "110101900307123"),
    Refused("received in the future", {"received_at": moment(1)}, "/received_at", "in-the-future"),
    Refused(
        "received at the end of time", {"received_at": EXTREME}, "/received_at", "in-the-future", EXTREME
    ),
    Refused(
        "received at the beginning of time",
        {"received_at": FIRST},
        "/received_at",
        "too-long-ago",
        "0001-01-01",
    ),
    Refused("received long ago", {"received_at": moment(-31)}, "/received_at", "too-long-ago"),
    Refused(
        "received without offset",
        {"received_at": "2019-03-04T10:00"},
        "/received_at",
        "offset-missing",
        "2019-03-04",
    ),
    Refused(
        "received on no day",
        {"received_at": f"2026-02-30 {CANARY}"},
        "/received_at",
        "no-such-moment",
        CANARY,
    ),
    Refused("mailed after receipt", {"item": {"mailed_on": day(1)}}, "/item/mailed_on", "after-receipt"),
    Refused(
        "mailed before all",
        {"item": {"mailed_on": "1026-01-01"}},
        "/item/mailed_on",
        "too-long-ago",
        "1026-01-01",
    ),
    Refused(
        "mailed on no day",
        {"item": {"mailed_on": "2026-02-30"}},
        "/item/mailed_on",
        "no-such-day",
        "2026-02-30",
    ),
    Refused(
        "complained after receipt", FIRST_COMPLAINT, "/enterprise_complaint/complained_on", "after-receipt"
    ),
    Refused("NUL", {"cause": f"{CANARY}\x00"}, "/cause", PATTERN, CANARY),
    Refused("escape characters", {"cause": f"\x1b[31m{CANARY}"}, "/cause", PATTERN, CANARY),
    Refused("NUL in a name", person(name=f"{CANARY}\x00"), "/complainant/name", PATTERN, CANARY),
    Refused("NUL in a reference", {"external_ref": f"{CANARY}\x00"}, "/external_ref", PATTERN, CANARY),
    Refused("NUL in a waybill", {"item": {"waybill": f"{CANARY}\x00"}}, "/item/waybill", PATTERN, CANARY),
    Refused("line separator", {"request": f"{CANARY}\u2028"}, "/request", PATTERN, CANARY),
    Refused("text too long", {"cause": CANARY * 400}, "/cause", "too-long", CANARY),
    Refused("text empty", {"cause": ""}, "/cause", "too-short"),
    Refused("negative money", {"requested_fen": -47114711}, "/requested_fen", "too-small", "47114711"),
    Refused(
        "money beyond all",
        {"requested_fen": 10**13 + 47114711},
        "/requested_fen",
        "too-large",
        "47114711",
    ),
    Refused("money in yuan", {"requested_fen": 4711.4711}, "/requested_fen", "wrong-type", "4711.4711"),
    Refused("money in quotes", {"requested_fen": "47114711"}, "/requested_fen", "wrong-type", "47114711"),
    Refused("bool for a number", {"requested_fen": True}, "/requested_fen", "wrong-type"),
    Refused("number for a text", {"cause": 4711471147}, "/cause", "wrong-type", "4711471147"),
    Refused("list for an object", {"complainant": [CANARY]}, "/complainant", "wrong-type", CANARY),
    Refused("unknown field", {"colour": CANARY}, "/colour", "unknown-field", CANARY),
    Refused(
        "unknown field inside", person(nick_name=CANARY), "/complainant/nick_name", "unknown-field", CANARY
    ),
    Refused("unknown field with a slash", {"a/b~c": CANARY}, "/a~1b~0c", "unknown-field", CANARY),
    Refused("field missing", {"cause": None}, "/cause", "missing"),
    Refused("agent missing", person(role="AGENT"), "/complainant/agent", "missing"),
    Refused("agent of nobody", person(agent={"name": CANARY}), "/complainant/agent", "does-not-fit", CANARY),
)
