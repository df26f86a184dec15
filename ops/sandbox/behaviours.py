"""Behaviours of a carrier, and its replies to messages. Pure functions: events in, replies out."""

from collections.abc import Sequence
from enum import StrEnum

from shared.serialisation import Json

HANDED_OVER = frozenset({"case.forwarded", "case.rework"})
"""Messages that require a reply."""
SENT_BACK, LACKS = "case.rework", "case.reply_incomplete"


class Behaviour(StrEnum):
    """The behaviour of a carrier."""

    PROMPT = "prompt"
    LATE = "late"
    INCOMPLETE = "incomplete"
    UNTRUTHFUL = "untruthful"
    TWICE = "twice"
    OUT_OF_ORDER = "out-of-order"
    NEVER = "never"


def whole(ref: str) -> Json:
    """Return a complete reply that admits the fault."""
    return {
        "reply_ref": ref,
        "responsibility_admitted": True,
        "responsible_unit": "杭州文三路网点",
        "responsible_link": "DELIVERY",
        "facts": "经核实，快件在派送环节处理不当。",
        "action": "已与用户联系致歉，并按约定赔偿。",
        "contact_log": "已电话联系用户，用户接受处理结果。",
    }


def untrue(ref: str) -> Json:
    """Return a reply that looks complete but is untruthful: nothing was done, and nobody called."""
    return whole(ref) | {
        "responsibility_admitted": False,
        "facts": "快件由收件人本人签收，企业无责任。",
        "action": "已向用户解释，用户表示理解。",
    }


def partial(ref: str) -> Json:
    """Return a reply that admits the fault, without the responsible unit and the contact with the user."""
    reply = whole(ref)
    return {name: reply[name] for name in ("reply_ref", "responsibility_admitted", "facts", "action")}


def replies_to(behaviour: Behaviour, kind: str, ref: str) -> Sequence[Json]:
    """Return the replies that a carrier of this behaviour sends at once after a message; `ref` numbers them.

    LATE sends its reply on command; NEVER sends none.
    """
    if kind == LACKS:
        return [whole(ref)] if behaviour is Behaviour.INCOMPLETE else []
    if kind not in HANDED_OVER or behaviour in {Behaviour.NEVER, Behaviour.LATE}:
        return []
    if behaviour is Behaviour.TWICE:
        return [whole(ref), whole(ref)]
    if behaviour is Behaviour.INCOMPLETE and kind != SENT_BACK:
        return [partial(ref)]
    if behaviour is Behaviour.UNTRUTHFUL and kind != SENT_BACK:
        return [untrue(ref)]
    return [whole(ref)]
