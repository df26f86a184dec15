"""Every reason and every trigger has a text in both languages, and every reason is one that a rule gives."""

import inspect
import re
import string
from collections.abc import Mapping
from enum import StrEnum
from types import ModuleType
from typing import Any

import pytest

from services.reference.data import ReferenceData
from services.rules import admission, levels
from services.rules.failing_link import inference, scan_rules
from services.rules.failing_link.codes import LinkCode
from services.rules.jurisdiction import bureau_choice
from services.rules.tracking import TraceState
from services.views import decision_texts, trace_texts
from services.views.language import Language, Text
from shared.vocabulary import OtherProcedure

CATALOGUES: tuple[tuple[Mapping[Any, Text], type[StrEnum]], ...] = (
    (decision_texts.CHOICE, bureau_choice.ChoiceReason),
    (decision_texts.ADMISSION, admission.AdmissionReason),
    (decision_texts.PLACES, bureau_choice.DecidingPlace),
    (trace_texts.LINKS, LinkCode),
    (trace_texts.STATES, TraceState),
)
RULES: tuple[tuple[tuple[ModuleType, ...], type[StrEnum], str], ...] = (
    ((bureau_choice,), bureau_choice.ChoiceReason, "ChoiceReason"),
    ((admission,), admission.AdmissionReason, "AdmissionReason"),
    ((levels,), levels.Trigger, "Trigger"),
    ((scan_rules, inference), LinkCode, "(?:_C|LinkCode)"),
)


@pytest.mark.parametrize(
    ("catalogue", "codes"), CATALOGUES, ids=["choice", "admission", "places", "links", "states"]
)
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
    assert set(decision_texts.TRIGGERS) == set(levels.Trigger)
    assert set(decision_texts.PROCEDURES) == set(OtherProcedure) - {OtherProcedure.NONE}


@pytest.mark.parametrize(
    ("modules", "codes", "name"), RULES, ids=["choice", "admission", "levels", "failing link"]
)
def test_every_code_is_given_by_a_rule(
    modules: tuple[ModuleType, ...], codes: type[StrEnum], name: str
) -> None:
    source = "".join(inspect.getsource(module) for module in modules)
    assert [code.name for code in codes if not re.search(rf"\b{name}\.{code.name}\b", source)] == []


@pytest.mark.parametrize("language", Language)
def test_values_are_rendered_by_their_names(reference: ReferenceData, language: Language) -> None:
    place = decision_texts.reason("PLACE", {"place": "MAILING", "region": "330106"}, language, reference)
    assert "330106" in place
    assert "西湖区" in place
    hidden = decision_texts.reason(
        "SAME_MATTER", {"number": decision_texts.ANOTHER_FILING}, language, reference
    )
    assert decision_texts.ANOTHER_FILING not in hidden
    gap = {"state": "AT_SORTING", "next_state": "IN_TRANSIT", "hours": 144, "usual": 24}
    assert (
        decision_texts.reason("LONG_GAP", gap, language, reference)
        == {
            Language.ZH: "从“在分拣中心”到下一扫描“运输中”历时144小时，通常为24小时",
            Language.EN: "144 hours from the scan 'at a sorting centre' to the next one, 'in transit'; usual are 24 hours",
        }[language]
    )


def test_a_code_that_is_no_longer_known_stands_for_itself(reference: ReferenceData) -> None:
    assert decision_texts.reason("GONE", {}, Language.EN, reference) == "GONE"
