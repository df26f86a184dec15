"""The life of a case: its states, its handling, and the columns that the desk works by."""

from alembic import op

revision = "0006_life_of_a_case"
down_revision = "0005_roles"
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
    "ix_complaint_claimed": f"complaint (claimed_by, next_due_at, id) WHERE claimed_by IS NOT NULL AND {OPEN}",
    "ix_complaint_open": f"complaint (status, received_at, id) WHERE {OPEN}",
    "ix_complaint_merged_into": "complaint (merged_into) WHERE merged_into IS NOT NULL",
    "ix_complaint_party_identity": "complaint_party (identity_index) WHERE identity_index IS NOT NULL",
}
TABLES = (
    "case_clock", "escalation", "officer", "reply", "visit", "remedy_entry", "finding_review", "duplicate_candidate",
    "evidence", "trace", "trace_event",
)  # fmt: skip

STATEMENTS = (
    """
    CREATE TABLE case_clock (
        bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        key TEXT NOT NULL,
        round SMALLINT NOT NULL,
        rule TEXT NOT NULL,
        amount INTEGER NOT NULL,
        unit TEXT NOT NULL,
        deadline_version TEXT NOT NULL,
        calendar_version TEXT NOT NULL,
        provisional BOOLEAN NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE NOT NULL,
        due_at TIMESTAMP WITH TIME ZONE,
        paused_at TIMESTAMP WITH TIME ZONE,
        pauses JSONB DEFAULT '[]' NOT NULL,
        stopped_at TIMESTAMP WITH TIME ZONE,
        outcome TEXT,
        said SMALLINT DEFAULT 0 NOT NULL,
        look_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_case_clock PRIMARY KEY (bucket, complaint_id, key, round),
        CONSTRAINT fk_case_clock_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id),
        CONSTRAINT ck_case_clock_key CHECK (key IN ('acceptance', 'supplement', 'forward', 'enterprise_reply', 'return_visit', 'second_call', 'rework_reply', 'mediation', 'mediation_answer', 'total', 'claim', 'first_contact', 'progress_report', 'close_target', 'hotline_sign', 'hotline_answer')),
        CONSTRAINT ck_case_clock_outcome CHECK (outcome IN ('MET', 'LATE', 'MOOT')),
        CONSTRAINT ck_case_clock_stopped CHECK ((stopped_at IS NULL) = (outcome IS NULL)),
        CONSTRAINT ck_case_clock_due CHECK (due_at IS NOT NULL OR paused_at IS NOT NULL OR stopped_at IS NOT NULL),
        CONSTRAINT ck_case_clock_look CHECK (look_at IS NULL OR (stopped_at IS NULL AND paused_at IS NULL))
    )
    """,
    """
    CREATE INDEX ix_case_clock_look ON case_clock (look_at) WHERE look_at IS NOT NULL
    """,
    """
    CREATE INDEX ix_case_clock_provisional ON case_clock (calendar_version) WHERE provisional AND stopped_at IS NULL
    """,
    """
    CREATE TABLE escalation (
        bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        key TEXT NOT NULL,
        round INTEGER NOT NULL,
        step TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        level_before TEXT NOT NULL,
        level_after TEXT NOT NULL,
        told TEXT[] NOT NULL,
        CONSTRAINT pk_escalation PRIMARY KEY (bucket, complaint_id, key, round, step),
        CONSTRAINT fk_escalation_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id),
        CONSTRAINT ck_escalation_step CHECK (step IN ('HALF', 'FOUR_FIFTHS', 'LAST_DAY', 'OVERDUE', 'LONG_OVERDUE'))
    )
    """,
    """
    CREATE INDEX ix_escalation_at ON escalation (at)
    """,
    """
    CREATE TABLE officer (
        bureau_code TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        active BOOLEAN DEFAULT true NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_officer PRIMARY KEY (bureau_code, id),
        CONSTRAINT ck_officer_role CHECK (role IN ('OFFICER', 'SUPERVISOR'))
    )
    """,
    """
    CREATE TABLE reply (
        bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        seq INTEGER NOT NULL,
        reply_ref TEXT NOT NULL,
        fingerprint BYTEA NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        by TEXT NOT NULL,
        complete BOOLEAN NOT NULL,
        missing TEXT[] NOT NULL,
        late BOOLEAN NOT NULL,
        untruthful BOOLEAN DEFAULT false NOT NULL,
        responsibility_admitted BOOLEAN,
        responsible_unit TEXT,
        responsible_link TEXT,
        compensation_fen BIGINT,
        paid_on DATE,
        other_procedure TEXT,
        sealed BYTEA NOT NULL,
        CONSTRAINT pk_reply PRIMARY KEY (bucket, complaint_id, seq),
        CONSTRAINT fk_reply_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id),
        CONSTRAINT uq_reply_bucket_complaint_id_reply_ref UNIQUE (bucket, complaint_id, reply_ref),
        CONSTRAINT ck_reply_responsible_link CHECK (responsible_link IN ('COLLECT', 'SORT', 'LINEHAUL', 'DELIVERY', 'CUSTOMER_SERVICE', 'STATION_LOCKER')),
        CONSTRAINT ck_reply_compensation CHECK (compensation_fen >= 0)
    )
    """,
    """
    CREATE TABLE visit (
        bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        seq INTEGER NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        by TEXT NOT NULL,
        source TEXT NOT NULL,
        reached BOOLEAN NOT NULL,
        account_matches BOOLEAN,
        solved BOOLEAN,
        satisfied_administration BOOLEAN,
        satisfied_enterprise BOOLEAN,
        CONSTRAINT pk_visit PRIMARY KEY (bucket, complaint_id, seq),
        CONSTRAINT fk_visit_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id),
        CONSTRAINT ck_visit_source CHECK (source IN ('DESK', 'HOTLINE'))
    )
    """,
    """
    CREATE TABLE remedy_entry (
        bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        seq INTEGER NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        by TEXT NOT NULL,
        kind TEXT NOT NULL,
        amount_fen BIGINT NOT NULL,
        paid_on DATE,
        counters INTEGER,
        CONSTRAINT pk_remedy_entry PRIMARY KEY (bucket, complaint_id, seq),
        CONSTRAINT fk_remedy_entry_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id),
        CONSTRAINT uq_remedy_entry_bucket_complaint_id_counters UNIQUE (bucket, complaint_id, counters),
        CONSTRAINT ck_remedy_entry_kind CHECK (kind IN ('COMPENSATION', 'REFUND', 'APOLOGY')),
        CONSTRAINT ck_remedy_entry_counter CHECK (counters IS NULL AND amount_fen >= 0 OR counters IS NOT NULL AND amount_fen <= 0)
    )
    """,
    """
    CREATE TABLE finding_review (
        bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        seq INTEGER NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        by TEXT NOT NULL,
        bureau_code TEXT NOT NULL,
        responsibility_before TEXT,
        responsibility_after TEXT NOT NULL,
        unit_before TEXT,
        unit_after TEXT,
        link_before TEXT,
        link_after TEXT,
        CONSTRAINT pk_finding_review PRIMARY KEY (bucket, complaint_id, seq),
        CONSTRAINT fk_finding_review_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id),
        CONSTRAINT ck_finding_review_responsibility_after CHECK (responsibility_after IN ('ENTERPRISE', 'NONE', 'USER', 'FORCE_MAJEURE', 'UNDETERMINED'))
    )
    """,
    """
    CREATE TABLE duplicate_candidate (
        bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        other_bucket SMALLINT NOT NULL,
        other_id UUID NOT NULL,
        evidence TEXT[] NOT NULL,
        state TEXT DEFAULT 'PROPOSED' NOT NULL,
        by TEXT,
        at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_duplicate_candidate PRIMARY KEY (bucket, complaint_id, other_bucket, other_id),
        CONSTRAINT fk_duplicate_candidate_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id),
        CONSTRAINT ck_duplicate_candidate_state CHECK (state IN ('PROPOSED', 'MERGED', 'DISMISSED'))
    )
    """,
    """
    CREATE INDEX ix_duplicate_candidate_other ON duplicate_candidate (other_id)
    """,
    """
    CREATE TABLE evidence (
        bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        by TEXT NOT NULL,
        source TEXT NOT NULL,
        sha256 BYTEA NOT NULL,
        media_type TEXT NOT NULL,
        size INTEGER NOT NULL,
        storage_key TEXT NOT NULL,
        sealed BYTEA NOT NULL,
        CONSTRAINT pk_evidence PRIMARY KEY (bucket, complaint_id, id),
        CONSTRAINT fk_evidence_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id),
        CONSTRAINT uq_evidence_bucket_complaint_id_sha256 UNIQUE (bucket, complaint_id, sha256),
        CONSTRAINT ck_evidence_source CHECK (source IN ('FILER', 'OFFICER', 'ENTERPRISE', 'HOTLINE')),
        CONSTRAINT ck_evidence_size CHECK (size > 0)
    )
    """,
    """
    CREATE TABLE trace (
        bucket SMALLINT NOT NULL,
        carrier_code TEXT NOT NULL,
        waybill_index BYTEA NOT NULL,
        state TEXT NOT NULL,
        occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
        events INTEGER NOT NULL,
        unknown INTEGER NOT NULL,
        link TEXT,
        region TEXT,
        confidence SMALLINT,
        evidence JSON NOT NULL,
        CONSTRAINT pk_trace PRIMARY KEY (bucket, carrier_code, waybill_index),
        CONSTRAINT ck_trace_link CHECK (link IN ('COLLECT', 'SORT', 'LINEHAUL', 'DELIVERY', 'CUSTOMER_SERVICE', 'STATION_LOCKER'))
    )
    """,
    """
    CREATE TABLE trace_event (
        bucket SMALLINT NOT NULL,
        carrier_code TEXT NOT NULL,
        waybill_index BYTEA NOT NULL,
        event_id TEXT NOT NULL,
        occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
        seq BIGINT DEFAULT 0 NOT NULL,
        system TEXT NOT NULL,
        code TEXT NOT NULL,
        state TEXT NOT NULL,
        region TEXT,
        outlet TEXT,
        received_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_trace_event PRIMARY KEY (bucket, carrier_code, waybill_index, event_id),
        CONSTRAINT ck_trace_event_system CHECK (system IN ('KDNIAO', 'S10', 'SHENSU'))
    )
    """,
)

