"""The whole case for its officer: everything that happened and was done, persons masked, in a fixed number of statements."""

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.cases.changes import KeyedContext
from services.casework.session import DeskSession
from services.evidence import sides
from services.evidence import store as evidence
from services.evidence.store import Upload
from services.reference.data import ReferenceData
from services.routing import admit
from services.views import decision_explained, desk_case, status_facts
from services.views.decision_explained import Audience
from services.views.status_facts import StatusRow
from services.views.whole_case import WholeCase
from shared.database import Database
from shared.errors import NotFoundError
from shared.models.cases import complaint
from shared.storage import Storage
from tests.services.desks import HOUR
from tests.services.evidence.samples import picture

Make = Callable[..., str]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Read = Callable[..., dict[str, Any]]
WAYBILL = "75312345678901"


@pytest.fixture
def read(db: Database, run: Run, context: KeyedContext, desk: Callable[..., DeskSession]) -> Read:
    """Return a function that reads a case whole, by default as an officer of Hangzhou."""

    def _read(number: str, by: DeskSession | None = None) -> dict[str, Any]:
        case: WholeCase = run(desk_case.read(db, number, desk=by or desk(), context=context))
        return case.model_dump(exclude_unset=True)

    return _read


def test_a_long_life_is_shown_whole(
    forwarded: Make,
    act: Any,
    reply: Any,
    read: Read,
    desk: Callable[..., DeskSession],
    db: Database,
    run: Run,
    context: KeyedContext,
    tmp_path: Path,
) -> None:
    number = forwarded(item={"waybill": WAYBILL}, dispute={"address": "浙江省杭州市西湖区文三路1号"})
    act(number, "claim")
    act(number, "note", note="用户王小明来电催办。", contact=True)
    act(number, "follow-up", message="请提供签收照片。")
    reply(number)
    act(number, "visit", reached=True, account_matches=True, satisfied_administration=True)
    act(number, "remedy", kind="COMPENSATION", amount_fen=5000, note="微信转账")
    upload = Upload("破损.jpg", picture(1))
    run(evidence.add(db, Storage.in_folder(tmp_path), number, upload, sides.of_officer(desk()), context))
    case = read(number)
    assert (case["status"], case["status_name"], case["claimed_by"]) == (
        "REPLIED",
        "企业已答复",
        "C330100/li.na",
    )
    assert "已得到中通快递的答复" in case["sentence"]["zh"]
    # the officer reads the matter; persons and item are masked
    assert (case["cause"], case["request"]) == ("快件显示已签收，本人并未收到。", "请企业赔偿并道歉。")
    assert case["persons"]["complainant"] == {"name": "王**", "phone": "138******00"}
    assert (case["waybill"], case["dispute_address"]) == ("**********8901", "浙江省杭州市****")
    for secret in ("13800138000", WAYBILL, "文三路1号"):
        assert secret not in str({name: value for name, value in case.items() if name != "replies"})
    # what an officer wrote is the file: nothing of it is masked
    words = {event["kind"]: event["texts"] for event in case["history"] if event["texts"]}
    assert words["NOTE"] == {"note": "用户王小明来电催办。"}
    assert words["FOLLOW_UP"] == {"message": "请提供签收照片。"}
    assert [event["seq"] for event in case["history"]] == list(range(1, case["version"] + 1))
    [answer] = case["replies"]
    assert (answer["complete"], answer["late"], answer["untruthful"]) == (True, False, False)
    assert answer["facts"] == "快递员未联系收件人即签收。"
    assert (case["visits"][0]["reached"], case["remedies"][0]["amount_fen"]) == (True, 5000)
    assert (case["evidence"][0]["name"], case["evidence"][0]["source"]) == ("破损.jpg", "OFFICER")
    assert {deadline["key"] for deadline in case["deadlines"]} >= {"return_visit", "total"}
    assert all(deadline["state"] == "RUNNING" for deadline in case["deadlines"])
    assert "close" in case["allowed"]
    assert "accept" not in case["allowed"]
    assert case["admission"]["passed"]
    assert [check["outcome"] for check in case["admission"]["checks"]] == ["passed"] * 8
    assert (case["merged"], case["orders"], case["duplicates"]) == ({"into": None, "children": []}, [], [])
    assert case["trace"] is None
    act(
        number,
        "close",
        close_reason="SETTLED",
        responsibility="ENTERPRISE",
        responsible_unit="文三路网点",
        settlement_lawful=True,
        answer="已赔偿。",
    )
    act(number, "overturn", by=desk("P330000"), responsibility="USER", reason="用户地址有误")
    [review] = read(number)["reviews"]
    assert (review["responsibility_before"], review["responsibility_after"]) == ("ENTERPRISE", "USER")


