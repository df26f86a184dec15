"""Each entry of a dimension is whole: its value names the parameter, its column the facts."""

import pytest

from services.rules.metrics import dimensions
from services.rules.metrics.dimensions import CodeList, Dimension


@pytest.mark.parametrize("dimension", Dimension)
def test_an_entry_is_whole(dimension: Dimension) -> None:
    assert dimensions.BY_NAME[dimension.value] is dimension
    assert dimension.zh
    assert dimension.filter_text.startswith("Only these ")
    assert dimension.code_list in CodeList


def test_the_value_is_the_parameter_and_not_the_column() -> None:
    assert (Dimension.CARRIER.value, Dimension.CARRIER.column) == ("carrier", "carrier_code")
