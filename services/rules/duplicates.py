"""When two cases are one matter: the evidence, whether it is proposed to an officer, and whether the machine may merge.

Repeated demands are handled as one (66号文 [V2]). The same item, cause and person within a window is a proposal and no
more; the machine merges only where the later request itself names the earlier one, so that the identity of the request
is proven and nothing is guessed. The window is a project rule [P].
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Sign(StrEnum):
    """One piece of evidence that two cases are one matter."""

    WAYBILL = "WAYBILL"
    CAUSE = "CAUSE"
    PHONE = "PHONE"
    IDENTITY = "IDENTITY"
    CITED = "CITED"


class DuplicateVerdict(StrEnum):
    """What follows from the evidence."""

    APART = "APART"
    PROPOSED = "PROPOSED"
    PROVEN = "PROVEN"


@dataclass(frozen=True, slots=True)
class DuplicateRules:
    """One version of the rules: how far apart in time two filings of one matter may lie."""

    version: str = "P1"
    window_days: int = 60


class ComparedCase(NamedTuple):
    """What is compared of a case: keyed indexes, never the clear values."""

    received_at: datetime
    carrier_code: str
    issue_code: str
    issue_detail_code: str | None
    waybill: bytes | None
    phone: bytes | None
    identity: bytes | None


class Comparison(NamedTuple):
    """The verdict with the evidence that it rests on."""

    verdict: DuplicateVerdict
    evidence: tuple[Sign, ...]


def compare(
    later: ComparedCase, earlier: ComparedCase, rules: DuplicateRules, *, cited: bool = False
) -> Comparison:
    """Compare two cases. `cited`: the later request names the earlier one by its number.

    Proposed: same waybill of the same enterprise, same cause, same person, within the window. Proven: besides, the
    request cites the other; a citation alone proves nothing, for anybody may name a number.
    """
    same_item = later.waybill is not None and later.waybill == earlier.waybill
    signs = {
        Sign.WAYBILL: same_item and later.carrier_code == earlier.carrier_code,
        Sign.CAUSE: later.issue_code == earlier.issue_code
        and _compatible(later.issue_detail_code, earlier.issue_detail_code),
        Sign.PHONE: later.phone is not None and later.phone == earlier.phone,
        Sign.IDENTITY: later.identity is not None and later.identity == earlier.identity,
        Sign.CITED: cited,
    }
    evidence = tuple(sign for sign, is_met in signs.items() if is_met)
    in_window = abs(later.received_at - earlier.received_at) <= timedelta(days=rules.window_days)
    person = signs[Sign.PHONE] or signs[Sign.IDENTITY]
    if not (in_window and signs[Sign.WAYBILL] and signs[Sign.CAUSE] and person):
        return Comparison(DuplicateVerdict.APART, evidence)
    return Comparison(DuplicateVerdict.PROVEN if cited else DuplicateVerdict.PROPOSED, evidence)


def _compatible(first: str | None, second: str | None) -> bool:
    # a channel that knows no second level says nothing against one that does
    return first is None or second is None or first == second
