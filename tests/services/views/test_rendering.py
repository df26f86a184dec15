"""Codes rendered as texts: by the names in force, in one language, without the numbers of others' cases for a client."""

import pytest

from services.reference.data import ReferenceData
from services.views import decision_texts
from services.views.language import Language
from services.views.rendering import Rendering

ROW = ("A5", "failed", "SAME_MATTER", {"number": "20261124000000017"})


@pytest.mark.parametrize(("language", "name"), [(Language.ZH, "关注"), (Language.EN, "Attention")])
def test_a_code_has_its_name_in_the_language(language: Language, name: str, packaged: ReferenceData) -> None:
    assert Rendering(language, packaged).name("level", "L1") == name


def test_a_code_that_is_no_longer_loaded_stands_for_itself(packaged: ReferenceData) -> None:
    rendering = Rendering(Language.ZH, packaged)
    assert (rendering.name("level", "L9"), rendering.name("nothing", "X")) == ("L9", "X")
    assert rendering.bureau("C330100").name == "杭州市邮政管理局"
    assert rendering.bureau("C000000").name == "C000000"


def test_a_client_reads_no_number_of_anothers_case(packaged: ReferenceData) -> None:
    [seen] = Rendering(Language.EN, packaged, sees_others=True).tried([ROW])
    [hidden] = Rendering(Language.EN, packaged, sees_others=False).tried([ROW])
    assert seen.values == {"number": "20261124000000017"}
    assert "20261124000000017" in seen.text
    assert hidden.values == {"number": decision_texts.ANOTHER_FILING}
    assert "20261124000000017" not in hidden.text
    # the row as it is stored is not changed by being shown
    assert ROW[3] == {"number": "20261124000000017"}


def test_a_rule_without_values_has_three_parts(packaged: ReferenceData) -> None:
    [tried] = Rendering(Language.ZH, packaged).tried([("R1", "passed_over", "NOT_ASSIGNED_FROM_ABOVE")])
    assert (tried.rule, tried.outcome, tried.code, tried.values) == (
        "R1",
        "passed_over",
        "NOT_ASSIGNED_FROM_ABOVE",
        {},
    )
    assert tried.text
