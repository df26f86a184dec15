"""PostgreSQL refuses to run as root: finds a way to run it as another user, and a folder that this user can reach.

In order: not root: run it directly; root with user namespaces: files stay owned by root; root without them
(many containers): the user `nobody`, whose data must be in a reachable folder.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

from ops.stack.processes import AS_WE_ARE, RunAs, StackError

_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
_ELSEWHERE = Path("/var/lib/shensu")
"""The folder of data and binaries for `nobody` if the project is in a private folder such as /root."""


@lru_cache(maxsize=1)
def unprivileged() -> RunAs:
    """Return how to run a server that refuses root. Raises StackError if this machine has no way."""
    if os.geteuid() != 0:
        return AS_WE_ARE
    if shutil.which(_NAMESPACE[0]) and _succeeds([*_NAMESPACE, "true"]):
        return RunAs(prefix=_NAMESPACE)
    return nobody()


def nobody() -> RunAs:
    """Return the unprivileged user of this machine."""
    for name in ("nobody", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return RunAs(uid=entry.pw_uid, gid=entry.pw_gid)
    raise StackError(
        "PostgreSQL refuses root and there is no user `nobody`: start as another user, or set DATABASE_URL"
    )


def reachable_folder(folder_in_home: Path, run_as: RunAs) -> Path:
    """Return the folder, or a replacement elsewhere if the server's user cannot reach it."""
    if run_as.uid is None or _reaches(run_as, folder_in_home):
        return folder_in_home
    mark = hashlib.sha256(str(folder_in_home).encode()).hexdigest()[:12]
    folder = _ELSEWHERE / mark
    folder.mkdir(parents=True, exist_ok=True)
    for each in (_ELSEWHERE, folder):
        each.chmod(0o755)
    return folder / folder_in_home.name


def reachable_binaries(folder: Path, run_as: RunAs) -> Path:
    """Return the folder of the binaries, or of a copy that the server's user can reach."""
    if run_as.uid is None or _succeeds([str(folder / "postgres"), "--version"], run_as):
        return folder
    copy = _ELSEWHERE / f"postgres-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        # bin/ needs share/ and lib/ beside it
        shutil.copytree(folder.parent, draft)
        draft.replace(copy)
    return copy / folder.name


def give(folder: Path, run_as: RunAs) -> None:
    """Make the server's user the owner of a folder and its contents, if another user owns it."""
    if os.geteuid() != 0:
        return
    uid, gid = (0, 0) if run_as.uid is None or run_as.gid is None else (run_as.uid, run_as.gid)
    if folder.stat().st_uid == uid:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, gid, follow_symlinks=False)


def _reaches(run_as: RunAs, folder: Path) -> bool:
    ancestor = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return _succeeds(["test", "-x", str(ancestor)], run_as)


def _succeeds(command: list[str], run_as: RunAs = AS_WE_ARE) -> bool:
    try:
        process = subprocess.run(
            command,
            check=False,
            capture_output=True,
            timeout=20,
            cwd="/",
            user=run_as.uid,
            group=run_as.gid,
            extra_groups=None if run_as.uid is None else (),
        )
    except OSError:
        return False
    return process.returncode == 0
