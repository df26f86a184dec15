"""Reads the files of reference data that operators write: their columns and their cells.

A file is read completely, and every fault is listed with its line, so that an operator can correct all at once.
This module uses no database; `services.reference.checks` checks whether the rows fit together.
"""

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import orjson

from services.reference.records import ReferenceRows
from services.reference.specs import FILES, POLICY_FILE, FileSpec
from shared import vocabulary
from shared.errors import FieldError, InvalidInputError
from shared.models import reference as tables

PACKAGED = Path(vocabulary.__file__).parent / "reference_data"
"""The files of the release."""

MAX_FAULTS = 20


class InvalidReferenceError(InvalidInputError):
    """The reference files have a fault; nothing was written. The error names file, line and correction."""

    code = "invalid-reference"
    title = "The reference files cannot be loaded"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row with its file and line."""

    place: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReferenceFiles:
    """Every row of every file, by table, with a digest of all files."""

    rows: Mapping[str, tuple[FileRow, ...]]
    digest: str

    def values(self) -> ReferenceRows:
        """Return the rows by table, without files and lines."""
        values = {table: [row.values for row in rows] for table, rows in self.rows.items()}
        # each cell was read by the parser of its column
        return cast("ReferenceRows", values)


@dataclass(slots=True)
class FileFaults:
    """The faults of the files; `refuse` raises if there is one."""

    faults: list[FieldError] = field(default_factory=list)

    def add(self, place: str, code: str, message: str) -> None:
        """Add a fault: its place, its kind and the correction."""
        self.faults.append(FieldError(place, code, message))

    def refuse(self) -> None:
        """Raise InvalidReferenceError if there is a fault."""
        if not self.faults:
            return
        first = self.faults[0]
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        raise InvalidReferenceError(
            f"{first.pointer}: {first.message}{more}", tuple(self.faults[:MAX_FAULTS])
        )


def read(folder: Path) -> ReferenceFiles:
    """Read every file of a folder. Raises InvalidReferenceError with the faults by file and line."""
    faults = FileFaults()
    digest = hashlib.sha256()
    rows: dict[str, tuple[FileRow, ...]] = {}
    for spec in FILES:
        content = _content(folder, spec.file, digest)
        rows[spec.table] = tuple(_rows(spec, content, faults))
    rows["policy"] = tuple(_policies(_content(folder, POLICY_FILE, digest), faults))
    faults.refuse()
    return ReferenceFiles(rows, digest.hexdigest())


def _content(folder: Path, name: str, digest: "hashlib._Hash") -> str:
    try:
        raw = (folder / name).read_bytes()
        content = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise InvalidReferenceError(f"{name} is missing: put it into the folder that is loaded") from None
    except UnicodeDecodeError:
        raise InvalidReferenceError(f"{name} is not UTF-8: save it as UTF-8") from None
    digest.update(f"{name}\0{content}\0".encode())
    return content


def _rows(spec: FileSpec, content: str, faults: FileFaults) -> list[FileRow]:
    reader = csv.reader(io.StringIO(content))
    header = next(reader, [])
    if header != list(spec.columns):
        faults.add(f"{spec.file}:1", "header", f"the first line must read {','.join(spec.columns)}")
        return []
    rows: list[FileRow] = []
    seen: dict[tuple[object, ...], int] = {}
    for cells in reader:
        place = f"{spec.file}:{reader.line_num}"
        values = _values(spec, cells, place, faults)
        if values is None:
            continue
        key = tuple(values[name] for name in spec.key)
        if key in seen:
            faults.add(place, "duplicate", f"the same {' and '.join(spec.key)} as on line {seen[key]}")
            continue
        seen[key] = reader.line_num
        rows.append(FileRow(place, values))
    return rows


def _values(spec: FileSpec, cells: list[str], place: str, faults: FileFaults) -> dict[str, object] | None:
    if len(cells) != len(spec.columns):
        faults.add(place, "columns", f"has {len(cells)} cells; it must have {len(spec.columns)}")
        return None
    values: dict[str, object] = {}
    for (name, parse), cell in zip(spec.columns.items(), cells, strict=True):
        try:
            values[name] = parse(cell.strip())
        except ValueError as error:
            faults.add(place, "cell", f"{name} {error}")
    return values if len(values) == len(spec.columns) else None


def _policies(content: str, faults: FileFaults) -> list[FileRow]:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        faults.add(f"{POLICY_FILE}:{error.lineno}", "json", f"is not JSON: {error.msg}")
        return []
    if not isinstance(document, dict) or set(document) != set(tables.POLICIES):
        faults.add(POLICY_FILE, "policies", f"must hold exactly the policies {', '.join(tables.POLICIES)}")
        return []
    rows: list[FileRow] = []
    for name, policy in document.items():
        place = f"{POLICY_FILE}#{name}"
        if not isinstance(policy, dict) or set(policy) != {"version", "value"}:
            faults.add(place, "policy", "must have a version and a value, and nothing else")
        else:
            rows.append(FileRow(place, {"name": name, **policy}))
    return rows
