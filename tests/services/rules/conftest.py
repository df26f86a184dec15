"""A case with nothing remarkable about it, and a small country: tests state only what they are about."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.rules.facts import Bureau, CaseFacts, Jurisdictions, Region
from shared.vocabulary import (
    BureauLevel,
    Business,
    EnterpriseOutcome,
    Goods,
    OtherProcedure,
    RegionLevel,
    Role,
)

FactsFactory = Callable[..., CaseFacts]

_PLAIN = CaseFacts(
    received_at=datetime(2021, 3, 15, 2, 0, tzinfo=UTC),
    business=Business.EXPRESS,
    carrier_code="ZTO",
    carrier_in_scope=True,
    issue_code="OTHER",
    issue_detail_code=None,
    role=Role.OTHER_USER,
    agent_authorised=False,
    goods=Goods.ORDINARY,
    urgency=(),
    dispute_region=None,
    mailing_region=None,
    delivery_region=None,
    complainant_region=None,
    upper_assignment=None,
    failing_link_region=None,
    requested_fen=None,
    mailed_on=date(2021, 2, 20),
    enterprise_outcome=EnterpriseOutcome.DISSATISFIED,
    enterprise_complained_on=date(2021, 3, 1),
    other_procedure=OtherProcedure.NONE,
    has_cause_and_request=True,
    same_waybill_open=0,
    same_matter_number=None,
    provinces_hit=0,
)


@pytest.fixture(scope="session")
def facts() -> FactsFactory:
    """Return a factory of an admissible, ordinary case that says nothing about places."""

    def build(**changes: Any) -> CaseFacts:
        return dataclasses.replace(_PLAIN, **changes)

    return build


_REGIONS = (
    Region("330000", "浙江省", RegionLevel.PROVINCE, None, "330000", None),
    Region("330100", "杭州市", RegionLevel.CITY, "330000", "330000", "330100"),
    Region("330106", "西湖区", RegionLevel.COUNTY, "330100", "330000", "330100"),
    Region("440000", "广东省", RegionLevel.PROVINCE, None, "440000", None),
    Region("440300", "深圳市", RegionLevel.CITY, "440000", "440000", "440300"),
    Region("440305", "南山区", RegionLevel.COUNTY, "440300", "440000", "440300"),
    Region("441900", "东莞市", RegionLevel.CITY, "440000", "440000", "441900"),
    Region("110000", "北京市", RegionLevel.PROVINCE, None, "110000", None),
    Region("110101", "东城区", RegionLevel.COUNTY, "110000", "110000", None),
    Region("420000", "湖北省", RegionLevel.PROVINCE, None, "420000", None),
    Region("429004", "仙桃市", RegionLevel.COUNTY, "420000", "420000", None),
    Region("810000", "香港特别行政区", RegionLevel.PROVINCE, None, "810000", None),
)


def _province(region: str, *, city_handles: bool) -> Bureau:
    return Bureau(f"P{region}", region, BureauLevel.PROVINCE, region, "N", city_handles, auto_admit=True)


def _city(region: str, province: str) -> Bureau:
    return Bureau(
        f"C{region}", region, BureauLevel.CITY, region, province, city_handles=False, auto_admit=True
    )


_BUREAUS = (
    Bureau("N", "国家局申诉中心", BureauLevel.NATIONAL, "000000", None, city_handles=False, auto_admit=False),
    _province("330000", city_handles=True),
    _city("330100", "P330000"),
    _province("440000", city_handles=False),
    _city("440300", "P440000"),
    _city("441900", "P440000"),
    _province("110000", city_handles=True),
    _province("420000", city_handles=True),
)


@pytest.fixture(scope="session")
def reference() -> Jurisdictions:
    """Return four provinces: one lets its cities handle cases, one does not, two have no city bureau."""
    return Jurisdictions(
        national="N",
        bureaus={bureau.code: bureau for bureau in _BUREAUS},
        bureau_by_region={bureau.region: bureau.code for bureau in _BUREAUS},
        regions={region.code: region for region in _REGIONS},
        max_bounces=2,
    )
