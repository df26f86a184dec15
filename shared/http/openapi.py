"""Completes the OpenAPI document of an API with the parts that all operations share.

The framework describes routes, parameters and models. This module adds the server, contact, licence and tags, the
problem responses that every operation with a key can give, the header of the rate limit, and the limits of values.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Protocol

from shared.http import examples, problems, refusals, schema_limits
from shared.http.document import OpenApiDocument
from shared.http.refusals import (
    INTERNAL_ERROR,
    INVALID_PARAMETERS,
    MALFORMED_BODY,
    SHARED,
    WITH_KEY,
    Refusals,
)
from shared.problems import TYPE_BASE

LINES = "application/x-ndjson"
PUBLIC_PREFIX = "/v1/"
"""Operations outside it (index, health, metrics) need no key."""
_VALIDATION = "#/components/schemas/HTTPValidationError"
_DEFAULTS = ("HTTPValidationError", "ValidationError")
_METHODS = frozenset({"get", "put", "post", "delete", "patch"})
_SOURCE_MARK = re.compile(
    r"[,;]?\s*\((?:rulebook)(?:[^()]|\([^()]*\))*\)|,?\s*\(?rulebook \d[\d.]*\)?|\s*\[[PVD]\d?\]"
)
_TEXT: OpenApiDocument = {"type": "string", "maxLength": 200}
_PROBLEM: OpenApiDocument = {
    "type": "object",
    "description": "A refusal (RFC 9457): what is wrong, and what to change. Some problems carry further members.",
    "required": ["type", "title", "status", "detail", "code", "retryable"],
    "properties": {
        "type": {
            "type": "string",
            "description": f"{TYPE_BASE}<code>",
            "format": "uri",
            "maxLength": 200,
        },
        "title": _TEXT,
        "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What to do.", "maxLength": 2000},
        "code": {"type": "string", "pattern": "^[a-z0-9-]+$", "maxLength": 60},
        "retryable": {"type": "boolean", "description": "Whether the same request may succeed later."},
        "request_id": {"type": "string", "pattern": "^[A-Za-z0-9._-]+$", "maxLength": 64},
        "errors": {
            "type": "array",
            "maxItems": 50,
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "JSON pointer into the body; else /query/<name>, /path/<name> or /header/<name>.",
                        "format": "json-pointer",
                        "maxLength": 500,
                    },
                    "code": {
                        "type": "string",
                        "description": "Kind of the fault; GET /v1/reference/codes of the intake API lists all.",
                        "pattern": "^[a-z-]+$",
                        "maxLength": 60,
                    },
                    "message": {"type": "string", "maxLength": 1000},
                },
            },
        },
    },
}
_RATE_LIMIT: OpenApiDocument = {
    "description": "Requests, or complaints of a batch, that the client may send a minute; absent if the client is unknown.",
    "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 2**31 - 1},
}
_RETRY_AFTER: OpenApiDocument = {
    "description": "Seconds to wait before the same request is sent again.",
    "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 86400},
}
_ANY_OTHER = "4XX"
SERVER: OpenApiDocument = {
    "url": "/",
    "description": "The server that serves this document: local, sandbox or production.",
    "x-internal": False,
}
CONTACT: OpenApiDocument = {"name": "The operator of this server"}
LICENSE: OpenApiDocument = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}


class NamedRoute(Protocol):
    """A route, as the source of an operation id."""

    @property
    def name(self) -> str:
        """Name of the endpoint function."""


def operation_id(route: NamedRoute) -> str:
    """Return the operation id of a route: the name of its function in camel case, such as fileComplaint."""
    first, *words = route.name.split("_")
    return first + "".join(word.capitalize() for word in words)


def completed(
    build: Callable[[], OpenApiDocument], complete_document: Callable[[OpenApiDocument], OpenApiDocument]
) -> Callable[[], OpenApiDocument]:
    """Return the function that serves the document of an application; it builds the document once, at the first request."""
    return cache(lambda: examples.restored(complete_document(build())))


def complete(
    document: OpenApiDocument,
    *,
    tags: Mapping[str, str],
    parameters: Mapping[str, OpenApiDocument],
    vocabulary: Refusals = (),
    with_key: Refusals = WITH_KEY,
) -> OpenApiDocument:
    """Add the shared parts to a framework's document; changes the document and returns it.

    `tags` describes the groups of operations, `parameters` the form of a parameter wherever one of its name stands,
    `vocabulary` the refusals that operations may list, `with_key` those that every operation with a key may answer.
    """
    document["info"] |= {"contact": CONTACT, "license": LICENSE}
    document["servers"] = [SERVER]
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    for name in _DEFAULTS:
        schemas.pop(name, None)
    for path, operation in operations(document):
        _complete_operation(operation, with_key if path.startswith(PUBLIC_PREFIX) else ())
        _describe_lines(operation)
        for parameter in operation.get("parameters", ()):
            _complete_parameter(parameter, parameters.get(parameter["name"], {}))
    used_tags = {tag for _, operation in operations(document) for tag in operation.get("tags", ())}
    document["tags"] = [
        {"name": name, "description": text} for name, text in tags.items() if name in used_tags
    ]
    document["components"]["examples"] = refusals.components(document, {*SHARED, *with_key, *vocabulary})
    _remove_source_marks(document)
    schema_limits.complete(document)
    return document


def operations(document: OpenApiDocument) -> Iterator[tuple[str, OpenApiDocument]]:
    """Yield each operation of a document with its path."""
    for path, item in document["paths"].items():
        yield from ((path, operation) for method, operation in item.items() if method in _METHODS)


def _complete_operation(operation: OpenApiDocument, with_key: Refusals) -> None:
    responses = operation["responses"]
    if _VALIDATION in str(responses.get("422")):
        del responses["422"]
        refusals.add(responses, "422", INVALID_PARAMETERS)
    _publish_scopes(operation)
    for each in with_key or (INTERNAL_ERROR,):
        refusals.add(responses, str(each.error.status), each)
    if not with_key:
        operation["security"] = [{}]
    elif responses.keys().isdisjoint({"400", "422"}):
        refusals.add(responses, _ANY_OTHER, MALFORMED_BODY)
        responses[_ANY_OTHER]["description"] = "Any other refusal"
    for status, response in responses.items():
        if with_key and status[0] in "24":
            response.setdefault("headers", {})["X-RateLimit-Limit"] = _RATE_LIMIT
        # the 503 of a process that is not ready is its state, and no problem: it says nothing of when to come back
        if status in {"429", "503"} and problems.MEDIA_TYPE in response["content"]:
            response.setdefault("headers", {})["Retry-After"] = _RETRY_AFTER
    operation["responses"] = dict(sorted(responses.items()))


def _publish_scopes(operation: OpenApiDocument) -> None:
    """Move the scopes of an operation to `x-scopes`: linters accept scopes in OAuth 2 schemes only."""
    requirements = operation.get("security", [])
    scopes = sorted({scope for each in requirements for scopes in each.values() for scope in scopes})
    if scopes:
        operation["security"] = [{scheme: [] for scheme in each} for each in requirements]
        operation["x-scopes"] = scopes
        named = " or ".join(f"`{scope}`" for scope in scopes)
        operation["description"] = f"{operation.get('description', '')}\n\nScope: {named}.".lstrip()


def _describe_lines(operation: OpenApiDocument) -> None:
    """Describe a body of lines as a text of many JSON values, not as one JSON value."""
    content = operation.get("requestBody", {}).get("content", {}).get(LINES)
    if content is not None:
        value = content["schema"].get("items", content["schema"])
        content["schema"] = {
            "type": "string",
            "format": "binary",
            "description": "One JSON value a line, in UTF-8.",
            "contentMediaType": LINES,
            "contentSchema": value,
        }


def _complete_parameter(parameter: OpenApiDocument, form: OpenApiDocument) -> None:
    schema = parameter["schema"]
    for alternative in schema.get("anyOf", [schema]):
        if alternative.get("type") in {"string", "integer"} and "enum" not in alternative:
            for key, value in form.items():
                alternative.setdefault(key, value)


def _remove_source_marks(node: Any) -> None:
    """Remove the source marks of rules, such as `[P]`, from published text: they are for readers of the code."""
    if isinstance(node, list):
        for item in node:
            _remove_source_marks(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in {"description", "summary", "title"} and isinstance(value, str):
                node[key] = _SOURCE_MARK.sub("", value)
            else:
                _remove_source_marks(value)
