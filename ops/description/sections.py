"""Sections of the description, each from the registry that the code itself uses."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from prometheus_client import REGISTRY
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from ops.description.documents import Api, document
from ops.description.entries import DescriptionEntry
from ops.description.layers import layers
from ops.description.tables import tables
from ops.stack.environment import StackSettings
from routing_worker.registry import LOOPS, Loop
from services.access import scopes
from services.desk.verbs import VERBS as DESK_VERBS
from services.hotline.verbs import VERBS as ORDER_VERBS
from services.rules import notices
from services.rules.metrics.definitions import METRICS
from shared.event_kinds import EventKind
from shared.settings import Settings

METHODS = frozenset({"get", "put", "post", "patch", "delete"})
PREFIX = "shensu_"


def events() -> list[DescriptionEntry]:
    """Return every kind of event, with its messages."""
    return [DescriptionEntry(kind.value, _messages(kind)) for kind in EventKind]


def _messages(kind: EventKind) -> str:
    audiences = {"carrier": notices.TO_CARRIER.get(kind), "hotline": notices.TO_HOTLINE.get(kind)}
    messages = [f"{audience}: {message.type}" for audience, message in audiences.items() if message]
    return "; ".join(messages) or "recorded in the history only"


def messages() -> list[DescriptionEntry]:
    """Return every type of message, with its data."""
    tables_ = {"carrier": notices.TO_CARRIER.values(), "hotline": notices.TO_HOTLINE.values()}
    by_name = {
        message.type: DescriptionEntry(
            message.type, f"message to a {audience}", {"data": ", ".join(message.shows)}
        )
        for audience, row in tables_.items()
        for message in row
    }
    moved = notices.MOVED_ON
    by_name[moved.type] = DescriptionEntry(
        moved.type, "message to a carrier whose case was forwarded to another one", {"data": ""}
    )
    return [by_name[name] for name in sorted(by_name)]


def scope_list() -> list[DescriptionEntry]:
    """Return every scope of an API key."""
    return [DescriptionEntry(scope.value, scopes.MEANINGS[scope]) for scope in scopes.Scope]


def loops() -> list[DescriptionEntry]:
    """Return every loop of the worker, with its period and its needs."""
    return [DescriptionEntry(loop.name, loop.purpose, _loop(loop)) for loop in LOOPS]


def _loop(loop: Loop) -> dict[str, str]:
    return {
        "period": "none" if loop.period is None else str(loop.period),
        "needs": ", ".join(sorted(loop.needs)) or "Postgres only",
        "copies": str(loop.copies),
    }


def desk_verbs() -> list[DescriptionEntry]:
    """Return every verb of the desk."""
    return [
        DescriptionEntry(name, verb.summary, {"operation": verb.operation, "bureau": str(verb.who)})
        for name, verb in DESK_VERBS.items()
    ]


def order_verbs() -> list[DescriptionEntry]:
    """Return every verb of a hotline's order."""
    return [
        DescriptionEntry(name, verb.summary, {"form": verb.form.__name__})
        for name, verb in ORDER_VERBS.items()
    ]


def metrics() -> list[DescriptionEntry]:
    """Return every published figure, with its formula."""
    return [
        DescriptionEntry(name, f"{metric.en} ({metric.zh})", {"formula": metric.formula, "unit": metric.unit})
        for name, metric in METRICS.items()
    ]


def process_metrics() -> list[DescriptionEntry]:
    """Return every Prometheus metric of the processes."""
    families = {family.name: family for family in REGISTRY.collect() if family.name.startswith(PREFIX)}
    return [
        DescriptionEntry(name, families[name].documentation, {"type": families[name].type})
        for name in sorted(families)
    ]


def settings() -> list[DescriptionEntry]:
    """Return every variable of the environment, with its default."""
    variables: dict[str, DescriptionEntry] = {}
    for model in (Settings, StackSettings):
        variables |= {_variable(name, each): _setting(model, name, each) for name, each in _fields(model)}
    return [variables[name] for name in sorted(variables)]


def _fields(model: type[BaseSettings]) -> list[tuple[str, FieldInfo]]:
    return list(model.model_fields.items())


def _variable(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    return alias if isinstance(alias, str) else name.upper()


def _setting(model: type[BaseSettings], name: str, field: FieldInfo) -> DescriptionEntry:
    default = "required" if field.is_required() else str(field.default)
    return DescriptionEntry(_variable(name, field), f"{model.__name__}.{name}", {"default": default})


def operations() -> list[DescriptionEntry]:
    """Return every operation of both APIs, from their OpenAPI documents."""
    return [
        DescriptionEntry(
            f"{api.value}.{operation['operationId']}",
            operation["summary"],
            {"method": method.upper(), "path": path},
        )
        for api in Api
        for path, item in document(api)["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


SECTIONS: Mapping[str, Callable[[], list[DescriptionEntry]]] = MappingProxyType(
    {
        "layers": layers,
        "tables": tables,
        "events": events,
        "messages": messages,
        "scopes": scope_list,
        "loops": loops,
        "desk verbs": desk_verbs,
        "order verbs": order_verbs,
        "metrics": metrics,
        "process metrics": process_metrics,
        "settings": settings,
        "operations": operations,
    }
)
