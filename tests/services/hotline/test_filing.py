"""What complaint an order is: what it lacks has its default, and a fault stands where the order has it."""

from collections.abc import Callable
from typing import Any

import pytest

from services.hotline import filing
from services.hotline.filing import Cited
from services.hotline.forms import WorkOrder
from services.intake.filing import OrderFiling
from services.reference.data import ReferenceData
from services.rules.hotline import EVERYWHERE
from shared import serialisation
from shared.vocabulary import Business, Channel, Role, Urgency
from tests.services.hotline.conftest import HANGZHOU

CITED = {"HZ-0": Cited("20261124000000017", "LOSS_SHORTAGE")}


@pytest.fixture
def filed(order: Callable[..., dict[str, Any]], packaged: ReferenceData) -> Callable[..., OrderFiling]:
    """Return a function that makes the complaint of an order."""

    def _filed(region: str = HANGZHOU, **changes: Any) -> OrderFiling:
        read = WorkOrder.model_validate_json(serialisation.to_bytes(order(**changes)))
        return filing.filing_of(read, region, packaged, CITED)

    return _filed


def test_an_order_with_all_its_fields_is_the_complaint_that_it_tells_of(
    filed: Callable[..., OrderFiling],
) -> None:
    complaint = filed()
    assert (complaint.channel, complaint.external_ref) == (Channel.HOTLINE_12345, "HZ-1")
    assert (complaint.carrier_code, complaint.business, complaint.issue_code) == (
        "ZTO",
        Business.EXPRESS,
        "DELIVERY_SERVICE",
    )
    assert (complaint.complainant.name, complaint.complainant.role) == ("王小明", Role.ADDRESSEE)
    assert complaint.complainant.region_code == HANGZHOU
    assert (complaint.cause, complaint.request) == ("快件显示已签收，本人并未收到。", "请企业赔偿并道歉。")


def test_what_an_order_lacks_has_its_default(filed: Callable[..., OrderFiling]) -> None:
    complaint = filed(
        caller={"contact": "057188880000"}, company_name=None, issue_code=None, request=None, waybill=None
    )
    assert (complaint.complainant.name, complaint.complainant.role) == ("未留姓名", Role.OTHER_USER)
    assert (complaint.carrier_code, complaint.issue_code, complaint.request) == ("", "OTHER", "快递未送达")
    # an order of the whole country says nothing of where the caller is
    assert filed(EVERYWHERE).complainant.region_code is None


def test_whoever_calls_for_another_has_shown_no_authorisation(filed: Callable[..., OrderFiling]) -> None:
    agent = filed(caller={"name": "李四", "phone": "13800138000", "role": "AGENT"}).complainant.agent
    assert agent is not None
    assert (agent.name, agent.authorisation_ref) == ("李四", None)


@pytest.mark.parametrize(
    ("changes", "issue", "detail"),
    [
        ({"issue_detail_code": "FALSE_SIGN"}, "DELIVERY_SERVICE", "FALSE_SIGN"),
        ({"issue_code": None, "category_name": "虚假签收"}, "DELIVERY_SERVICE", "FALSE_SIGN"),
        ({"issue_code": None, "category_name": "投递服务"}, "DELIVERY_SERVICE", None),
        ({"issue_code": None, "category_name": "快递物流"}, "OTHER", None),
        ({"issue_code": None, "parent_order_no": "HZ-0"}, "LOSS_SHORTAGE", None),
        # what it says itself goes before what it cites
        (
            {"issue_code": None, "category_name": "虚假签收", "parent_order_no": "HZ-0"},
            "DELIVERY_SERVICE",
            "FALSE_SIGN",
        ),
    ],
)
def test_what_it_is_about_by_our_code_by_a_name_or_by_what_it_cites(
    changes: dict[str, Any], issue: str, detail: str | None, filed: Callable[..., OrderFiling]
) -> None:
    complaint = filed(**changes)
    assert (complaint.issue_code, complaint.issue_detail_code) == (issue, detail)


def test_supervision_is_a_flag_of_urgency_once(filed: Callable[..., OrderFiling]) -> None:
    complaint = filed(supervised=True, flags=["ELDERLY", "SUPERVISED"])
    assert complaint.urgency == [Urgency.ELDERLY, Urgency.SUPERVISED]


def test_of_two_numbers_the_one_that_can_be_dialled_goes_first(filed: Callable[..., OrderFiling]) -> None:
    complaint = filed(caller={"phone": "13800138000", "contact": "请打我爱人电话"})
    assert (complaint.complainant.phone, complaint.other_phone) == ("+8613800138000", "请打我爱人电话")
    same = filed(caller={"phone": "138 0013 8000", "contact": "+8613800138000"})
    assert (same.complainant.phone, same.other_phone) == ("+8613800138000", None)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("/complainant/phone", "/caller"),
        ("/complainant/identity_card", "/caller/identity_card"),
        ("/dispute/region_code", "/place/region_code"),
        ("/item/mailed_on", "/mailed_on"),
        ("/received_at", "/dispatched_at"),
        ("/cause", "/content"),
        ("/urgency/0", "/flags/0"),
        ("/external_ref", "/order_no"),
        ("/carrier_code", "/carrier_code"),
        ("/causes", "/causes"),
        ("", ""),
    ],
)
def test_a_fault_stands_where_the_order_has_it(ours: str, theirs: str) -> None:
    assert filing.renamed(ours) == theirs
