"""The life of a case: its states, the columns that the desk works by, and running limits for cases of before."""

from alembic import op

revision = "0007_life_of_a_case"
down_revision = "0006_handling"
branch_labels = None
depends_on = None

OPEN = (
    "status IN ('RECEIVED', 'AWAITING_SUPPLEMENT', 'ACCEPTED', 'FORWARDED', 'REPLIED', 'REWORK', 'MEDIATING', "
    "'MEDIATION_PROPOSED')"
)
ADDED = (
    "status_since TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL",
    "next_due_at TIMESTAMP WITH TIME ZONE",
    "bounces SMALLINT DEFAULT 0 NOT NULL",
    "claimed_by TEXT",
    "claimed_at TIMESTAMP WITH TIME ZONE",
    "contacted_at TIMESTAMP WITH TIME ZONE",
    "outlet TEXT",
    "cites TEXT",
    "confidential BOOLEAN DEFAULT false NOT NULL",
    "hotline_orders SMALLINT DEFAULT 0 NOT NULL",
    "forwarded_at TIMESTAMP WITH TIME ZONE",
    "acknowledged_at TIMESTAMP WITH TIME ZONE",
    "replied_at TIMESTAMP WITH TIME ZONE",
    "reply_seq SMALLINT DEFAULT 0 NOT NULL",
    "redone SMALLINT DEFAULT 0 NOT NULL",
    "escalated_at TIMESTAMP WITH TIME ZONE",
    "overdue_total BOOLEAN DEFAULT false NOT NULL",
    "suspected_violation BOOLEAN DEFAULT false NOT NULL",
    "merged_into_bucket SMALLINT",
    "merged_into UUID",
    "merged_from TEXT",
    "refused_at TIMESTAMP WITH TIME ZONE",
    "refusal_ground TEXT",
    "responsible_unit TEXT",
    "overturned BOOLEAN DEFAULT false NOT NULL",
)
CHECKS = {
    "status": (
        "status IN ('RECEIVED', 'AWAITING_SUPPLEMENT', 'REFUSED', 'MERGED', 'ACCEPTED', 'FORWARDED', 'REPLIED', 'REWORK', "
        "'MEDIATING', 'MEDIATION_PROPOSED', 'CLOSED', 'WITHDRAWN', 'TRANSFERRED')"
    ),
    "failing_link": "failing_link IN ('COLLECT', 'SORT', 'LINEHAUL', 'DELIVERY', 'CUSTOMER_SERVICE', 'STATION_LOCKER')",
    "refusal_ground": (
        "refusal_ground IN ('OUT_OF_SCOPE', 'NOT_INTERESTED_PARTY', 'AGENT_NOT_AUTHORISED', 'NO_CLEAR_RESPONDENT', "
        "'MISSING_ELEMENTS', 'NOT_COMPLAINED_TO_ENTERPRISE', 'ENTERPRISE_WINDOW_OPEN', 'DUPLICATE', 'IN_OTHER_PROCEDURE', "
        "'TIME_BARRED', 'FALSE_INFORMATION')"
    ),
    "merged_from": OPEN.replace("status", "merged_from", 1),
    "refused": "(status = 'REFUSED') = (refused_at IS NOT NULL)",
    "merged": "(status = 'MERGED') = (merged_into IS NOT NULL)",
}
INDEXES = {
    "ix_complaint_carrier_listing": "complaint (carrier_code, received_at, id)",
    "ix_complaint_desk": f"complaint (handling_bureau, next_due_at, id) WHERE handling_bureau IS NOT NULL AND {OPEN}",
    "ix_complaint_supervised": f"complaint (supervising_bureau, next_due_at, id) WHERE supervising_bureau IS NOT NULL AND {OPEN}",
    "ix_complaint_copied": f"complaint (next_due_at, id) WHERE copied_to <> '{{}}' AND {OPEN}",
    "ix_complaint_claimed": f"complaint (claimed_by, next_due_at, id) WHERE claimed_by IS NOT NULL AND {OPEN}",
    "ix_complaint_open": f"complaint (status, received_at, id) WHERE {OPEN}",
    "ix_complaint_unanswered": (
        "complaint (status, received_at, id) WHERE status IN ('REFUSED', 'MERGED', 'WITHDRAWN', 'TRANSFERRED')"
    ),
    "ix_complaint_merged_into": "complaint (merged_into) WHERE merged_into IS NOT NULL",
    "ix_complaint_party_identity": "complaint_party (identity_index) WHERE identity_index IS NOT NULL",
}
# open cases of before get their two limits; the sweep finds out how far they have run
RUNNING = """
    INSERT INTO case_deadline (bucket, complaint_id, key, round, rule, amount, unit, deadline_version, calendar_version,
        provisional, started_at, due_at, next_check_at)
    SELECT c.bucket, c.id, r.key, 1, r.key, r.amount, r.unit, c.deadline_version, c.calendar_version,
        c.due_provisional AND r.key = 'acceptance', c.received_at,
        CASE r.key WHEN 'total' THEN c.total_due_at ELSE c.accept_due_at END, clock_timestamp()
    FROM complaint c JOIN deadline_rule r ON r.version = c.deadline_version
        AND (r.key = 'total' OR r.key = 'acceptance' AND c.status = 'RECEIVED')
    WHERE c.scope = 'live' AND c.status IN ('RECEIVED', 'ACCEPTED')
"""
NEAREST = """
    UPDATE complaint c SET next_due_at = k.due_at
    FROM (SELECT bucket, complaint_id, min(due_at) AS due_at FROM case_deadline GROUP BY 1, 2) k
    WHERE c.bucket = k.bucket AND c.id = k.complaint_id
"""
WAITING = """
    INSERT INTO task (bucket, id, kind, subject_id)
    SELECT bucket, uuidv7(), 'forward', id FROM complaint WHERE scope = 'live' AND status = 'ACCEPTED' AND ready_to_forward
"""
BACK = """
    UPDATE complaint c SET accept_due_at = k.due_at, calendar_version = k.calendar_version, due_provisional = k.provisional
    FROM case_deadline k
    WHERE k.bucket = c.bucket AND k.complaint_id = c.id AND k.key = 'acceptance' AND k.due_at IS NOT NULL
"""


