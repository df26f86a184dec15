"""The policies as the rules take them: each with its version; what names nothing that there is, is refused."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.reference import files, policies
from services.rules.levels import GOODS_LEVELS, URGENCY_LEVELS
from services.rules.tracking import TraceState
from shared.vocabulary import OPEN, Level, Status, Step


@pytest.fixture(scope="module")
def packaged() -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Return the packaged policies by name."""
    rows = files.read(files.PACKAGED).values()["policy"]
    return {row["name"]: (row["version"], row["value"]) for row in rows}


def _with(value: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    return dict.fromkeys(policies.FORMS, ("T1", value))


def test_the_packaged_policies_are_read_with_their_versions(packaged: Any) -> None:
    assert packaged.keys() == policies.FORMS.keys()
    levels = policies.levels(packaged)
    assert (levels.version, levels.by_urgency, levels.by_goods) == ("P1", URGENCY_LEVELS, GOODS_LEVELS)
    assert policies.admission(packaged).enterprise_window_days == 7
    assert policies.duplicates(packaged).window_days == 60
    assert policies.surges(packaged).least == 10
    assert set(policies.watchdog(packaged).workdays) == set(OPEN)
    assert policies.failing_link(packaged).usual_hours[TraceState.IN_TRANSIT] > 0
    effect = policies.escalation(packaged).effects["total"][Step.OVERDUE]
    assert (effect.level, effect.notified) == (Level.KEY, ("HANDLING", "SUPERVISING", "PROVINCE"))


@pytest.mark.parametrize(
    ("effects", "message"),
    [
        ({"total": {"NEVER": {"notified": []}}}, "NEVER"),
        ({"total": {"OVERDUE": {"level": "L9", "notified": []}}}, "L9"),
        ({"total": {"OVERDUE": {"notified": ["EVERYBODY"]}}}, "no recipient EVERYBODY"),
        ({"total": {"OVERDUE": {"told": [], "notified": []}}}, "not told"),
    ],
)
def test_an_escalation_names_steps_levels_and_recipients_that_there_are(
    effects: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        policies.escalation(_with({"effects": effects}))


@pytest.mark.parametrize(
    "workdays",
    [
        {},
        {status: 5 for status in OPEN if status is not Status.REPLIED},
        {**dict.fromkeys(OPEN, 5), Status.CLOSED: 5},
        {**dict.fromkeys(OPEN, 5), Status.REPLIED: 0},
    ],
)
def test_a_watchdog_gives_every_open_state_its_days_and_no_other(workdays: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="every open state"):
        policies.watchdog(_with({"workdays": workdays}))


@pytest.mark.parametrize("hours", [{"SIGNED": 5}, {"IN_TRANSIT": 0}, {"LOST": 5}])
def test_hours_are_usual_where_a_link_has_the_item(hours: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"hours above zero|LOST"):
        policies.failing_link(_with({"usual_hours": hours, "routing_confidence": 50}))
    # none at all: nothing is ever too long
    none = policies.failing_link(_with({"usual_hours": {}, "routing_confidence": 50}))
    assert none.usual_hours == {}
