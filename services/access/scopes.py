"""Scopes: the permissions of a key."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Scope(StrEnum):
    """One permission of a client; each operation of an API needs one."""

    COMPLAINT_WRITE = "complaint:write"
    COMPLAINT_READ = "complaint:read"
    COMPLAINT_READ_ALL = "complaint:read:all"
    DESK_WORK = "desk:work"
    DESK_UNMASK = "desk:unmask"
    CARRIER_EXCHANGE = "carrier:exchange"
    HOTLINE_EXCHANGE = "hotline:exchange"
    IMPORT_WRITE = "import:write"
    REFERENCE_READ = "reference:read"
    ANALYTICS_READ = "analytics:read"


MEANINGS: Mapping[Scope, str] = MappingProxyType(
    {
        Scope.COMPLAINT_WRITE: "file complaints, one or many",
        Scope.COMPLAINT_READ: "read the complaints that this client filed",
        Scope.COMPLAINT_READ_ALL: "read every complaint, masked",
        Scope.DESK_WORK: "work the cases of a bureau",
        Scope.DESK_UNMASK: "see the persons of these cases in clear, each time for a stated purpose, audited",
        Scope.CARRIER_EXCHANGE: "receive the cases of an enterprise, reply to them, push tracking",
        Scope.HOTLINE_EXCHANGE: "exchange work orders of a region's 12345 hotline",
        Scope.IMPORT_WRITE: "import history from an older system",
        Scope.REFERENCE_READ: "read reference data",
        Scope.ANALYTICS_READ: "read figures",
    }
)