def upgrade() -> None:
    """Widen the states, add what handling needs, and give open cases their running limits."""
    op.execute("ALTER TABLE complaint DROP CONSTRAINT ck_complaint_status")
    op.execute("ALTER TABLE complaint " + ", ".join(f"ADD COLUMN {column}" for column in ADDED))
    for name, condition in CHECKS.items():
        op.execute(f"ALTER TABLE complaint ADD CONSTRAINT ck_complaint_{name} CHECK ({condition})")
    for statement in (RUNNING, NEAREST, WAITING):
        op.execute(statement)
    op.execute(
        "ALTER TABLE complaint DROP COLUMN accept_due_at, DROP COLUMN due_provisional, DROP COLUMN calendar_version, "
        "DROP COLUMN ready_to_forward"
    )
    op.execute("DROP INDEX ix_complaint_waiting")
    op.execute("DROP INDEX ix_complaint_bureau_listing")
    op.execute(
        "CREATE INDEX ix_complaint_bureau_listing ON complaint (handling_bureau, received_at, id) "
        "WHERE handling_bureau IS NOT NULL"
    )
    for name, definition in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {definition}")
    op.execute("ALTER TABLE case_event ADD COLUMN by TEXT, ADD COLUMN sealed BYTEA")


def downgrade() -> None:
    """Take it all back. Fails, and changes nothing, while a case stands in a state that only the new table knows."""
    op.execute("ALTER TABLE case_event DROP COLUMN by, DROP COLUMN sealed")
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    op.execute("DROP INDEX ix_complaint_bureau_listing")
    op.execute("CREATE INDEX ix_complaint_bureau_listing ON complaint (handling_bureau, received_at, id)")
    op.execute("CREATE INDEX ix_complaint_waiting ON complaint (received_at, id) WHERE status = 'RECEIVED'")
    for name in CHECKS:
        op.execute(f"ALTER TABLE complaint DROP CONSTRAINT ck_complaint_{name}")
    op.execute(
        "ALTER TABLE complaint ADD CONSTRAINT ck_complaint_status CHECK (status IN ('RECEIVED', 'ACCEPTED', 'CLOSED')), "
        "ADD COLUMN accept_due_at TIMESTAMP WITH TIME ZONE, ADD COLUMN due_provisional BOOLEAN, "
        "ADD COLUMN calendar_version TEXT, ADD COLUMN ready_to_forward BOOLEAN DEFAULT false NOT NULL"
    )
    op.execute(
        "UPDATE complaint SET accept_due_at = total_due_at, calendar_version = '', due_provisional = false"
    )
    op.execute(BACK)
    op.execute("UPDATE complaint SET ready_to_forward = status = 'ACCEPTED'")
    op.execute("DELETE FROM task WHERE kind = 'forward'")
    op.execute(
        "ALTER TABLE complaint ALTER COLUMN accept_due_at SET NOT NULL, ALTER COLUMN due_provisional SET NOT NULL, "
        "ALTER COLUMN calendar_version SET NOT NULL"
    )
    op.execute("CREATE INDEX ix_complaint_due_provisional ON complaint (received_at) WHERE due_provisional")
    op.execute("DELETE FROM case_deadline")
    op.execute(
        "ALTER TABLE complaint " + ", ".join(f"DROP COLUMN {column.partition(' ')[0]}" for column in ADDED)
    )
