"""What figures are grouped and filtered by: an entry makes the parameter, the filter and the names of its codes."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Self


class CodeList(StrEnum):
    """Where the codes of a dimension have their names: in a table of reference data, or in the list of its name."""

    BUSINESSES = "businesses"
    CARRIERS = "carriers"
    ISSUES = "issues"
    ISSUE_DETAILS = "issue_details"
    PROVINCES = "provinces"
    BY_NAME = "by_name"


class Dimension(StrEnum):
    """What figures are grouped and filtered by. The value is the name of the parameter."""

    _value_: str
    column: str
    """Column of the case and of the facts."""
    code_list: CodeList
    zh: str
    filter_text: str

    def __new__(cls, name: str, column: str, code_list: CodeList, zh: str, filter_text: str) -> Self:
        """Make a member of its entry."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.column, member.code_list = column, code_list
        member.zh, member.filter_text = zh, filter_text
        return member

    BUSINESS = "business", "business", CodeList.BUSINESSES, "业务", "Only these businesses: POSTAL, EXPRESS."
    CARRIER = "carrier", "carrier_code", CodeList.CARRIERS, "企业", "Only these enterprises, by code."
    ISSUE = "issue", "issue_code", CodeList.ISSUES, "问题", "Only these issues, by code of the first level."
    ISSUE_DETAIL = (
        "issue_detail",
        "issue_detail_code",
        CodeList.ISSUE_DETAILS,
        "原因",
        "Only these causes, by code of the second level.",
    )
    PROVINCE = (
        "province",
        "province",
        CodeList.PROVINCES,
        "省份",
        "Only these provinces, by GB/T 2260 code; 000000 = not yet routed.",
    )
    CHANNEL = "channel", "channel", CodeList.BY_NAME, "渠道", "Only these channels."
    LEVEL = "level", "level", CodeList.BY_NAME, "级别", "Only these handling levels: L0 to L3."


BY_NAME: Mapping[str, Dimension] = MappingProxyType({dimension.value: dimension for dimension in Dimension})
"""Dimensions by the name of their parameter."""
