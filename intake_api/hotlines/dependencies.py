"""What the operations of hotlines take from a request: the caller, a hotline's platform, and the number of an order."""

from typing import Annotated

from fastapi import Path, Security

from intake_api.http.dependencies import authenticated, rate_limited
from services.access.clients import Caller
from services.access.scopes import Scope

EXCHANGE = Scope.HOTLINE_EXCHANGE
Hotline = Annotated[Caller, Security(rate_limited, scopes=[EXCHANGE])]
UncountedHotline = Annotated[Caller, Security(authenticated, scopes=[EXCHANGE])]
"""Of a batch, whose rows are counted when they are read."""
OrderNumber = Annotated[
    str, Path(description="Number of the order within the region of the key.", examples=["HZ-2026-000123"])
]
