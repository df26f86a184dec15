"""Codes beside their names; a code that is no longer loaded stands for itself."""

from services.reference import labels
from services.reference.data import ReferenceData


def test_a_code_has_its_chinese_name(packaged: ReferenceData) -> None:
    assert labels.coded("status", "RECEIVED", packaged) == "已接收"
    assert labels.carrier("ZTO", packaged) == {"code": "ZTO", "name": "中通快递"}


def test_an_issue_is_named_with_the_reason_under_it(packaged: ReferenceData) -> None:
    assert labels.issue("DELIVERY_SERVICE", None, packaged) == {
        "code": "DELIVERY_SERVICE",
        "name": "投递服务",
    }
    assert labels.issue("DELIVERY_SERVICE", "FALSE_SIGN", packaged) == {
        "code": "DELIVERY_SERVICE",
        "name": "投递服务·虚假签收",
        "detail": "FALSE_SIGN",
    }


def test_what_is_not_loaded_stands_for_itself(packaged: ReferenceData) -> None:
    assert labels.coded("status", "GONE", packaged) == "GONE"
    assert labels.coded("nothing", "X", packaged) == "X"
    assert labels.carrier("", packaged) == {"code": "", "name": ""}
    # an issue whose reason is gone keeps its own name, and the code of the reason
    assert labels.issue("DELIVERY_SERVICE", "GONE", packaged) == {
        "code": "DELIVERY_SERVICE",
        "name": "投递服务",
        "detail": "GONE",
    }
    assert labels.issue("GONE", None, packaged)["name"] == "GONE"
