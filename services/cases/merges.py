"""Following a merge: from a merged case to the one that it is handled with, and back to those merged into one.

A merged case points at another one, which may be merged again. Every walk is bounded.
"""

import uuid
from collections.abc import Sequence

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import lookup
from services.cases.case_row import CaseKey, CaseRow

MOST_MERGES = 8
"""So many merges in a row are followed; nobody merges so often on purpose."""

MERGE_PATH = f"""merge_path AS (
        SELECT u.id AS origin, c.bucket, c.id, c.merged_into_bucket, c.merged_into, 0 AS merges
        FROM unnest(CAST(:buckets AS smallint[]), CAST(:ids AS uuid[])) AS u(bucket, id)
        JOIN complaint c ON c.bucket = u.bucket AND c.id = u.id
        UNION ALL
        SELECT p.origin, c.bucket, c.id, c.merged_into_bucket, c.merged_into, p.merges + 1
        FROM merge_path p JOIN complaint c ON c.bucket = p.merged_into_bucket AND c.id = p.merged_into
        WHERE p.merges < {MOST_MERGES}
    )"""  # noqa: S608 - our own number
"""Of `WITH RECURSIVE`: the cases `:buckets`, `:ids`, each with those that it was merged into one after another."""
MERGED_BELOW = f"""merged_below AS (
        SELECT $1::smallint AS bucket, $2::uuid AS id, 0 AS merges
        UNION ALL
        SELECT c.bucket, c.id, b.merges + 1
        FROM merged_below b JOIN complaint c ON c.merged_into = b.id
        WHERE b.merges < {MOST_MERGES}
    )"""  # noqa: S608 - our own number
"""Of `WITH RECURSIVE`: the case `$1`, `$2`, and those that were merged into it one after another."""
_SURVIVING = (
    f"WITH RECURSIVE {MERGE_PATH} SELECT origin, bucket, id FROM merge_path WHERE merged_into IS NULL"  # noqa: S608
)


def surviving(cases: Sequence[CaseKey]) -> tuple[TextClause, dict[str, list[int] | list[uuid.UUID]]]:
    """Return the statement that finds the surviving case of each of some cases, and its values.

    It selects `origin` (the id of the case that was named), `bucket` and `id`.
    """
    values: dict[str, list[int] | list[uuid.UUID]] = {
        "buckets": [case.bucket for case in cases],
        "ids": [case.id for case in cases],
    }
    return text(_SURVIVING), values


async def parent(connection: AsyncConnection, row: CaseRow, *, lock: bool = False) -> CaseRow | None:
    """Return the case that a merged one was merged into; None for a case that was not merged."""
    if row.merged_into_bucket is None or row.merged_into is None:
        return None
    return await lookup.by_id(connection, row.merged_into_bucket, row.merged_into, lock=lock)


async def follow(connection: AsyncConnection, row: CaseRow, *, lock: bool = False) -> CaseRow:
    """Return the case that a merged one is handled with: what comes for the one is for the other. Else the row itself.

    With `lock` every case on the way is locked, from the merged one on, so that no merge is undone meanwhile.
    """
    for _ in range(MOST_MERGES):
        into = await parent(connection, row, lock=lock)
        if into is None:
            return row
        row = into
    return row


async def follow_of_carrier(connection: AsyncConnection, row: CaseRow, *, lock: bool = False) -> CaseRow:
    """Return the case that a carrier's merged one is handled with, where that went to the same carrier; else the row itself.

    A case without an enterprise takes in others, and may go to another one later: neither it nor its number is theirs.
    """
    case = await follow(connection, row, lock=lock)
    return case if lookup.is_of_carrier(case, row.carrier_code) else row
