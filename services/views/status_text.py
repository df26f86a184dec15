"""What an agent may read out of a case: one to three plain sentences, in Chinese and in English. Pure.

They name no person, no waybill and no other case: a caller hears about their own receipt only, by its last four digits.
Deadlines are stored as the first moment at which they have run out; people are given the last day in time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from services.views import advice, status_days
from services.views.status_days import StateDeadline
from shared.vocabulary import CloseReason, RefusalGround, Status

_TAIL = 4


class Sentence(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFacts:
    """What a sentence is made of. Names are those that people know; `due_at` is the running deadline of the state."""

    number: str
    status: Status
    now: datetime
    received_at: datetime
    total_due_at: datetime
    bureau: str | None = None
    carrier: Sentence | None = None
    since: datetime | None = None
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    ground: RefusalGround | None = None
    ground_name: Sentence | None = None
    close_reason: CloseReason | None = None
    close_name: Sentence | None = None
    office: str | None = None
    goes_on: "StatusFacts | None" = None
    """Of a merged case: the one that it is handled with."""


def sentence(facts: StatusFacts) -> Sentence:
    """Return what may be read out to the person who holds this receipt."""
    tail = facts.number[-_TAIL:]
    state = _STATES[facts.status](facts)
    parts = [state, _total(facts)] if facts.status in _ANSWER_IS_OWED else [state]
    zh = f"您的申诉（尾号{tail}）" + "".join(part.zh for part in parts)
    return Sentence(zh, " ".join((f"Your complaint (number ending in {tail})", *(part.en for part in parts))))


def _bureau(facts: StatusFacts) -> Sentence:
    return (
        Sentence(facts.bureau, facts.bureau)
        if facts.bureau
        else Sentence("邮政管理部门", "the postal administration")
    )


def _carrier(facts: StatusFacts) -> Sentence:
    return facts.carrier or Sentence("企业", "the enterprise")


def _chosen(deadline: StateDeadline | None, running: Sentence, late: Sentence) -> Sentence:
    """Return the sentence for a running or an expired deadline, with its day in place of `{}`; empty without a deadline."""
    if deadline is None:
        return Sentence("", "")
    chosen = late if deadline.late else running
    return Sentence(chosen.zh.format(deadline.day.zh), chosen.en.format(deadline.day.en))


def _joined(first: Sentence, then: Sentence) -> Sentence:
    return Sentence(f"{first.zh}{then.zh}。", f"{first.en}{then.en}.")


def _received(facts: StatusFacts) -> Sentence:
    came, bureau = status_days.day(facts.received_at, facts.now), _bureau(facts)
    if facts.bureau is None:
        return Sentence(
            f"已于{came.zh}收到，正在分派给负责的邮政管理部门。",
            f"was received on {came.en} and is being assigned to the postal administration in charge.",
        )
    then = _chosen(
        status_days.of_state(facts.due_at, facts.now),
        Sentence("，最迟{}作出决定", "; the decision is due by {}"),
        Sentence("，原定{}作出的决定已经延误，正在抓紧办理", "; the decision was due by {} and is late"),
    )
    first = Sentence(
        f"已于{came.zh}收到，{bureau.zh}正在审查是否受理",
        f"was received on {came.en}; {bureau.en} is deciding whether to accept it",
    )
    return _joined(first, then)


def _awaiting(facts: StatusFacts) -> Sentence:
    bureau = _bureau(facts)
    then = _chosen(
        status_days.of_state(facts.due_at, facts.now),
        Sentence("，请最迟在{}补交", "; please supply it by {}"),
        Sentence(
            "，补交期限{}已过，请尽快补交，否则可能不予受理",
            "; it was due by {}: please supply it soon, or the complaint may not be accepted",
        ),
    )
    return _joined(
        Sentence(f"需要您向{bureau.zh}补充材料", f"needs something more from you, for {bureau.en}"), then
    )


def _refused(facts: StatusFacts) -> Sentence:
    at = status_days.day(facts.since or facts.now, facts.now)
    why = facts.ground_name or Sentence("不符合受理条件", "a condition is not met")
    todo = advice.AFTER_REFUSAL[facts.ground] if facts.ground is not None else advice.ASK_THE_BUREAU
    return Sentence(
        f"已于{at.zh}经审查不予受理，原因是：{why.zh}。{todo.zh}",
        f"was not accepted on {at.en}; the reason: {_lower(why.en)}. {todo.en}",
    )


def _merged(facts: StatusFacts) -> Sentence:
    first = Sentence(
        "与同一事项的另一件申诉合并办理，结果同样会告知您，请继续使用本编号查询。",
        "is handled together with another one about the same matter; you will be told the result as well, "
        "and your number stays valid.",
    )
    other = facts.goes_on
    if other is None or other.status is Status.MERGED:
        return first
    state = _STATES[other.status](other)
    # this receipt's own 30 days: a merge lengthens them for nobody
    parts = [state, _total(facts)] if other.status in _ANSWER_IS_OWED else [state]
    zh, en = "".join(part.zh for part in parts), " ".join(part.en for part in parts)
    return Sentence(f"{first.zh}合并后的申诉{zh}", f"{first.en} Together they form a complaint that {en}")


def _accepted(facts: StatusFacts) -> Sentence:
    at, carrier = status_days.day(facts.accepted_at or facts.received_at, facts.now), _carrier(facts)
    return Sentence(
        f"已于{at.zh}受理，正在转交{carrier.zh}处理。",
        f"was accepted on {at.en} and is being forwarded to {carrier.en}.",
    )


def _with_enterprise(facts: StatusFacts) -> Sentence:
    at, carrier = status_days.day(facts.accepted_at or facts.received_at, facts.now), _carrier(facts)
    then = _chosen(
        status_days.of_state(facts.due_at, facts.now),
        Sentence("，企业应最迟在{}答复", ", which has to reply by {}"),
        Sentence(
            "，企业未在{}前按期答复，我们正在督促", ", which did not reply by {}; we are pressing for it"
        ),
    )
    first = Sentence(
        f"已于{at.zh}受理，正在由{carrier.zh}处理", f"was accepted on {at.en} and is with {carrier.en}"
    )
    return _joined(first, then)


def _rework(facts: StatusFacts) -> Sentence:
    carrier = _carrier(facts)
    then = _chosen(
        status_days.of_state(facts.due_at, facts.now),
        Sentence("，企业应最迟在{}再次答复", ", which has to reply again by {}"),
        Sentence(
            "，企业未在{}前按期再次答复，我们正在督促",
            ", which did not reply again by {}; we are pressing for it",
        ),
    )
    first = Sentence(
        f"的企业答复未通过核实，已退回{carrier.zh}重新处理",
        f"got a reply that did not pass our check; it went back to {carrier.en}",
    )
    return _joined(first, then)


def _replied(facts: StatusFacts) -> Sentence:
    carrier, bureau = _carrier(facts), _bureau(facts)
    return Sentence(
        f"已得到{carrier.zh}的答复，{bureau.zh}正在核实，会与您联系确认。",
        f"was answered by {carrier.en}; {bureau.en} is checking the reply and will contact you about it.",
    )


def _mediating(facts: StatusFacts) -> Sentence:
    bureau = _bureau(facts)
    return Sentence(f"正在由{bureau.zh}组织调解。", f"is in mediation at {bureau.en}.")


def _proposed(facts: StatusFacts) -> Sentence:
    bureau = _bureau(facts)
    then = _chosen(
        status_days.of_state(facts.due_at, facts.now),
        Sentence("，请最迟在{}答复是否接受", "; please say by {} whether you accept it"),
        Sentence(
            "，答复期限{}已过，正在办理结案", "; answers were due by {}, and the case is being concluded"
        ),
    )
    return _joined(
        Sentence(f"的调解意见已由{bureau.zh}出具", f"has a mediation opinion, issued by {bureau.en}"), then
    )


def _closed(facts: StatusFacts) -> Sentence:
    at = status_days.day(facts.since or facts.now, facts.now)
    result = facts.close_name or Sentence("其他", "other")
    todo = advice.AFTER_CLOSING.get(facts.close_reason) if facts.close_reason is not None else None
    return Sentence(
        f"已于{at.zh}答复结案，结果是：{result.zh}。{todo.zh if todo else ''}",
        f"was closed on {at.en}; the result: {_lower(result.en)}.{' ' + todo.en if todo else ''}",
    )


def _withdrawn(facts: StatusFacts) -> Sentence:
    at = status_days.day(facts.since or facts.now, facts.now)
    return Sentence(f"已于{at.zh}按您的意愿撤回。", f"was withdrawn at your request on {at.en}.")


def _transferred(facts: StatusFacts) -> Sentence:
    at, office = status_days.day(facts.since or facts.now, facts.now), facts.office
    return Sentence(
        f"应由其他部门处理，已于{at.zh}转交{office or '主管部门'}，请向该部门查询。",
        f"belongs to another office and was handed to {office or 'it'} on {at.en}; please ask there.",
    )


def _total(facts: StatusFacts) -> Sentence:
    """Return until when the administration owes its answer (邮政法 art. 65), whatever the state."""
    day, late = status_days.last_day(facts.total_due_at, facts.now), facts.total_due_at <= facts.now
    if late:
        return Sentence(
            f"答复您的期限是{day.zh}，已经超过，我们正在抓紧办理，请您谅解。",
            f"Our answer to you was due by {day.en} and is late; we are working on it and ask for your patience.",
        )
    return Sentence(f"我们最迟在{day.zh}答复您。", f"You get our answer by {day.en} at the latest.")


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


_STATES: Mapping[Status, Callable[[StatusFacts], Sentence]] = MappingProxyType(
    {
        Status.RECEIVED: _received,
        Status.AWAITING_SUPPLEMENT: _awaiting,
        Status.REFUSED: _refused,
        Status.MERGED: _merged,
        Status.ACCEPTED: _accepted,
        Status.FORWARDED: _with_enterprise,
        Status.REPLIED: _replied,
        Status.REWORK: _rework,
        Status.MEDIATING: _mediating,
        Status.MEDIATION_PROPOSED: _proposed,
        Status.CLOSED: _closed,
        Status.WITHDRAWN: _withdrawn,
        Status.TRANSFERRED: _transferred,
    }
)
_ANSWER_IS_OWED = frozenset(_STATES) - {
    Status.REFUSED,
    Status.MERGED,
    Status.CLOSED,
    Status.WITHDRAWN,
    Status.TRANSFERRED,
}
