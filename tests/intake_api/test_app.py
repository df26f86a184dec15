"""The application put together: every router of its packages is in it, and nothing is opened before it serves."""

import importlib
import pkgutil
from pathlib import Path

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import SecretStr

import intake_api
from intake_api.app import create_app
from shared.settings import Settings
from tests.problems import assert_problem
from tests.running import Stack


def _routers() -> dict[str, APIRouter]:
    names = [module.name for module in pkgutil.walk_packages(intake_api.__path__, "intake_api.")]
    modules = {name: importlib.import_module(name) for name in names if not name.endswith("__main__")}
    return {
        name: module.router
        for name, module in modules.items()
        if isinstance(getattr(module, "router", None), APIRouter)
    }


def test_it_is_put_together_without_a_database_and_without_keys() -> None:
    url = SecretStr("postgresql://nobody@127.0.0.1/nothing")
    assert create_app(Settings(database_url=url, SHENSU_KEY_FILE=Path("none"))).title == "Shensu intake API"


@pytest.mark.parametrize("name", _routers())
def test_every_router_is_included(name: str, stack: Stack) -> None:
    paths = stack.http.get(f"{stack.intake}/openapi.json").json()["paths"]
    routes = [route for route in _routers()[name].routes if isinstance(route, APIRoute)]
    operations = {
        (route.path, method.lower())
        for route in routes
        if route.include_in_schema
        for method in route.methods or ()
    }
    assert operations
    assert operations <= {(path, method) for path, described in paths.items() for method in described}


def test_no_page_loads_scripts_from_elsewhere(stack: Stack) -> None:
    for path in ("/docs", "/redoc"):
        assert_problem(stack.http.get(f"{stack.intake}{path}"), 404, "not-found")


def test_an_address_with_a_slash_at_its_end_is_another_one(stack: Stack) -> None:
    assert_problem(stack.get("/v1/complaints/"), 404, "not-found")


def test_the_methods_of_an_address_are_named_over_all_its_routes(stack: Stack) -> None:
    answer = stack.http.delete(f"{stack.intake}/v1/complaints", headers=stack.as_client("call-centre"))
    assert_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, POST, HEAD"
