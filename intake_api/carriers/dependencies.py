"""What the operations of carriers take from a request: the caller, whose key belongs to an enterprise."""

from typing import Annotated

from fastapi import Security

from intake_api.http.dependencies import rate_limited
from services.access.clients import Caller
from services.access.scopes import Scope

EXCHANGE = Scope.CARRIER_EXCHANGE
CarrierCaller = Annotated[Caller, Security(rate_limited, scopes=[EXCHANGE])]
