"""Forms of texts: the pattern of each form, and the advice with an example."""

from typing import NamedTuple


class TextForm(NamedTuple):
    """A pattern, and the advice what to send."""

    pattern: str
    advice: str


CODE = TextForm(
    r"^[A-Za-z0-9_]{1,40}$", "send a code of 1 to 40 letters, digits or _, as in DELIVERY_SERVICE"
)
CODES = TextForm(r"^[A-Za-z0-9_, ]{1,1000}$", "send codes separated by single commas, as in ZTO,STO")
REGION_CODE = TextForm(r"^[0-9]{6}$", "send six digits of GB/T 2260, as in 330106")
REFERENCE = TextForm(
    r"^[A-Za-z0-9._:/#-]{1,100}$", "send 1 to 100 letters, digits or . _ : / # -, as in CC-2026-000123"
)
CASE_NUMBER = TextForm(r"^[0-9]{17}$", "send the 17 digits of a case's number, as in 20260301000000017")
OFFICER_ID = TextForm(r"^[A-Za-z0-9._@-]{1,40}$", "send 1 to 40 letters, digits or . _ @ -, as in li.na")
SCAN_CODE = TextForm(r"^[A-Za-z0-9_.-]{1,40}$", "send 1 to 40 letters, digits or _ . -, as in SIGNED")
_ORDER_NO = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
ORDER_NO = TextForm(
    f"^{_ORDER_NO}$", "send 1 to 64 letters, digits or _ . -, a letter or digit first, as in HZ-2026-000123"
)
ORDER_NAME = TextForm(
    f"^[0-9]{{6}}/{_ORDER_NO}$", "send the region and the number of the order, as in 330100/HZ-2026-000123"
)
DIGEST = TextForm(r"^[0-9a-f]{64}$", "send a SHA-256 as 64 digits 0-9 and a-f, in small letters")
IMPORT_NAME = TextForm(
    r"^[\w .:-]{1,100}$", "send 1 to 100 letters, digits, spaces or . : -, as in 2019 of Zhejiang"
)
CURSOR = TextForm(r"^[A-Za-z0-9_=-]*$", "send `next` of the page before, unchanged, or no cursor")
ETAG = TextForm("^[ -~]*$", 'send the ETag of an answer, unchanged, as in "regions-1"')
PLAIN_TEXT = TextForm(
    r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]*$",
    "remove the control characters from the text; tab and line feed may stay",
)
ALL = (
    CODE,
    CODES,
    REGION_CODE,
    REFERENCE,
    CASE_NUMBER,
    OFFICER_ID,
    SCAN_CODE,
    ORDER_NO,
    ORDER_NAME,
    DIGEST,
    IMPORT_NAME,
    CURSOR,
    ETAG,
    PLAIN_TEXT,
)
ADVICE = {form.pattern: form.advice for form in ALL}
"""The advice for a text, by the pattern that it does not match."""
