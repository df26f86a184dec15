"""Which problems the OpenAPI documents describe for an operation, and whether a real answer is one of them."""

import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import httpx

from ops.description.documents import Api, document

PROBLEM = "application/problem+json"
_METHODS = ("get", "put", "post", "delete", "patch")
_ANY_OTHER = "4XX"
NO_SUCH_METHOD = 405
"""Answered by no operation."""


class DescribedOperation(NamedTuple):
    """One operation: where it is, and the codes of its problems by status."""

    api: Api
    method: str
    path: str
    pattern: re.Pattern[str]
    codes: dict[str, frozenset[str]]

    @property
    def line(self) -> str:
        """The operation with its codes, as a line of the list of all."""
        codes = sorted(f"{status} {code}" for status, codes in self.codes.items() for code in codes)
        return f"{self.api.value} {self.method} {self.path}: {', '.join(codes)}"


@cache
def operations() -> tuple[DescribedOperation, ...]:
    """Return the operations of both documents."""
    return tuple(_operations())


def _operations() -> Iterator[DescribedOperation]:
    for api in Api:
        for path, item in document(api)["paths"].items():
            pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
            for method in _METHODS:
                if method in item:
                    codes = {
                        status: frozenset(response["content"][PROBLEM]["examples"])
                        for status, response in item[method]["responses"].items()
                        if PROBLEM in response.get("content", {})
                    }
                    yield DescribedOperation(api, method.upper(), path, pattern, codes)


def _operation_of(response: httpx.Response) -> DescribedOperation | None:
    path, method = response.request.url.path, response.request.method
    matches = [each for each in operations() if each.method == method and each.pattern.fullmatch(path)]
    # a path without parameters is meant before one with them
    return min(matches, key=lambda each: each.path.count("{"), default=None)


def check(response: httpx.Response) -> None:
    """Assert that a problem, answered by an operation of ours, is one that its description lists."""
    if response.headers.get("content-type") != PROBLEM or response.status_code == NO_SUCH_METHOD:
        return
    operation = _operation_of(response)
    if operation is None:
        return
    response.read()
    status, code = str(response.status_code), response.json()["code"]
    described = operation.codes.get(status, frozenset())
    assert code in described or (status[0] == "4" and _ANY_OTHER in operation.codes), (
        f"{operation.method} {operation.path} answered {status} {code}; described are {sorted(described)}"
    )


if __name__ == "__main__":
    sys.stdout.writelines(f"{operation.line}\n" for operation in operations())
