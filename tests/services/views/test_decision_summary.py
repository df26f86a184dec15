"""The decision in sentences: bureau, level, admission; each says what it was, and what stands against it."""

from types import SimpleNamespace
from typing import Any

import pytest

from services.reference.data import ReferenceData
from services.views import decision_summary
from services.views.explanation import Assignment, ExplainedAdmission, ExplainedLevel, NamedBureau, RaisedBy
from services.views.language import Language
from services.views.later_changes import LaterChanges
from services.views.rendering import Rendering

HANGZHOU, PROVINCE = NamedBureau(code="C330100", name="杭州局"), NamedBureau(code="P330000", name="浙江局")


def _assignment(*, triage: bool = False) -> Assignment:
    return Assignment(
        handling=HANGZHOU,
        supervising=PROVINCE,
        rule="R4",
        reason="投递地在西湖区",
        needs_triage=triage,
        rules_tried=[],
    )


def _level(*triggers: str, copies: bool = False) -> ExplainedLevel:
    return ExplainedLevel(
        level="L2" if triggers else "L0",
        name="重点" if triggers else "一般",
        triggers=[RaisedBy(code=name, text=name) for name in triggers],
        copied_to=[PROVINCE] if copies else [],
        version="P1",
    )


@pytest.fixture
def summary(packaged: ReferenceData) -> Any:
    """Return a function that says a decision."""

    def _summary(language: Language = Language.ZH, **parts: Any) -> list[str]:
        rendering = Rendering(language, packaged)
        values = {"assignment": _assignment(), "level": None, "admission": None} | parts
        case: Any = SimpleNamespace(
            status="RECEIVED", triage=values["assignment"].needs_triage, refusal_ground=None
        )
        unchanged = LaterChanges(bureau=None, level=None, acceptance=None, refusal=None)
        decided = (values["assignment"], values["level"], values["admission"])
        return decision_summary.summary(case, decided, unchanged, rendering)

    return _summary


def _admission(rendering: Rendering, *, accepted: bool, ground: str | None) -> ExplainedAdmission:
    days = {"posted": "2020-01-01", "last": "2021-01-01"}
    rows: list[tuple[Any, ...]] = [
        ("A1", "passed", "IN_SCOPE"),
        ("A3", "failed", "CAUSE_OR_REQUEST_MISSING"),
        ("A7", "failed", "TIME_BARRED", days),
    ]
    return ExplainedAdmission(
        passed=ground is None,
        accepted=accepted,
        proposed_ground=ground,
        checks=rendering.tried(rows if ground else rows[:1]),
        version="2020",
    )


def test_who_handles_and_supervises_by_which_rule(summary: Any) -> None:
    assert summary() == ["由杭州局办理、浙江局督导，依据规则R4：投递地在西湖区。"]
    english = summary(Language.EN)
    assert english[0].startswith("杭州局 handles the case and 浙江局 supervises it, by rule R4")
    assert len(summary(assignment=_assignment(triage=True))) == 2


@pytest.mark.parametrize(
    ("level", "language", "line"),
    [
        (_level(), Language.ZH, "级别为L0 一般，无提级因素。"),
        (_level("媒体"), Language.ZH, "级别为L2 重点，原因：媒体。"),
        (_level("媒体", "死亡", copies=True), Language.ZH, "级别为L2 重点，原因：媒体、死亡；已抄送浙江局。"),
        (
            _level("a", "b", copies=True),
            Language.EN,
            "Its level is L2 重点, raised by: a, b; 浙江局 got a copy.",
        ),
    ],
)
def test_the_level_with_all_that_raised_it(
    level: ExplainedLevel, language: Language, line: str, summary: Any
) -> None:
    assert summary(language, level=level)[1] == line


def test_whether_it_is_accepted_and_what_stands_against_it(summary: Any, packaged: ReferenceData) -> None:
    rendering = Rendering(Language.ZH, packaged)

    def _line(ground: str | None, *, accepted: bool) -> str:
        admission = _admission(rendering, accepted=accepted, ground=ground)
        line: str = summary(admission=admission)[-1]
        return line

    assert "已受理" in _line(None, accepted=True)
    assert "由经办人受理" in _line(None, accepted=False)
    against = _line("MISSING_ELEMENTS", accepted=False)
    assert "由经办人决定" in against
    assert "MISSING_ELEMENTS" in against
    # the first check that failed says why
    assert rendering.reason("CAUSE_OR_REQUEST_MISSING", {}) in against


def test_what_was_not_routed_says_so() -> None:
    [zh], [en] = (decision_summary.not_routed(language) for language in (Language.ZH, Language.EN))
    assert "正在分派" in zh
    assert "waits to be routed" in en
