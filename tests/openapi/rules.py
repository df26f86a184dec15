"""The rules that each operation of the OpenAPI documents keeps."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.description.documents import Api, document

METHODS = ("get", "put", "post", "delete", "patch")
JSON, PROBLEM = "application/json", "application/problem+json"
SUMMARY_LENGTH = 60
VERBS = frozenset(Path(__file__).with_name("verbs.txt").read_text(encoding="utf-8").split())
IDENTIFIER = re.compile(r"[A-Za-z]_[A-Za-z]|\b[A-Z][a-z]+[A-Z]")
SOURCE_MARK = re.compile(r"rulebook|\[[A-Z]\d?\]")
_OPERATION_ID = re.compile(r"([a-z]+)([A-Z][a-z0-9]*)+")
NOT_READY = ("/readyz", "503")
"""The one answer beside success that is no problem: supervisors read the state of the process in it."""
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of one API."""

    api: Api
    method: str
    path: str
    spec: dict[str, Any]

    @property
    def name(self) -> str:
        """Return what a test names the operation by."""
        return f"{self.api.value} {self.method.upper()} {self.path}"

    def success_contents(self) -> Iterator[tuple[str, Schema]]:
        """Yield media type and content of each answer that is a success with a body."""
        for status, response in self.spec["responses"].items():
            if status.startswith("2") and status != "204":
                contents = response.get("content") or {"": {}}
                yield from contents.items()


def operations() -> list[Operation]:
    """Return the operations of both APIs."""
    return [
        Operation(api, method, path, item[method])
        for api in Api
        for path, item in document(api)["paths"].items()
        for method in METHODS
        if method in item
    ]


def _success_schema(operation: Operation) -> bool:
    return all(content.get("schema") for _, content in operation.success_contents())


def _named_schema(operation: Operation) -> bool:
    schemas = [
        content.get("schema", {}) for kind, content in operation.success_contents() if kind in {JSON, ""}
    ]
    return all("$ref" in schema or "$ref" in schema.get("items", {}) for schema in schemas)


def _operation_id(operation: Operation) -> bool:
    match = _OPERATION_ID.fullmatch(operation.spec.get("operationId", ""))
    return match is not None and match[1] in VERBS


def _summary(operation: Operation) -> bool:
    summary = operation.spec.get("summary", "")
    is_short = 0 < len(summary) <= SUMMARY_LENGTH and not summary.endswith((".", "。"))
    return is_short and IDENTIFIER.search(summary) is None


def _has_example(content: Schema) -> bool:
    return bool(content.get("example") or content.get("examples"))


def _request_example(operation: Operation) -> bool:
    return all(map(_has_example, operation.spec.get("requestBody", {}).get("content", {}).values()))


def _answer_example(operation: Operation) -> bool:
    return all(_has_example(content) for kind, content in operation.success_contents() if kind in {JSON, ""})


def _problem_examples(operation: Operation) -> bool:
    refused = [
        response
        for status, response in operation.spec["responses"].items()
        if status.startswith(("4", "5")) and (operation.path, status) != NOT_READY
    ]
    return all(PROBLEM in response.get("content", {}) for response in refused) and all(
        _has_example(content) for response in refused for content in response["content"].values()
    )


def texts(node: Any) -> Iterator[str]:
    """Yield the prose of a part of a document."""
    if isinstance(node, list):
        for item in node:
            yield from texts(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in {"summary", "description", "title"} and isinstance(value, str):
                yield value
            else:
                yield from texts(value)


RULES: dict[str, Callable[[Operation], bool]] = {
    "success-schema": _success_schema,
    "named-schema": _named_schema,
    "operation-id": _operation_id,
    "summary": _summary,
    "description": lambda operation: bool(operation.spec.get("description")),
    "tags": lambda operation: bool(operation.spec.get("tags")),
    "request-example": _request_example,
    "answer-example": _answer_example,
    "problem-examples": _problem_examples,
    "source-mark": lambda operation: not any(map(SOURCE_MARK.search, texts(operation.spec))),
    "framework-error": lambda operation: "HTTPValidationError" not in str(operation.spec),
}
"""Each rule says whether an operation keeps it."""


def failing(operation: Operation) -> set[str]:
    """Return the rules that an operation does not keep."""
    return {rule for rule, keeps in RULES.items() if not keeps(operation)}
