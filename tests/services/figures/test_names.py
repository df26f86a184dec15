"""What the codes of an answer are called, and that a filter by a code which does not exist is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from services.figures import names
from services.figures.query import Period, VolumeQuery
from services.rules.metrics import dimensions
from services.rules.metrics.dimensions import Dimension
from services.rules.metrics.measures import Measure
from shared.errors import InvalidInputError

NamesOf = Callable[..., dict[Dimension, dict[str, str]]]


@pytest.fixture
def names_of(in_transaction: Callable[..., Any]) -> NamesOf:
    """Return a function that reads the names of dimensions."""

    def _names(*dimensions: Dimension) -> dict[Dimension, dict[str, str]]:
        read: dict[Dimension, dict[str, str]] = in_transaction(
            lambda connection: names.of(connection, dimensions)
        )
        return read

    return _names


def test_every_dimension_has_names_by_one_statement(names_of: NamesOf, statements: Callable[[], Any]) -> None:
    with statements() as sent:
        read = names_of(*Dimension)
    assert len(sent) == 1
    assert read.keys() == set(Dimension)
    assert all(read.values())
    assert read[Dimension.CARRIER]["ZTO"] == "中通快递"
    assert read[Dimension.PROVINCE]["330000"] == "浙江省"
    assert read[Dimension.LEVEL]["L1"] == "关注"
    # what has no bureau yet has a name, too
    assert read[Dimension.PROVINCE]["000000"] == "尚未分派"


def test_an_issue_and_its_detail_are_named_apart(names_of: NamesOf) -> None:
    read = names_of(Dimension.ISSUE, Dimension.ISSUE_DETAIL)
    assert "FALSE_SIGN" not in read[Dimension.ISSUE]
    assert "DELIVERY_SERVICE" not in read[Dimension.ISSUE_DETAIL]
    assert (read[Dimension.ISSUE]["DELIVERY_SERVICE"], read[Dimension.ISSUE_DETAIL]["FALSE_SIGN"]) == (
        "投递服务",
        "虚假签收",
    )


def test_two_businesses_need_no_statement(names_of: NamesOf, statements: Callable[[], Any]) -> None:
    with statements() as sent:
        assert names_of(Dimension.BUSINESS) == {Dimension.BUSINESS: {"POSTAL": "邮政", "EXPRESS": "快递"}}
    assert sent == []


def test_a_filter_by_no_code_of_ours_is_refused_by_its_parameter() -> None:
    labels = {Dimension.CARRIER: {"ZTO": "中通"}, Dimension.ISSUE_DETAIL: {"FALSE_SIGN": "虚假签收"}}

    def _query(**only: tuple[str, ...]) -> VolumeQuery:
        march = date(2021, 3, 1)
        chosen = {dimensions.BY_NAME[name]: codes for name, codes in only.items()}
        return VolumeQuery(Period.MONTH, march, march, Measure.CLOSED, (), chosen)

    names.check_filters(_query(carrier=("ZTO",)), labels)
    with pytest.raises(InvalidInputError) as refused:
        names.check_filters(_query(carrier=("ZTO", "zto"), issue_detail=("NOTHING",)), labels)
    assert {fault.pointer for fault in refused.value.errors} == {"/query/carrier", "/query/issue_detail"}
