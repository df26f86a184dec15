"""Which refusals the operations of those who file may answer with."""

from intake_api import refusals
from intake_api.refusals import BATCH as ANY_BATCH
from intake_api.refusals import FORM, KEYED, OF_CASE, PAGE, REFERENCE_NOT_LOADED
from shared.http.refusals import INVALID_PARAMETERS, MALFORMED_BODY, Refusals

READING: Refusals = (*OF_CASE, REFERENCE_NOT_LOADED)
EXPLAINING: Refusals = (*READING, INVALID_PARAMETERS)
LISTING: Refusals = PAGE
SEARCH: Refusals = (*FORM, refusals.INVALID_CURSOR, REFERENCE_NOT_LOADED)
FILING: Refusals = (*FORM, *KEYED, REFERENCE_NOT_LOADED)
BATCH: Refusals = (*ANY_BATCH, refusals.INVALID_KEY)
SUPPLEMENT: Refusals = (*FORM, *KEYED, *READING, refusals.CASE_ENDED)
WITHDRAWAL: Refusals = (
    *FORM,
    *READING,
    refusals.ILLEGAL_MOVE,
    refusals.CONDITIONS_NOT_MET,
    refusals.OTHERS_WAIT,
)
OF_IMPORT: Refusals = (refusals.UNKNOWN_IMPORT, INVALID_PARAMETERS)
IMPORT: Refusals = (*FORM, refusals.DIGEST_MISMATCH, refusals.TOO_MUCH_AT_ONCE)
PART: Refusals = (
    *OF_IMPORT,
    MALFORMED_BODY,
    refusals.BODY_TOO_SLOW,
    refusals.BATCH_TOO_LARGE,
    refusals.NO_LINES_TYPE,
    refusals.DIGEST_MISMATCH,
    refusals.TOO_MUCH_AT_ONCE,
    REFERENCE_NOT_LOADED,
)
COMPLETION: Refusals = (*OF_IMPORT, refusals.PARTS_MISSING, refusals.DIGEST_MISMATCH)
LISTS: Refusals = (REFERENCE_NOT_LOADED,)
LIST: Refusals = (refusals.UNKNOWN_LIST, REFERENCE_NOT_LOADED, INVALID_PARAMETERS)
EVIDENCE: Refusals = (
    *READING,
    MALFORMED_BODY,
    refusals.BODY_TOO_SLOW,
    refusals.FILE_TOO_LARGE,
    refusals.UNSUPPORTED_FILE,
    refusals.DAMAGED_FILE,
    refusals.CASE_ENDED,
    refusals.TOO_MUCH_EVIDENCE,
    refusals.TOO_MUCH_AT_ONCE,
    refusals.STORAGE_UNAVAILABLE,
)
DOWNLOAD: Refusals = (*OF_CASE, refusals.FILE_BROKEN, refusals.FILE_LOST, refusals.STORAGE_UNAVAILABLE)
