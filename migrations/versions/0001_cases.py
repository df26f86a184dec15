"""Cases: the complaint, its sealed parties, its events, its request keys; and the serials of public numbers."""

from alembic import op

revision = "0001_cases"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("complaint", "complaint_party", "case_event", "request_key")

STATEMENTS = (
    """
    CREATE TABLE complaint (
        bucket SMALLINT NOT NULL,
        id UUID NOT NULL,
        number TEXT NOT NULL,
        client_id UUID NOT NULL,
        external_ref TEXT,
        scope TEXT NOT NULL,
        channel TEXT NOT NULL,
        status TEXT NOT NULL,
        level TEXT NOT NULL,
        version INTEGER DEFAULT 1 NOT NULL,
        business TEXT NOT NULL,
        business_type TEXT NOT NULL,
        carrier_code TEXT NOT NULL,
        issue_code TEXT NOT NULL,
        issue_detail_code TEXT,
        taxonomy_version SMALLINT NOT NULL,
        role TEXT NOT NULL,
        agent_authorised BOOLEAN NOT NULL,
        elements_complete BOOLEAN NOT NULL,
        goods TEXT NOT NULL,
        urgency TEXT[] NOT NULL,
        dispute_region TEXT,
        mailing_region TEXT,
        delivery_region TEXT,
        complainant_region TEXT,
        upper_assignment TEXT,
        declared_value_fen BIGINT,
        freight_fen BIGINT,
        requested_fen BIGINT,
        mailed_on DATE,
        enterprise_outcome TEXT,
        enterprise_complained_on DATE,
        other_procedure TEXT NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        accept_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
        total_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
        due_provisional BOOLEAN NOT NULL,
        deadline_version TEXT NOT NULL,
        calendar_version TEXT NOT NULL,
        handling_bureau TEXT,
        supervising_bureau TEXT,
        province TEXT DEFAULT '000000' NOT NULL,
        ready_to_forward BOOLEAN DEFAULT false NOT NULL,
        triage BOOLEAN DEFAULT false NOT NULL,
        copied_to TEXT[] DEFAULT '{}' NOT NULL,
        routed_at TIMESTAMP WITH TIME ZONE,
        accepted_at TIMESTAMP WITH TIME ZONE,
        closed_at TIMESTAMP WITH TIME ZONE,
        close_reason TEXT,
        responsibility TEXT,
        failing_link TEXT,
        satisfied_administration BOOLEAN,
        satisfied_enterprise BOOLEAN,
        reply_overdue BOOLEAN DEFAULT false NOT NULL,
        reply_untruthful BOOLEAN DEFAULT false NOT NULL,
        recovered_fen BIGINT DEFAULT 0 NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_complaint PRIMARY KEY (bucket, id),
        CONSTRAINT uq_complaint_bucket_number UNIQUE (bucket, number),
        CONSTRAINT ck_complaint_scope CHECK (scope IN ('live', 'import')),
        CONSTRAINT ck_complaint_channel CHECK (channel IN ('PHONE_12305', 'WEB', 'WECHAT', 'LETTER', 'FAX', 'CARRIER_FEED', 'HOTLINE_12345', 'UPPER_BUREAU')),
        CONSTRAINT ck_complaint_status CHECK (status IN ('RECEIVED', 'ACCEPTED', 'CLOSED')),
        CONSTRAINT ck_complaint_level CHECK (level IN ('L0', 'L1', 'L2', 'L3')),
        CONSTRAINT ck_complaint_business CHECK (business IN ('POSTAL', 'EXPRESS')),
        CONSTRAINT ck_complaint_business_type CHECK (business_type IN ('LETTER', 'PARCEL', 'REMITTANCE', 'PERIODICAL', 'PHILATELY', 'OTHER', 'EXPRESS')),
        CONSTRAINT ck_complaint_role CHECK (role IN ('SENDER', 'ADDRESSEE', 'OTHER_USER', 'AGENT')),
        CONSTRAINT ck_complaint_responsibility CHECK (responsibility IN ('ENTERPRISE', 'NONE', 'USER', 'FORCE_MAJEURE', 'UNDETERMINED')),
        CONSTRAINT ck_complaint_bucket CHECK (bucket BETWEEN 0 AND 63),
        CONSTRAINT ck_complaint_money CHECK (requested_fen >= 0 AND declared_value_fen >= 0 AND freight_fen >= 0),
        CONSTRAINT ck_complaint_recovered CHECK (recovered_fen >= 0),
        CONSTRAINT ck_complaint_closed CHECK ((status = 'CLOSED') = (closed_at IS NOT NULL))
    )
    """,
    """
    CREATE INDEX ix_complaint_accepted_at ON complaint (accepted_at) WHERE accepted_at IS NOT NULL
    """,
    """
    CREATE INDEX ix_complaint_bureau_listing ON complaint (handling_bureau, received_at, id)
    """,
    """
    CREATE INDEX ix_complaint_client_listing ON complaint (client_id, received_at, id)
    """,
    """
    CREATE INDEX ix_complaint_closed_at ON complaint (closed_at) WHERE closed_at IS NOT NULL
    """,
    """
    CREATE INDEX ix_complaint_due_provisional ON complaint (received_at) WHERE due_provisional
    """,
    """
    CREATE INDEX ix_complaint_external_ref ON complaint (external_ref) WHERE external_ref IS NOT
    NULL
    """,
    """
    CREATE INDEX ix_complaint_network_stoppage ON complaint (carrier_code, received_at) WHERE
    urgency @> '{NETWORK_STOPPAGE}'
    """,
    """
    CREATE INDEX ix_complaint_received_at ON complaint (received_at)
    """,
    """
    CREATE INDEX ix_complaint_triage ON complaint (received_at, id) WHERE triage
    """,
    """
    CREATE INDEX ix_complaint_waiting ON complaint (received_at, id) WHERE status = 'RECEIVED'
    """,
    """
    CREATE TABLE complaint_party (
        bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        sealed BYTEA NOT NULL,
        phone_index BYTEA,
        identity_index BYTEA,
        waybill_index BYTEA,
        CONSTRAINT pk_complaint_party PRIMARY KEY (bucket, complaint_id),
        CONSTRAINT fk_complaint_party_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id)
    )
    """,
    """
    CREATE INDEX ix_complaint_party_phone ON complaint_party (phone_index) WHERE phone_index IS NOT
    NULL
    """,
    """
    CREATE INDEX ix_complaint_party_waybill ON complaint_party (waybill_index) WHERE waybill_index
    IS NOT NULL
    """,
    """
    CREATE TABLE case_event (
        bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        data JSON NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_case_event PRIMARY KEY (bucket, complaint_id, seq),
        CONSTRAINT fk_case_event_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id)
    )
     WITH (toast_tuple_target = 4080)
    """,
    """
    CREATE TABLE request_key (
        bucket SMALLINT NOT NULL,
        client_id UUID NOT NULL,
        key TEXT NOT NULL,
        fingerprint BYTEA NOT NULL,
        complaint_bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        receipt BYTEA NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_request_key PRIMARY KEY (bucket, client_id, key)
    )
    """,
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
    for bucket in range(64):
        op.execute(f"CREATE SEQUENCE complaint_serial_{bucket} MINVALUE 0 MAXVALUE 999999 CYCLE")


def downgrade() -> None:
    """Drop the tables and all that they hold."""
    for bucket in range(64):
        op.execute(f"DROP SEQUENCE complaint_serial_{bucket}")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
