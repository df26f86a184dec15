"""Every reason and every trigger has a text in both languages, and every reason is one that a rule gives."""

import inspect
import string
from collections.abc import Mapping
from enum import StrEnum
from types import ModuleType
from typing import Any

import pytest

from services.reference.data import ReferenceData
from services.rules import admission, levels
from services.rules.jurisdiction import bureau_choice
from services.views import decision_texts
from services.views.language import Language, Text
from shared.vocabulary import OtherProcedure, Urgency

CATALOGUES: tuple[tuple[Mapping[Any, Text], type[StrEnum]], ...] = (
    (decision_texts.CHOICE, bureau_choice.Reason),
    (decision_texts.ADMISSION, admission.Reason),
    (decision_texts.PLACES, bureau_choice.Place),
)
RULES: tuple[tuple[ModuleType, type[StrEnum]], ...] = (
    (bureau_choice, bureau_choice.Reason),
    (admission, admission.Reason),
    (levels, levels.Trigger),
)


@pytest.mark.parametrize(("catalogue", "codes"), CATALOGUES, ids=["choice", "admission", "places"])
def test_every_code_has_both_texts_with_the_same_values(
    catalogue: Mapping[StrEnum, Text], codes: type[StrEnum]
) -> None:
    assert set(catalogue) == set(codes)
    for text in catalogue.values():
        zh, en = (
            {name for _, name, _, _ in string.Formatter().parse(each) if name is not None} for each in text
        )
        assert zh == en
        assert text.zh.strip()
        assert text.en.strip()
        assert text.en.isascii()


def test_every_trigger_and_procedure_has_both_texts() -> None:
    triggers = {*Urgency, *levels.GOODS_LEVELS, *levels.Trigger}
    assert set(decision_texts.TRIGGERS) == triggers
    assert set(decision_texts.PROCEDURES) == set(OtherProcedure) - {OtherProcedure.NONE}


@pytest.mark.parametrize(("module", "codes"), RULES, ids=["choice", "admission", "levels"])
def test_every_code_is_given_by_a_rule(module: ModuleType, codes: type[StrEnum]) -> None:
    source = inspect.getsource(module)
    unused = [code.name for code in codes if f"{codes.__name__}.{code.name}" not in source]
    assert unused == []


@pytest.mark.parametrize("language", Language)
def test_values_are_rendered_by_their_names(reference: ReferenceData, language: Language) -> None:
    place = decision_texts.reason("PLACE", {"place": "MAILING", "region": "330106"}, language, reference)
    assert "330106" in place
    assert "西湖区" in place
    hidden = decision_texts.reason(
        "SAME_MATTER", {"number": decision_texts.ANOTHER_FILING}, language, reference
    )
    assert decision_texts.ANOTHER_FILING not in hidden


def test_a_code_that_is_no_longer_known_stands_for_itself(reference: ReferenceData) -> None:
    assert decision_texts.reason("GONE", {}, Language.EN, reference) == "GONE"
