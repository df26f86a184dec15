"""The store of the files: a folder by default, an S3-compatible store by setting; both keep what they were given."""

import os
import stat
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from moto.server import ThreadedMotoServer
from pydantic import ValidationError

from ops.stack import processes
from shared import clock, storage
from shared.settings import EvidenceSettings
from shared.storage import NotStoredError, Storage, StorageUnavailableError

Run = Callable[[Coroutine[Any, Any, Any]], Any]
S3: dict[str, Any] = {
    "SHENSU_EVIDENCE_URL": "s3://shensu/evidence/of-hangzhou",
    "SHENSU_EVIDENCE_ACCESS_KEY": "access",
    "SHENSU_EVIDENCE_SECRET_KEY": "secret-canary",
}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Run an S3-compatible server with one bucket; returns its address."""
    port = processes.free_port()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    address = f"http://127.0.0.1:{port}"
    httpx.put(f"{address}/shensu", trust_env=False).raise_for_status()
    yield address
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Return a store, of each kind in turn."""
    if request.param == "folder":
        return Storage.of(EvidenceSettings(SHENSU_HOME=tmp_path))
    address = request.getfixturevalue("s3")
    return Storage.of(EvidenceSettings(SHENSU_HOME=tmp_path, SHENSU_EVIDENCE_ENDPOINT=address, **S3))


async def _keys(store: Storage, *, before: timedelta) -> set[str]:
    return {key async for keys in store.older_than(clock.now() - before) for key in keys}


@pytest.mark.parametrize("size", [0, 1, 70_000, 6 * 1024 * 1024])
def test_what_is_put_is_got_until_it_is_deleted(size: int, store: Storage, run: Run) -> None:
    key, content = storage.new_key(), os.urandom(size)
    run(store.put(key, content))
    assert run(store.get(key)) == content
    assert key in run(_keys(store, before=timedelta(seconds=-5)))
    assert run(_keys(store, before=timedelta(hours=1))) == set()
    run(store.delete(key))
    with pytest.raises(NotStoredError):
        run(store.get(key))
    assert key not in run(_keys(store, before=timedelta(seconds=-5)))
    # gone already: no matter
    run(store.delete(key))


def test_the_folder_is_for_its_owner_only(tmp_path: Path, run: Run) -> None:
    store = Storage.of(EvidenceSettings(SHENSU_HOME=tmp_path / "home"))
    run(store.put(storage.new_key(), b"x"))
    assert stat.S_IMODE((tmp_path / "home" / "evidence").stat().st_mode) == 0o700


def test_keys_are_random_and_hold_nothing_else() -> None:
    keys = {storage.new_key() for _ in range(1000)}
    assert len(keys) == 1000
    assert all(len(key) == 43 and key[:2] == key[3:5] and key[2] == "/" for key in keys)


def test_the_objects_of_a_bucket_lie_under_the_prefix(s3: str, tmp_path: Path, run: Run) -> None:
    store = Storage.of(EvidenceSettings(SHENSU_HOME=tmp_path, SHENSU_EVIDENCE_ENDPOINT=s3, **S3))
    key = storage.new_key()
    run(store.put(key, b"content"))
    whole = S3 | {"SHENSU_EVIDENCE_URL": "s3://shensu"}
    bucket = Storage.of(EvidenceSettings(SHENSU_HOME=tmp_path, SHENSU_EVIDENCE_ENDPOINT=s3, **whole))
    assert run(bucket.get(f"evidence/of-hangzhou/{key}")) == b"content"


def test_a_store_that_is_away_is_said_to_be(tmp_path: Path, run: Run) -> None:
    nobody = f"http://127.0.0.1:{processes.free_port()}"
    store = Storage.of(EvidenceSettings(SHENSU_HOME=tmp_path, SHENSU_EVIDENCE_ENDPOINT=nobody, **S3))
    key = storage.new_key()
    for attempt in (
        store.put(key, b"x"),
        store.get(key),
        store.delete(key),
        _keys(store, before=timedelta(0)),
    ):
        with pytest.raises(StorageUnavailableError) as refused:
            run(attempt)
        assert refused.value.retryable
        assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"SHENSU_EVIDENCE_URL": "s3://shensu"},
        S3 | {"SHENSU_EVIDENCE_URL": "ftp://shensu"},
        S3 | {"SHENSU_EVIDENCE_URL": "s3://"},
        S3 | {"SHENSU_EVIDENCE_URL": "s3://UPPER/x"},
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="SHENSU_EVIDENCE"):
        EvidenceSettings(**wrong)
