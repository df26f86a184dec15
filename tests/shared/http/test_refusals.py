"""Refusals as operations describe them: by status and code, each example once."""

from types import SimpleNamespace

from shared.errors import ConflictError, NotFoundError
from shared.http import refusals
from shared.http.refusals import Refusal

GONE = refusals.refusal(NotFoundError("There is no such thing."))
GONE_LIST = refusals.refusal(NotFoundError("There is no such list."), "unknown-list")
BUSY = refusals.refusal(ConflictError("It is being changed; send it again."))
PROBLEM = "application/problem+json"


def test_refusals_of_one_status_stand_side_by_side_and_one_code_once() -> None:
    described = refusals.responses([GONE, BUSY, GONE_LIST])
    assert described.keys() == {"404", "409"}
    assert described["404"]["content"][PROBLEM]["examples"] == {
        "not-found": {"$ref": "#/components/examples/not-found"}
    }
    assert described["409"]["description"] == "Conflict with the present state"


def test_the_components_are_what_the_operations_refer_to() -> None:
    document = {"paths": {"/things": {"get": {"responses": refusals.responses([GONE_LIST])}}}}
    components = refusals.components(document, {GONE, GONE_LIST, BUSY})
    assert components.keys() == {"unknown-list"}
    example = components["unknown-list"]
    assert (example["summary"], example["value"]["code"]) == ("Not found", "not-found")
    assert example["value"]["request_id"] == refusals.REQUEST_ID


def test_a_vocabulary_is_the_refusals_that_a_module_defines() -> None:
    module = SimpleNamespace(GONE=GONE, OTHER=GONE, BUSY=BUSY, GROUP=(GONE_LIST,), TEXT="text")
    assert [each.name for each in refusals.vocabulary(vars(module))] == ["not-found", "conflict"]
    assert all(isinstance(each, Refusal) for each in refusals.vocabulary(vars(module)))
