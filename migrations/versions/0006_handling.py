"""What is done about a case: running limits, escalations, replies, visits, money, reviews, duplicates, evidence, traces."""

from alembic import op

revision = "0006_handling"
down_revision = "0005_roles"
branch_labels = None
depends_on = None

TABLES = (
    "case_deadline",
    "escalation",
    "officer",
    "reply",
    "visit",
    "remedy_entry",
    "finding_review",
    "duplicate_candidate",
    "evidence",
    "trace",
    "trace_event",
)

STATEMENTS = (
    """
    CREATE TABLE case_deadline (
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
        last_step SMALLINT DEFAULT 0 NOT NULL,
        next_check_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_case_deadline PRIMARY KEY (bucket, complaint_id, key, round),
        CONSTRAINT fk_case_deadline_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id),
        CONSTRAINT ck_case_deadline_key CHECK (key IN ('acceptance', 'supplement', 'forward', 'enterprise_reply', 'return_visit', 'second_call', 'rework_reply', 'mediation', 'mediation_answer', 'total', 'claim', 'first_contact', 'progress_report', 'close_target', 'hotline_sign', 'hotline_answer')),
        CONSTRAINT ck_case_deadline_outcome CHECK (outcome IN ('MET', 'LATE', 'MOOT')),
        CONSTRAINT ck_case_deadline_stopped CHECK ((stopped_at IS NULL) = (outcome IS NULL)),
        CONSTRAINT ck_case_deadline_due CHECK (due_at IS NOT NULL OR paused_at IS NOT NULL OR stopped_at IS NOT NULL),
        CONSTRAINT ck_case_deadline_check CHECK (next_check_at IS NULL OR (stopped_at IS NULL AND paused_at IS NULL))
    )
    """,
    """
    CREATE INDEX ix_case_deadline_check ON case_deadline (next_check_at) WHERE next_check_at IS NOT NULL
    """,
    """
    CREATE INDEX ix_case_deadline_provisional ON case_deadline (calendar_version) WHERE provisional AND stopped_at IS NULL
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
        notified_bureaus TEXT[] NOT NULL,
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
        CONSTRAINT uq_reply_bucket_complaint_id_by_reply_ref UNIQUE (bucket, complaint_id, by, reply_ref),
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
        shared BOOLEAN DEFAULT false NOT NULL,
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
        regions JSON NOT NULL,
        CONSTRAINT pk_trace PRIMARY KEY (bucket, carrier_code, waybill_index)
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


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables and all that they hold."""
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
