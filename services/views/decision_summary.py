"""A case in a few sentences, Chinese or English: what it is now, and what its decision had given where that differs."""

from collections.abc import Sequence

from services.cases.case_row import CaseRow
from services.views.explanation import Assignment, ExplainedAdmission, ExplainedLevel, NamedBureau
from services.views.language import Language, Text
from services.views.later_changes import LaterChange, LaterChanges
from services.views.rendering import Rendering
from shared.event_kinds import EventKind
from shared.vocabulary import ENDED, Status

_NOT_ROUTED = Text(
    "申诉已接收，正在分派，通常不到一秒。",
    "The case was received and waits to be routed; this usually takes less than a second.",
)
_SEATS = Text(
    "由{handling}办理、{supervising}督导，依据规则{rule}：{reason}。",
    "{handling} handles the case and {supervising} supervises it, by rule {rule}: {reason}.",
)
_SEATS_NOW = Text(
    "现由{handling}办理、{supervising}督导：{by}于{at}改派{because}。",
    "{handling} handles the case now and {supervising} supervises it: {by} reassigned it on {at}{because}.",
)
_SEATS_DECIDED = Text(
    "分派决定为由{handling}办理，依据规则{rule}：{reason}。",
    "The decision had named {handling}, by rule {rule}: {reason}.",
)
_TRIAGE = Text(
    "地点尚不确定，须由该机构经办人确认或改派。",
    "The place is not certain: an officer of that bureau has to confirm or reassign it.",
)
_LEVEL = Text("级别为{level}，无提级因素。", "Its level is {level}: nothing raises it.")
_RAISED = Text(
    "级别为{level}，原因：{triggers}{copies}。", "Its level is {level}, raised by: {triggers}{copies}."
)
_LEVEL_NOW = Text(
    "现级别为{level}：{by}于{at}{change}{because}{copies}。",
    "Its level is {level} now: {by} {change} it on {at}{because}{copies}.",
)
_RAISING = Text("提级", "raised")
_LOWERING = Text("降级", "lowered")
_LEVEL_DECIDED = Text(
    "分派决定所定级别为{level}，无提级因素。", "The decision had given {level}: nothing raised it."
)
_RAISED_DECIDED = Text(
    "分派决定所定级别为{level}，原因：{triggers}。", "The decision had given {level}, raised by: {triggers}."
)
_COPIES = Text("；已抄送{copies}", "; {copies} got a copy")
_ACCEPTED = Text(
    "八项条件均符合：已受理，转企业处理。",
    "All eight conditions are met: the case was accepted (受理) and goes to the enterprise.",
)
_OFFICER_ACCEPTED = Text(
    "八项条件均符合：{by}于{at}受理{because}。",
    "All eight conditions are met: {by} accepted the case (受理) on {at}{because}.",
)
_ACCEPTED_ALTHOUGH = Text(
    "{by}于{at}受理{because}，当时未符合的条件：{conditions}。",
    "{by} accepted the case (受理) on {at} although not all conditions were met{because}: {conditions}.",
)
_REFUSED = Text(
    "{by}于{at}决定不予受理：{ground}（{code}）{because}。",
    "{by} refused the case (不予受理) on {at}: {ground} ({code}){because}.",
)
_ENDED = Text("申诉在受理前已终结：{status}。", "The case ended before it was accepted (受理): {status}.")
_OFFICER_ACCEPTS = Text(
    "八项条件均符合；因本机构要求或地点不确定，由经办人受理。",
    "All eight conditions are met; an officer accepts the case, because the bureau requires it or the place is uncertain.",
)
_OFFICER_DECIDES = Text(
    "是否受理由经办人决定。可能的不予受理理由：{ground}（{code}）：{reason}。",
    "An officer decides whether it is accepted. What may stand against it: {ground} ({code}): {reason}.",
)


def not_routed(language: Language) -> list[str]:
    """Return the summary of a case that was not routed yet."""
    return [_NOT_ROUTED.in_language(language)]


