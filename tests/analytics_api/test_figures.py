"""Figures by REST: strict parameters, conditional answers, keys and scopes, refusals that say what to change."""

from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest

from services.figures import refresh
from shared.database import Database
from tests.services.figures.casework import POSTAL, at, case, closed, put

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Get = Callable[..., httpx.Response]
VOLUME, CIRCULAR = "/v1/figures/volume", "/v1/circulars/2021-03"


@pytest.fixture
def _counted(db: Database, run: Run) -> None:
    march = at("2021-03-10 10:00")
    run(put(db, case(march), case(march, **POSTAL), closed(march, march, responsibility="ENTERPRISE")))
    run(refresh.refresh(db))


@pytest.mark.usefixtures("_counted")
def test_volume(get: Get) -> None:
    answer = get(f"{VOLUME}?period=month&from=2021-03&to=2021-03&basis=received&by=business&level=L0")
    assert answer.status_code == 200
    body = answer.json()
    assert [(row["business"], row["count"], row["share"]) for row in body["rows"]] == [
        ("EXPRESS", 2, 66.7),
        ("POSTAL", 1, 33.3),
    ]
    assert body["filters"] == {"level": ["L0"]}


@pytest.mark.usefixtures("_counted")
def test_circular(get: Get) -> None:
    body = get(CIRCULAR).json()
    assert body["summary"]["complaints"]["total"]["count"] == 1
    assert body["summary"]["valid"]["express"]["count"] == 1
    assert get(f"{CIRCULAR}?basis=received").json()["summary"]["complaints"]["total"]["count"] == 3


@pytest.mark.parametrize("path", [f"{VOLUME}?to=2021-03&last=2", CIRCULAR])
@pytest.mark.usefixtures("_counted")
def test_an_unchanged_answer_is_not_sent_again(get: Get, db: Database, run: Run, path: str) -> None:
    first = get(path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "Authorization"
    again = get(path, if_none_match=f'"other", {tag.removeprefix("W/")}')
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert get(path, if_none_match="*").status_code == 304
    run(put(db, case(at("2021-03-20 10:00"))))
    run(refresh.refresh(db))
    fresh = get(path, if_none_match=tag)
    assert fresh.status_code == 200
    assert fresh.headers["etag"] != tag


@pytest.mark.usefixtures("_counted")
def test_another_question_has_another_tag(get: Get) -> None:
    paths = (
        VOLUME,
        f"{VOLUME}?by=business",
        f"{VOLUME}?business=POSTAL",
        CIRCULAR,
        f"{CIRCULAR}?basis=received",
    )
    assert len({get(path).headers["etag"] for path in paths}) == len(paths)


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        (f"{VOLUME}?perod=month", "/query/perod"),
        (f"{VOLUME}?period=week", "/query/period"),
        (f"{VOLUME}?basis=refused", "/query/basis"),
        (f"{VOLUME}?last=many", "/query/last"),
        (f"{VOLUME}?carrier=%27%3B--", "/query/carrier"),
        (f"{VOLUME}?carrier=ZTO,,STO", "/query/carrier"),
        (f"{VOLUME}?from=2021-13", "/query/from"),
        (f"{VOLUME}?from=2021-01&last=3", "/query/last"),
        (f"{VOLUME}?carrier=NOBODY", "/query/carrier"),
        (f"{VOLUME}?level=L9", "/query/level"),
        (f"{VOLUME}?period=day&by=carrier", "/query/by"),
        (f"{CIRCULAR}?months=3", "/query/months"),
        (f"{CIRCULAR}?basis=valid", "/query/basis"),
        ("/v1/circulars/2021-3", "/path/period"),
        (f"{VOLUME}?by=carrier,colour", "/query/by"),
    ],
)
def test_what_cannot_be_answered_is_refused_and_says_where(get: Get, path: str, pointer: str) -> None:
    answer = get(path)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert "NOBODY" not in answer.text


def test_combinations_are_named(get: Get) -> None:
    problem = get(f"{VOLUME}?by=carrier,channel").json()
    assert problem["code"] == "no-such-combination"
    assert "business + province + channel + level" in problem["detail"]


@pytest.mark.parametrize("path", [VOLUME, CIRCULAR])
def test_a_key_is_needed(get: Get, path: str) -> None:
    assert get(path, authorization="").status_code == 401
    assert get(path, authorization="Bearer sk_test_0_0_0").json()["code"] == "unauthenticated"