def test_what_a_supplement_changed_is_shown_of_the_latest_weighing(
    received: Make,
    act: Any,
    read: Read,
    db: Database,
    run: Run,
    cautious: Any,
    desk: Callable[..., DeskSession],
    context: KeyedContext,
) -> None:
    number = received(request=None)
    before = read(number)["admission"]
    assert (before["passed"], before["proposed_ground"]) == (False, "MISSING_ELEMENTS")
    act(number, "request-supplement", items=["REQUEST"], message="请补充诉求。")
    act(number, "supplement", request="请赔偿。")
    run(admit.admit_batch(db, cautious, size=10, lease=5 * HOUR))
    case = read(number)
    assert (case["admission"]["passed"], case["request"]) == (True, "请赔偿。")
    # the explanation tells the same
    audience = Audience.of_bureau(desk().bureau, context.ring)
    explained = run(decision_explained.explain(db, number, audience=audience, reference=cautious))
    assert explained.admission.passed
    assert explained.deadlines.each == f"/v1/desk/cases/{number}/deadlines"


def test_merged_cases_point_to_each_other(received: Make, forwarded: Make, act: Any, read: Read) -> None:
    first, second, last = received(), received(), forwarded()
    act(first, "merge", into=second, reason="同一快件")
    act(second, "merge", into=last, reason="同一快件")
    assert read(first)["merged"] == {"into": last, "children": []}
    assert read(second)["merged"] == {"into": last, "children": [first]}
    assert read(last)["merged"] == {"into": None, "children": [second]}
    assert "合并后的申诉" in read(first)["sentence"]["zh"]


def test_the_sentence_is_the_one_that_every_reader_hears(
    received: Make, forwarded: Make, act: Any, read: Read, db: Database, run: Run, reference: ReferenceData
) -> None:
    waiting, transferred, merged, at_enterprise = received(request=None), received(), received(), forwarded()
    act(waiting, "request-supplement", items=["REQUEST"], message="请补充诉求。")
    act(transferred, "transfer", office="12315", reason="属市场监管")
    act(merged, "merge", into=at_enterprise, reason="同一快件")

    async def _sentence(number: str) -> dict[str, str]:
        async with db.transaction() as connection:
            statement = select(*status_facts.columns(StatusRow)).where(complaint.c.number == number)
            [row] = status_facts.build(StatusRow, await connection.execute(statement))
            survivors = await status_facts.surviving_case(connection, [row])
        return status_facts.sentence(row, survivors.get(row.id), reference)

    for number in (received(), waiting, transferred, merged, at_enterprise):
        assert read(number)["sentence"] == run(_sentence(number)), number
    assert "12315" in read(transferred)["sentence"]["zh"]


def test_proposed_duplicates_come_with_their_evidence(
    received: Make, read: Read, work: Callable[[], None]
) -> None:
    first = received(item={"waybill": WAYBILL})
    second = received(item={"waybill": WAYBILL})
    work()
    [proposal] = read(second)["duplicates"]
    assert (proposal["number"], proposal["state"]) == (first, "PROPOSED")
    assert "PHONE" in proposal["evidence"]


def test_only_bureaus_that_have_to_do_with_it_see_it(
    received: Make, read: Read, desk: Callable[..., DeskSession]
) -> None:
    number = received()
    for bureau in ("P330000", "N000000"):
        assert read(number, desk(bureau))["number"] == number
    for bureau in ("C330200", "P340000"):
        with pytest.raises(NotFoundError):
            read(number, desk(bureau))


def test_a_long_file_costs_no_more_statements_than_a_short_one(
    forwarded: Make,
    act: Any,
    reply: Any,
    read: Read,
    desk: Callable[..., DeskSession],
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    number, who = forwarded(item={"waybill": WAYBILL}), desk()
    with statements() as sent:
        read(number, who)
    short = len(sent)
    for place in range(5):
        act(number, "note", note=f"第{place}次联系")
    reply(number, "r1")
    for _ in range(3):
        act(number, "visit", reached=False)
    with statements() as sent:
        read(number, who)
    assert len(sent) == short <= 13