# open cases of before get their two limits; the sweep finds out how far they have run
RUNNING = """
    INSERT INTO case_clock (bucket, complaint_id, key, round, rule, amount, unit, deadline_version, calendar_version,
        provisional, started_at, due_at, look_at)
    SELECT c.bucket, c.id, r.key, 1, r.key, r.amount, r.unit, c.deadline_version, c.calendar_version,
        c.due_provisional AND r.key = 'acceptance', c.received_at,
        CASE r.key WHEN 'total' THEN c.total_due_at ELSE c.accept_due_at END, clock_timestamp()
    FROM complaint c JOIN deadline_rule r ON r.version = c.deadline_version
        AND (r.key = 'total' OR r.key = 'acceptance' AND c.status = 'RECEIVED')
    WHERE c.scope = 'live' AND c.status IN ('RECEIVED', 'ACCEPTED')
"""
NEAREST = """
    UPDATE complaint c SET next_due_at = k.due_at
    FROM (SELECT bucket, complaint_id, min(due_at) AS due_at FROM case_clock GROUP BY 1, 2) k
    WHERE c.bucket = k.bucket AND c.id = k.complaint_id
"""
WAITING = """
    INSERT INTO task (bucket, id, kind, subject_id)
    SELECT bucket, uuidv7(), 'forward', id FROM complaint WHERE scope = 'live' AND status = 'ACCEPTED' AND ready_to_forward
"""
BACK = """
    UPDATE complaint c SET accept_due_at = k.due_at, calendar_version = k.calendar_version, due_provisional = k.provisional
    FROM case_clock k
    WHERE k.bucket = c.bucket AND k.complaint_id = c.id AND k.key = 'acceptance' AND k.due_at IS NOT NULL
"""


def upgrade() -> None:
    """Widen the states, add what handling needs, and give open cases their running limits."""
    op.execute("ALTER TABLE complaint DROP CONSTRAINT ck_complaint_status")
    op.execute("ALTER TABLE complaint " + ", ".join(f"ADD COLUMN {column}" for column in ADDED))
    for name, condition in CHECKS.items():
        op.execute(f"ALTER TABLE complaint ADD CONSTRAINT ck_complaint_{name} CHECK ({condition})")
    for statement in STATEMENTS:
        op.execute(statement)
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
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
    op.execute(
        "ALTER TABLE complaint " + ", ".join(f"DROP COLUMN {column.partition(' ')[0]}" for column in ADDED)
    )
