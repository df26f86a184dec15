"""One message to one recipient, put into the tables past everything that writes them, for tests that need no more."""

import uuid

from sqlalchemy import text

from shared.database import Database

NUMBER = "20261123010000001"
_CASE = """
    INSERT INTO complaint (bucket, id, number, client_id, scope, channel, status, level, business, business_type,
        carrier_code, issue_code, taxonomy_version, role, agent_authorised, elements_complete, goods, urgency,
        other_procedure, received_at, total_due_at, deadline_version)
    VALUES (1, :id, :number, :id, 'live', 'WEB', 'FORWARDED', 'L0', 'EXPRESS', 'EXPRESS', 'ZTO', 'DELAY', 1, 'SENDER',
        false, true, 'ORDINARY', '{}', 'NONE', now(), now(), '1')
"""
_ENTRY = """
    INSERT INTO feed_entry (bucket, complaint_id, audience, seq, type, data)
    SELECT 1, :id, e.audience, 2, 'case.forwarded', json_build_object('number', CAST(:number AS text)) FROM endpoint e
"""
_DELIVERY = """
    INSERT INTO delivery (bucket, endpoint_id, complaint_id, audience, seq, state, attempts)
    SELECT 1, e.id, :id, e.audience, 2, :state, :attempts FROM endpoint e RETURNING id
"""


async def put(db: Database, *, state: str = "PENDING", attempts: int = 0) -> str:
    """Put a case, and a delivery about it to the one endpoint there is; return the delivery's id."""
    values = {"id": uuid.uuid4(), "number": NUMBER, "state": state, "attempts": attempts}
    async with db.transaction() as connection:
        await connection.execute(text(_CASE), values)
        await connection.execute(text(_ENTRY), values)
        return str(await connection.scalar(text(_DELIVERY), values))
