"""The deadlines of a case, explained in Chinese or English: names, counting, and the days that do not count."""

import string
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from services.cases import lookup
from services.intake.preparation import IntakeContext, Prepared
from services.rules.deadlines.counting import SkipReason
from services.views import deadline_texts, deadlines_explained, decision_explained
from services.views.decision_explained import Audience
from services.views.language import Language
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Explain = Callable[[str, Language], dict[str, Any]]


@pytest.fixture
def explain(db: Database, run: Run, intake_context: IntakeContext) -> Explain:
    """Return a function that explains the deadlines of a case to the client that filed it."""

    def _explain(number: str, language: Language) -> dict[str, Any]:
        explained = run(
            deadlines_explained.explain(
                db,
                number,
                scope=lookup.of_client(intake_context.caller),
                reference=intake_context.reference,
                language=language,
            )
        )
        shown: dict[str, Any] = explained.model_dump(mode="json")
        return shown

    return _explain


def test_every_reason_has_both_texts() -> None:
    assert set(deadline_texts.SKIPPED) == set(SkipReason)
    for text in (*deadline_texts.SKIPPED.values(), deadline_texts.COUNTING, deadline_texts.ANSWER_BASIS):
        assert text.en.isascii()
        assert not text.zh.isascii()
        assert [name for _, name, _, _ in string.Formatter().parse(text.zh) if name is not None] == []


def test_deadlines_are_explained_in_the_language_of_the_reader(
    prepare: Callable[..., Prepared], store: Callable[[Sequence[Prepared]], list[str]], explain: Explain
) -> None:
    [number] = store([prepare()])
    chinese, english = explain(number, Language.ZH), explain(number, Language.EN)
    assert chinese["counting"] == deadline_texts.COUNTING.zh
    assert english["counting"] == deadline_texts.COUNTING.en
    names = [
        {deadline["key"]: deadline["name"] for deadline in explained["deadlines"]}
        for explained in (chinese, english)
    ]
    assert names[0].keys() == names[1].keys() >= {"total", "acceptance"}
    assert all(name.isascii() for name in names[1].values())
    assert not any(name.isascii() for name in names[0].values())
    skipped = [
        day
        for deadline in chinese["deadlines"]
        for day in deadline["skipped"]
        if day["code"] == "DAY_OF_REST"
    ]
    assert {day["text"] for day in skipped} <= {"休息日"}


def test_the_two_explanations_count_in_the_same_words(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    explain: Explain,
    db: Database,
    run: Run,
    intake_context: IntakeContext,
) -> None:
    [number] = store([prepare()])
    for language in Language:
        explanation = run(
            decision_explained.explain(
                db,
                number,
                audience=Audience.of_client(intake_context.caller),
                reference=intake_context.reference,
                language=language,
            )
        )
        assert explanation.deadlines.counting == explain(number, language)["counting"]
