"""All tables on the one MetaData: for migrations and tests, which must see every module."""

from shared.models import (
    access,
    carriers,
    cases,
    casework,
    deadlines,
    delivery,
    evidence,
    figures,
    imports,
    merging,
    reference,
    requests,
    surges,
    tasks,
    work_orders,
)
from shared.models.base import metadata

MODULES = (
    access,
    carriers,
    cases,
    casework,
    deadlines,
    delivery,
    evidence,
    figures,
    imports,
    merging,
    reference,
    requests,
    surges,
    tasks,
    work_orders,
)
"""Every module of tables; to import them is what fills the catalogue."""
__all__ = ["MODULES", "metadata"]
