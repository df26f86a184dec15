"""The description counts what the registries hold, and no entry is empty."""

from collections.abc import Callable

import pytest

from ops.description.entries import DescriptionEntry
from ops.description.sections import SECTIONS
from routing_worker.registry import LOOPS
from services.access.scopes import Scope
from services.desk.verbs import VERBS as DESK_VERBS
from services.hotline.verbs import VERBS as ORDER_VERBS
from services.rules.metrics.definitions import METRICS
from shared.event_kinds import EventKind
from shared.models.catalogue import metadata

COUNTS = {
    "tables": len(metadata.tables),
    "events": len(EventKind),
    "scopes": len(Scope),
    "loops": len(LOOPS),
    "desk verbs": len(DESK_VERBS),
    "order verbs": len(ORDER_VERBS),
    "metrics": len(METRICS),
}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_entry_has_a_name_of_its_own_and_a_meaning(section: str) -> None:
    entries = SECTIONS[section]()
    names = [entry.name for entry in entries]
    assert entries
    assert all(entry.name and entry.meaning for entry in entries)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("section", COUNTS)
def test_a_section_lists_its_whole_registry(section: str) -> None:
    assert len(SECTIONS[section]()) == COUNTS[section]


def _by_name(section: Callable[[], list[DescriptionEntry]]) -> dict[str, DescriptionEntry]:
    return {entry.name: entry for entry in section()}


def test_an_event_names_the_messages_that_it_makes() -> None:
    events = _by_name(SECTIONS["events"])
    assert events["FORWARDED"].meaning.startswith("carrier: case.forwarded")
    assert events["CLAIMED"].meaning == "recorded in the history only"


def test_a_setting_has_its_variable_and_its_default() -> None:
    settings = _by_name(SECTIONS["settings"])
    assert settings["DATABASE_URL"].details == {"default": "None"}
    assert settings["SHENSU_SWEEP_SECONDS"].details == {"default": "2.0"}


def test_an_operation_has_its_method_and_path() -> None:
    operation = _by_name(SECTIONS["operations"])["intake.claimCase"]
    assert operation.details == {
        "method": "POST",
        "path": "/v1/desk/cases/{number}/claim",
    }
