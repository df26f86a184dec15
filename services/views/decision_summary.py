"""The decision on a case in a few sentences, Chinese or English."""

from services.views.explanation import Assignment, ExplainedAdmission, ExplainedLevel
from services.views.language import Language, Text
from services.views.rendering import Rendering

_NOT_ROUTED = Text(
    "申诉已接收，正在分派，通常不到一秒。",
    "The case was received and waits to be routed; this usually takes less than a second.",
)
_SEATS = Text(
    "由{handling}办理、{supervising}督导，依据规则{rule}：{reason}。",
    "{handling} handles the case and {supervising} supervises it, by rule {rule}: {reason}.",
)
_TRIAGE = Text(
    "地点尚不确定，须由该机构经办人确认或改派。",
    "The place is not certain: an officer of that bureau has to confirm or reassign it.",
)
_LEVEL = Text("级别为{level}，无提级因素。", "Its level is {level}: nothing raises it.")
_RAISED = Text("级别为{level}，原因：{triggers}", "Its level is {level}, raised by: {triggers}")
_COPIES = Text("；已抄送{copies}。", "; {copies} got a copy.")
_ACCEPTED = Text(
    "八项条件均符合：已受理，转企业处理。",
    "All eight conditions are met: the case was accepted (受理) and goes to the enterprise.",
)
_OFFICER_ACCEPTS = Text(
    "八项条件均符合；因本机构要求或地点不确定，由经办人受理。",
    "All eight conditions are met; an officer accepts the case, as the bureau wishes or the place is uncertain.",
)
_OFFICER_DECIDES = Text(
    "是否受理由经办人决定。可能的不予受理理由：{ground}（{code}）：{reason}。",
    "An officer decides whether it is accepted. What may stand against it: {ground} ({code}): {reason}.",
)


def not_routed(language: Language) -> list[str]:
    """Return the summary of a case that was not routed yet."""
    return [_NOT_ROUTED.in_language(language)]


def summary(
    assignment: Assignment,
    level: ExplainedLevel | None,
    admission: ExplainedAdmission | None,
    rendering: Rendering,
) -> list[str]:
    """Return the sentences of a decision: bureau, level, admission."""
    language = rendering.language
    seats = _SEATS.in_language(
        language,
        handling=assignment.handling.name,
        supervising=assignment.supervising.name,
        rule=assignment.rule,
        reason=assignment.reason,
    )
    lines = [seats]
    if assignment.needs_triage:
        lines.append(_TRIAGE.in_language(language))
    if level is not None:
        lines.append(_level_line(level, language))
    if admission is not None:
        lines.append(_admission_line(admission, rendering))
    return lines


def _level_line(level: ExplainedLevel, language: Language) -> str:
    name = f"{level.level} {level.name}"
    if not level.triggers:
        return _LEVEL.in_language(language, level=name)
    comma = "、" if language is Language.ZH else ", "
    triggers = comma.join(trigger.text for trigger in level.triggers)
    line = _RAISED.in_language(language, level=name, triggers=triggers)
    if not level.copied_to:
        return line + ("。" if language is Language.ZH else ".")
    copies = comma.join(bureau.name for bureau in level.copied_to)
    return line + _COPIES.in_language(language, copies=copies)


def _admission_line(admission: ExplainedAdmission, rendering: Rendering) -> str:
    language = rendering.language
    if admission.accepted:
        return _ACCEPTED.in_language(language)
    if admission.proposed_ground is None:
        return _OFFICER_ACCEPTS.in_language(language)
    reason = next(check.text for check in admission.checks if check.outcome == "failed")
    return _OFFICER_DECIDES.in_language(
        language,
        ground=rendering.name("refusal_ground", admission.proposed_ground),
        code=admission.proposed_ground,
        reason=reason,
    )
