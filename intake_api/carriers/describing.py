"""Which refusals the operations of carriers may answer with."""

from intake_api import refusals
from intake_api.refusals import BATCH, FORM, OF_CASE, PAGE, REFERENCE_NOT_LOADED
from shared.http.refusals import Refusals

ACKNOWLEDGING: Refusals = (*OF_CASE, REFERENCE_NOT_LOADED, refusals.NOTHING_TO_ACKNOWLEDGE)
REPLYING: Refusals = (
    *FORM,
    *OF_CASE,
    REFERENCE_NOT_LOADED,
    refusals.REPLY_AFTER_END,
    refusals.REPLY_REF_REUSED,
    refusals.ILLEGAL_MOVE,
)
FEED: Refusals = PAGE
TRACKING: Refusals = (
    *BATCH,
    refusals.NO_CASE,
    refusals.EVENT_ID_REUSED,
    refusals.TOO_MANY_SCANS,
)
