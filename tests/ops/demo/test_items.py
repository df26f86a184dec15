"""Items and causes of the demo: each cause has its sentences, each issue its causes, each waybill its check digit."""

import itertools

from ops.demo import generate, items, texts
from ops.demo.margins import MARCH
from shared import identifiers


def test_every_cause_has_its_sentences() -> None:
    causes = {cause for weighted in items.CAUSES.values() for cause in weighted.values}
    assert causes == texts.BODIES.keys()
    assert set(items.EXPRESS_ISSUES.values) | set(items.POSTAL_ISSUES.values) == items.CAUSES.keys()


def test_waybills_of_the_post_have_their_check_digit() -> None:
    rows = itertools.islice(generate.complaints(MARCH), 5_000)
    postal = [row["item"]["waybill"] for row in rows if row["business"] == "POSTAL"]
    assert postal
    assert all(
        identifiers.is_s10(waybill) and identifiers.s10_check_digit_holds(waybill) for waybill in postal
    )
