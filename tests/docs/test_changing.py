"""`docs/changing.md`: what it names exists, and the tables that a new entry has to be added to are complete."""

import csv
import itertools
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from analytics_api.parameters import VolumeParameters
from routing_worker.registry import LOOPS, Loop
from services.access import scopes
from services.cases import effects
from services.casework.answers import CaseState
from services.desk.verbs import VERBS
from services.figures import names, recount
from services.rules import hotline
from services.rules.kinds import KINDS
from services.rules.metrics import measures
from services.rules.metrics.dimensions import Dimension
from services.rules.metrics.measures import Measure
from services.rules.states import grounds
from services.views import advice, next_step, status_text
from shared.database import Database
from shared.models import figures
from shared.settings import Settings
from shared.vocabulary import OPEN, CaseKind, Channel, DeadlineKind, RefusalGround, Status
from tests.conftest import Run

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DATA = ROOT / "shared" / "reference_data"
PAGE = (DOCS / "changing.md").read_text(encoding="utf-8")
TICKED = sorted(set(re.findall(r"`([^`\n]+)`", PAGE)))
SUFFIXES = (".py", ".sql", ".csv", ".json", ".md", ".toml", ".mako")
PATHS = [name for name in TICKED if " " not in name and name.endswith((*SUFFIXES, "/")) and "/" in name]
PACKAGES = ("services", "shared", "migrations", "intake_api", "analytics_api", "routing_worker", "ops")
DOTTED = [name for name in TICKED if re.fullmatch(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+", name)]
INTEGRATORS = "\n".join(page.read_text("utf-8") for page in sorted((DOCS / "integrators").glob("*.md")))
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")
RULES = (DOCS / "rules.md").read_text(encoding="utf-8")


def _lines(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


CODES = {(line["kind"], line["code"]): line for line in _lines("codes.csv")}


def test_there_are_twelve_recipes_each_with_its_table() -> None:
    recipes = re.split(r"^## \d+\. ", PAGE, flags=re.MULTILINE)[1:]
    assert len(recipes) == 12
    assert all("| file | gets | fails |" in recipe for recipe in recipes)


@pytest.mark.parametrize("path", PATHS)
def test_every_path_exists(path: str) -> None:
    """A name in angle brackets is still to be chosen: what stands before it exists."""
    exists = path.partition("<")[0]
    if exists != path:
        exists = exists.rpartition("/")[0]
    assert (ROOT / exists).exists()


@pytest.mark.parametrize("dotted", DOTTED)
def test_every_dotted_name_exists(dotted: str) -> None:
    assert pkgutil.resolve_name(dotted) is not None


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make (\w+)`", PAGE))))
def test_every_target_of_make_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("ground", RefusalGround)
def test_a_ground_of_refusal_is_complete(ground: RefusalGround) -> None:
    line = CODES["refusal_ground", ground]
    assert line["name_zh"]
    assert line["name_en"]
    assert grounds.LEGAL_BASES[ground]
    assert hotline.RETURNED_FOR[ground]
    assert all(advice.AFTER_REFUSAL[ground])


@pytest.mark.parametrize("status", Status)
def test_a_state_is_complete(status: Status) -> None:
    line = CODES["status", status]
    assert line["name_zh"]
    assert line["name_en"]
    assert hotline.STATES[status]
    assert status in status_text._STATES


@pytest.mark.parametrize("status", OPEN)
def test_an_open_state_is_complete(status: Status) -> None:
    assert next_step.STEPS[status]
    table = KINDS[CaseKind.CONSUMER_COMPLAINT].states
    key = table.deadlines[status]
    assert table.allowed(status)
    lines = _lines("deadline_rules.csv")
    versions = {line["version"] for line in lines}
    assert {line["version"] for line in lines if line["key"] == key} == versions
    invariants = (ROOT / "services" / "deadlines" / "invariants.sql").read_text(encoding="utf-8")
    lists = [text for text in re.findall(r"status IN \(([^)]*)\)", invariants) if "'RECEIVED'" in text]
    assert lists
    assert all(f"'{status}'" in text for text in lists)


@pytest.mark.parametrize("kind", DeadlineKind)
def test_a_deadline_has_its_names(kind: DeadlineKind) -> None:
    line = CODES["deadline", kind.name]
    assert line["name_zh"]
    assert line["name_en"]


def test_every_consequence_is_in_the_list_and_the_history_is_the_last() -> None:
    modules = {f"{effects.__name__}.{module.name}" for module in pkgutil.iter_modules(effects.__path__)}
    assert {effect.__module__ for effect in effects.EFFECTS} == modules
    assert effects.EFFECTS[-1] is effects.history.follow


@pytest.mark.parametrize("kind", CaseKind)
def test_every_kind_of_case_has_its_rules(kind: CaseKind) -> None:
    states = KINDS[kind].states
    assert states.moves
    assert set(states.deadlines) <= set(OPEN)


def test_the_facts_hold_every_measure() -> None:
    assert tuple(Measure) == figures.MEASURES


def test_a_column_that_the_recount_reads_marks_the_day_when_it_changes() -> None:
    columns = set(re.findall(r"\bc\.(\w+)", " ".join(recount.from_cases().values())))
    # a case is left out of the figures by its status, which changes together with the pointer of a merge
    assert columns - {"status"} == measures.COUNTED_COLUMNS - {measures.MERGED_COLUMN} | {"business_type"}


@pytest.mark.parametrize("dimension", Dimension)
def test_a_dimension_is_complete(dimension: Dimension) -> None:
    facts = (figures.daily_fact, figures.monthly_fact, figures.channel_fact, figures.circular_fact)
    assert any(dimension.column in fact.primary_key.columns for fact in facts)
    assert dimension in VolumeParameters.model_fields
    assert f"`{dimension}`" in (DOCS / "integrators" / "dashboards.md").read_text(encoding="utf-8")


def test_each_dimension_has_names_of_its_own(db: Database, run: Run[Any]) -> None:
    async def codes() -> list[frozenset[str]]:
        async with db.transaction() as connection:
            return [frozenset(codes) for codes in (await names.of(connection, Dimension)).values()]

    of_dimensions = run(codes())
    assert len(of_dimensions) == len(Dimension)
    assert all(of_dimensions)
    assert not any(codes & other for codes, other in itertools.combinations(of_dimensions, 2))


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_complete(verb: str) -> None:
    spec = VERBS[verb]
    assert issubclass(spec.form, BaseModel)
    assert issubclass(spec.answer, CaseState)
    assert re.fullmatch(r"[a-z]+([A-Z][a-z0-9]*)+", spec.operation)
    assert spec.summary
    assert f"`{verb}`" in (DOCS / "integrators" / "desks.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("channel", Channel)
def test_a_channel_is_complete(channel: Channel) -> None:
    line = CODES["channel", channel]
    assert line["name_zh"]
    assert line["name_en"]
    assert f"`{channel}`" in INTEGRATORS


@pytest.mark.parametrize("scope", scopes.Scope)
def test_a_scope_is_complete(scope: scopes.Scope) -> None:
    assert scopes.MEANINGS[scope]
    assert f"`{scope}`" in INTEGRATORS
    assert f"Scope.{scope.name}" in (ROOT / "ops" / "stack" / "development.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.name)
def test_a_loop_has_its_row(loop: Loop) -> None:
    row = re.search(rf"^\| {', '.join(f'`{name}`' for name in loop.names())} \|.*$", OPERATIONS, re.MULTILINE)
    assert row is not None
    if isinstance(loop.period, str):
        default = Settings.model_fields[loop.period].default
        shown = f"{default / 60:g} min" if default > 60 else f"{default:g} s"
        assert shown in row[0]
    elif loop.period is not None:
        assert f"{loop.period:g} s" in row[0]


@pytest.mark.parametrize("field", Settings.model_fields)
def test_a_setting_is_documented(field: str) -> None:
    variable = Settings.model_fields[field].validation_alias or field.upper()
    assert f"`{variable}`" in OPERATIONS


def _metrics() -> set[str]:
    packages = ("shared", "services", "intake_api", "analytics_api", "routing_worker")
    sources = (path.read_text("utf-8") for package in packages for path in (ROOT / package).rglob("*.py"))
    declared = r"(?:Counter|Gauge|Histogram|Summary)\(\s*\"(shensu_\w+)\""
    return {name for text in sources for name in re.findall(declared, text)}


@pytest.mark.parametrize("metric", sorted(_metrics()))
def test_a_metric_is_documented(metric: str) -> None:
    assert re.search(rf"`{metric}(?:_total)?(?:\{{.*?\}})?`", OPERATIONS)
