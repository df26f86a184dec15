"""Where a case goes when a bureau sends it on (改派) or back (退单), and when a superior has to decide.

66号文 gives disputed dispatches a review [V2]; that two hops are enough is a project rule (rulebook 4 [P], `max_bounces`).
"""

from collections.abc import Iterator
from typing import NamedTuple

from services.rules.facts import Jurisdictions
from services.rules.jurisdiction import bureau_choice
from services.rules.jurisdiction.bureau_choice import Seat


class Reassigned(NamedTuple):
    """Where the case goes, by which rule, and whether this was a bounce.

    Rules: SUPERIOR (上级指定), BOUNCE (改派), BOUNCES (退单达上限: the common superior decides).
    """

    seat: Seat
    rule: str
    bounces: bool


def reassign(
    handling: str | None, target: str, bounces: int, reference: Jurisdictions, *, by_superior: bool
) -> Reassigned:
    """Decide a reassignment. Who is above both may send a case anywhere, and nobody bounces it by that.

    Between equals two bounces are enough: the third time the common superior gets the case itself.
    """
    seat = bureau_choice.seat_of(reference.bureaus[target], reference)
    if by_superior or (handling is not None and handling in superiors(target, reference)):
        return Reassigned(seat, "SUPERIOR", bounces=False)
    if bounces < reference.max_bounces:
        return Reassigned(seat, "BOUNCE", bounces=True)
    superior = common_superior(handling, target, reference)
    return Reassigned(
        bureau_choice.seat_of(reference.bureaus[superior], reference),
        "BOUNCES",
        bounces=True,
    )


def superiors(code: str, reference: Jurisdictions) -> Iterator[str]:
    """Yield the superiors of a bureau, the nearest first."""
    bureau = reference.bureaus.get(code)
    while bureau is not None and bureau.parent is not None:
        yield bureau.parent
        bureau = reference.bureaus.get(bureau.parent)


def common_superior(first: str | None, second: str, reference: Jurisdictions) -> str:
    """Return the nearest bureau above two bureaus that is neither of them; the national centre where there is none."""
    above = list(superiors(first, reference)) if first is not None else []
    common = (code for code in superiors(second, reference) if code in above and code not in {first, second})
    return next(common, reference.national)
