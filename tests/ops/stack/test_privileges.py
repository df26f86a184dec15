"""PostgreSQL without root: another user runs it, from folders that this user can reach."""

import os
from pathlib import Path

import pytest

from ops.stack import privileges, processes
from ops.stack.postgres import Postgres
from ops.stack.processes import AS_WE_ARE, RunAs
from tests.ops.stack.conftest import query

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@ROOT_ONLY
def test_root_without_namespaces_runs_postgres_as_nobody(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    run_as = privileges.nobody()
    postgres = Postgres(tmp_path, processes.free_port(), durable=False, run_as=run_as)
    try:
        postgres.start()
        assert postgres.process is not None
        assert Path(f"/proc/{postgres.process.pid}").stat().st_uid == run_as.uid
        assert query(postgres.url, "SELECT 1") == 1
    finally:
        postgres.stop()
        postgres.forget()


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the place for data of a user that cannot reach a private folder."""
    folder = tmp_path / "elsewhere"
    monkeypatch.setattr(privileges, "_ELSEWHERE", folder)
    return folder


def test_a_server_is_never_run_as_root() -> None:
    run_as = privileges.unprivileged()
    if os.geteuid() != 0:
        assert run_as == AS_WE_ARE
    else:
        assert run_as.prefix or run_as.uid != 0
    assert privileges.nobody().uid not in {None, 0}


def test_folders_stay_where_they_are_for_who_we_are(tmp_path: Path, elsewhere: Path) -> None:
    assert privileges.reachable_folder(tmp_path, AS_WE_ARE) == tmp_path
    assert privileges.reachable_binaries(tmp_path, RunAs(prefix=("unshare", "--"))) == tmp_path
    assert not elsewhere.exists()


@ROOT_ONLY
def test_data_in_a_private_folder_goes_elsewhere_always_to_the_same_place(
    tmp_path: Path, elsewhere: Path
) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    first, again, other = (
        privileges.reachable_folder(private / name, privileges.nobody()) for name in ("a", "a", "b")
    )
    assert first == again
    assert first != other
    assert first.is_relative_to(elsewhere)


@ROOT_ONLY
def test_a_folder_is_given_whole_and_taken_back(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "file").touch()
    for run_as, uid in ((privileges.nobody(), privileges.nobody().uid), (AS_WE_ARE, 0)):
        privileges.give(folder, run_as)
        assert {path.stat().st_uid for path in (folder, folder / "file")} == {uid}
