"""Where a case goes when a bureau sends it on (改派) or back (退单), and when a superior has to decide.

66号文 gives disputed dispatches a review [V2]; that two hops are enough is a project rule (rulebook 4 [P], `max_bounces`).
"""

from collections.abc import Iterator
from typing import NamedTuple

from services.rules.facts import Jurisdictions
from services.rules.jurisdiction import bureau_choice
from services.rules.jurisdiction.bureau_choice import Seat


class Reassigned(NamedTuple):
    """Where the case goes, by which rule, in words; and whether this was a bounce."""

    seat: Seat
    rule: str
    note: str
    bounces: bool


def reassign(
    handling: str | None, asked: str, bounces: int, reference: Jurisdictions, *, by_superior: bool
) -> Reassigned:
    """Decide a reassignment. Who is above both may send a case anywhere, and nobody bounces it by that.

    Between equals two bounces are enough: the third time the common superior gets the case itself.
    """
    seat = bureau_choice.seat_of(reference.bureaus[asked], reference)
    if by_superior or (handling is not None and handling in superiors(asked, reference)):
        return Reassigned(seat, "SUPERIOR", f"assigned from above (上级指定): {asked}", bounces=False)
    if bounces < reference.max_bounces:
        return Reassigned(seat, "BOUNCE", f"sent on by {handling} (改派): {asked}", bounces=True)
    superior = common_superior(handling, asked, reference)
    return Reassigned(
        bureau_choice.seat_of(reference.bureaus[superior], reference),
        "BOUNCES",
        f"sent on {bounces} times: the common superior decides (退单达上限，共同上级决定)",
        bounces=True,
    )


def superiors(code: str, reference: Jurisdictions) -> Iterator[str]:
    """Yield the superiors of a bureau, the nearest first."""
    bureau = reference.bureaus.get(code)
    while bureau is not None and bureau.parent is not None:
        yield bureau.parent
        bureau = reference.bureaus.get(bureau.parent)


def common_superior(one: str | None, other: str, reference: Jurisdictions) -> str:
    """Return the nearest bureau above two bureaus that is neither of them; the national centre where there is none."""
    above = list(superiors(one, reference)) if one is not None else []
    common = (code for code in superiors(other, reference) if code in above and code not in {one, other})
    return next(common, reference.national)
