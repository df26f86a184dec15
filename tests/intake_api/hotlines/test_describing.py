"""What the steps of a hotline may be refused with, by step."""

import pytest

from intake_api.hotlines import describing
from services.hotline.verbs import VERBS


@pytest.mark.parametrize("verb", VERBS)
def test_each_step_may_come_too_late_and_is_done_once(verb: str) -> None:
    codes = {each.error.code for each in describing.step(verb)}
    assert {"order-ended", "request-key-reused", "request-in-flight", "not-found"} <= codes


def test_a_step_has_refusals_of_its_own() -> None:
    assert "redo-refused" in {each.error.code for each in describing.step("redo")}
    assert "redo-refused" not in {each.error.code for each in describing.step("urge")}
    assert describing.OWN.keys() <= VERBS.keys()