def summary(
    case: CaseRow,
    decided: tuple[Assignment, ExplainedLevel | None, ExplainedAdmission | None],
    later: LaterChanges,
    rendering: Rendering,
) -> list[str]:
    """Return the sentences on a routed case: bureau, level, admission, as `decided` and as `later` changes left them."""
    assignment, level, admission = decided
    lines = _bureau_lines(case, assignment, later.bureau, rendering)
    if case.triage and Status(case.status) not in ENDED:
        lines.append(_TRIAGE.in_language(rendering.language))
    if level is not None:
        lines += _level_lines(case, level, later.level, rendering)
    if admission is not None:
        lines.append(_admission_line(case, admission, later, rendering))
    return lines


def _bureau_lines(
    case: CaseRow, assignment: Assignment, later: LaterChange | None, rendering: Rendering
) -> list[str]:
    language = rendering.language
    by_decision = {
        "handling": assignment.handling.name,
        "rule": assignment.rule,
        "reason": assignment.reason,
    }
    if later is None:
        return [_SEATS.in_language(language, **by_decision, supervising=assignment.supervising.name)]
    now = _SEATS_NOW.in_language(
        language,
        handling=rendering.bureau(case.handling_bureau or "").name,
        supervising=rendering.bureau(case.supervising_bureau or "").name,
        **later.values(language),
    )
    return [now, _SEATS_DECIDED.in_language(language, **by_decision)]


def _level_lines(
    case: CaseRow, level: ExplainedLevel, later: LaterChange | None, rendering: Rendering
) -> list[str]:
    language = rendering.language
    triggers = _list([trigger.text for trigger in level.triggers], language)
    decided = f"{level.level} {level.name}"
    if later is None:
        text = _RAISED if triggers else _LEVEL
        copies = _copies(level.copied_to, language)
        return [text.in_language(language, level=decided, triggers=triggers, copies=copies)]
    change = _RAISING if later.kind is EventKind.LEVEL_RAISED else _LOWERING
    now = _LEVEL_NOW.in_language(
        language,
        level=f"{case.level} {rendering.name('level', case.level)}",
        change=change.in_language(language),
        copies=_copies([rendering.bureau(code) for code in case.copied_to], language),
        **later.values(language),
    )
    text = _RAISED_DECIDED if triggers else _LEVEL_DECIDED
    return [now, text.in_language(language, level=decided, triggers=triggers)]


def _admission_line(
    case: CaseRow, admission: ExplainedAdmission, later: LaterChanges, rendering: Rendering
) -> str:
    language = rendering.language
    if admission.accepted:
        return _accepted(admission, later.acceptance, language)
    if case.status == Status.REFUSED and case.refusal_ground is not None and later.refusal is not None:
        line = _REFUSED.in_language(
            language,
            ground=rendering.name("refusal_ground", case.refusal_ground),
            code=case.refusal_ground,
            **later.refusal.values(language),
        )
        return _sentence(line)
    if Status(case.status) in ENDED:
        return _ENDED.in_language(language, status=rendering.name("status", case.status))
    if admission.proposed_ground is None:
        return _OFFICER_ACCEPTS.in_language(language)
    reason = next(check.text for check in admission.checks if check.outcome == "failed")
    return _OFFICER_DECIDES.in_language(
        language,
        ground=rendering.name("refusal_ground", admission.proposed_ground),
        code=admission.proposed_ground,
        reason=reason,
    )


def _accepted(admission: ExplainedAdmission, acceptance: LaterChange | None, language: Language) -> str:
    """Return who accepted the case: the machine where all conditions are met, or an officer, whatever the conditions."""
    if acceptance is None or not acceptance.by_officer:
        return _ACCEPTED.in_language(language)
    if admission.passed:
        return _OFFICER_ACCEPTED.in_language(language, **acceptance.values(language))
    colon, semicolon = ("：", "；") if language is Language.ZH else (": ", "; ")
    failed = [f"{check.rule}{colon}{check.text}" for check in admission.checks if check.outcome == "failed"]
    line = _ACCEPTED_ALTHOUGH.in_language(
        language, conditions=semicolon.join(failed), **acceptance.values(language)
    )
    return _sentence(line)


def _copies(bureaus: Sequence[NamedBureau], language: Language) -> str:
    names = _list([bureau.name for bureau in bureaus], language)
    return _COPIES.in_language(language, copies=names) if names else ""


def _list(texts: Sequence[str], language: Language) -> str:
    return ("、" if language is Language.ZH else ", ").join(texts)


def _sentence(line: str) -> str:
    """Return a line that begins with a capital letter."""
    return line[:1].upper() + line[1:]
