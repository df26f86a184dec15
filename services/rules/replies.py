"""What a complete reply of an enterprise holds (rulebook 2.1): the finding, what was done, and how the user was spoken to.

2020 text: fault exists: settle lawfully; no fault: explain; the matter entered another procedure: tell the bureau [V3 S24].
2014 text: a responsible enterprise compensates or apologises [V3 S34]; the reply is a written text [V3 S25]. Which fields
make it complete is a project rule [P]. A reply that lacks one is kept, and the case waits for the rest.
"""

from dataclasses import dataclass

from shared.vocabulary import FailingLink, OtherProcedure


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyContent:
    """What a reply tells, as far as its completeness depends on it. Words of blanks tell nothing."""

    responsibility_admitted: bool | None = None
    responsible_unit: str | None = None
    responsible_link: FailingLink | None = None
    facts: str | None = None
    action: str | None = None
    contact_log: str | None = None
    compensation_fen: int | None = None
    paid: bool = False
    other_procedure: OtherProcedure = OtherProcedure.NONE


def missing(reply: ReplyContent) -> tuple[str, ...]:
    """Return the fields that a complete reply still needs, in the order of the form; none: it is complete.

    Facts and action always. The finding and how the user was spoken to, unless another procedure holds the matter: there
    the enterprise owes the bureau that news and no more. Unit and link where responsibility is admitted. The day of
    payment where money is named.
    """
    elsewhere = reply.other_procedure is not OtherProcedure.NONE
    admitted = reply.responsibility_admitted is True
    lacks = {
        "responsibility_admitted": reply.responsibility_admitted is None and not elsewhere,
        "responsible_unit": admitted and _blank(reply.responsible_unit),
        "responsible_link": admitted and reply.responsible_link is None,
        "facts": _blank(reply.facts),
        "action": _blank(reply.action),
        "paid_on": bool(reply.compensation_fen) and not reply.paid,
        "contact_log": _blank(reply.contact_log) and not elsewhere,
    }
    return tuple(name for name, needed in lacks.items() if needed)


def _blank(words: str | None) -> bool:
    return words is None or not words.strip()
