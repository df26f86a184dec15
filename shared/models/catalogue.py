"""All tables on the MetaData: for migrations and tests, which need every module."""

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
"""Every module of tables; importing them fills the catalogue."""
__all__ = ["MODULES", "metadata"]
