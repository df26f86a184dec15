"""The exchange with carriers and hotlines, surges, and the reference data that they and the clocks go by."""

from alembic import op

revision = "0008_exchange"
down_revision = "0007_life_of_a_case"
branch_labels = None
depends_on = None

TABLES = (
    "endpoint",
    "feed_entry",
    "delivery",
    "signing_key",
    "signature_nonce",
    "hotline_order",
    "surge",
    "surge_member",
    "hotline_deadline",
)

STATEMENTS = (
    """
    CREATE TABLE endpoint (
        id UUID NOT NULL,
        audience TEXT NOT NULL,
        url TEXT NOT NULL,
        secret BYTEA NOT NULL,
        previous_secret BYTEA,
        previous_until TIMESTAMP WITH TIME ZONE,
        state TEXT DEFAULT 'ACTIVE' NOT NULL,
        disabled_because TEXT,
        failures INTEGER DEFAULT 0 NOT NULL,
        open_until TIMESTAMP WITH TIME ZONE,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_endpoint PRIMARY KEY (id),
        CONSTRAINT ck_endpoint_state CHECK (state IN ('ACTIVE', 'DISABLED')),
        CONSTRAINT uq_endpoint_audience UNIQUE (audience)
    )
    """,
    """
    CREATE TABLE feed_entry (
        bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        audience TEXT NOT NULL,
        seq INTEGER NOT NULL,
        xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
        era SMALLINT DEFAULT 0 NOT NULL,
        type TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        data JSON NOT NULL,
        sealed BYTEA,
        CONSTRAINT pk_feed_entry PRIMARY KEY (bucket, complaint_id, audience, seq),
        CONSTRAINT fk_feed_entry_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id)
    )
    """,
    """
    CREATE INDEX ix_feed_entry_reading ON feed_entry (audience, era, xid, bucket, complaint_id, seq)
    """,
    """
    CREATE TABLE delivery (
        bucket SMALLINT NOT NULL,
        id UUID DEFAULT uuidv7() NOT NULL,
        endpoint_id UUID NOT NULL,
        complaint_id UUID NOT NULL,
        audience TEXT NOT NULL,
        seq INTEGER NOT NULL,
        state TEXT DEFAULT 'PENDING' NOT NULL,
        attempts SMALLINT DEFAULT 0 NOT NULL,
        next_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        lease_token UUID,
        last_status SMALLINT,
        last_error TEXT,
        tried_at TIMESTAMP WITH TIME ZONE,
        delivered_at TIMESTAMP WITH TIME ZONE,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_delivery PRIMARY KEY (bucket, id),
        CONSTRAINT fk_delivery_bucket_complaint_id_audience_seq_feed_entry FOREIGN KEY(bucket, complaint_id, audience, seq) REFERENCES feed_entry (bucket, complaint_id, audience, seq),
        CONSTRAINT uq_delivery_bucket_endpoint_id_complaint_id_seq UNIQUE (bucket, endpoint_id, complaint_id, seq),
        CONSTRAINT ck_delivery_state CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD', 'CANCELLED')),
        CONSTRAINT fk_delivery_endpoint_id_endpoint FOREIGN KEY(endpoint_id) REFERENCES endpoint (id)
    )
    """,
    """
    CREATE INDEX ix_delivery_due ON delivery (endpoint_id, next_at) WHERE state = 'PENDING'
    """,
    """
    CREATE INDEX ix_delivery_order ON delivery (endpoint_id, complaint_id, seq) WHERE state = 'PENDING'
    """,
    """
    CREATE INDEX ix_delivery_log ON delivery (endpoint_id, id)
    """,
    """
    CREATE INDEX ix_delivery_dead ON delivery (endpoint_id, id) WHERE state = 'DEAD'
    """,
    """
    CREATE TABLE signing_key (
        id TEXT NOT NULL,
        client_id UUID NOT NULL,
        algorithm TEXT NOT NULL,
        public_key BYTEA,
        sealed_secret BYTEA,
        revoked_at TIMESTAMP WITH TIME ZONE,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_signing_key PRIMARY KEY (id),
        CONSTRAINT ck_signing_key_algorithm CHECK (algorithm IN ('hmac-sha256', 'ed25519')),
        CONSTRAINT fk_signing_key_client_id_client FOREIGN KEY(client_id) REFERENCES client (id)
    )
    """,
    """
    CREATE TABLE signature_nonce (
        key_id TEXT NOT NULL,
        nonce TEXT NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_signature_nonce PRIMARY KEY (key_id, nonce)
    )
    """,
    """
    CREATE INDEX ix_signature_nonce_expires_at ON signature_nonce (expires_at)
    """,
    """
    CREATE TABLE hotline_order (
        bucket SMALLINT NOT NULL,
        region TEXT NOT NULL,
        order_no TEXT NOT NULL,
        parent_order_no TEXT,
        kind TEXT NOT NULL,
        complaint_bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        case_bucket SMALLINT NOT NULL,
        case_id UUID NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        due_at TIMESTAMP WITH TIME ZONE,
        extension TEXT,
        extension_asked_to TIMESTAMP WITH TIME ZONE,
        signed_at TIMESTAMP WITH TIME ZONE,
        returned_at TIMESTAMP WITH TIME ZONE,
        return_reason TEXT,
        interim_due_at TIMESTAMP WITH TIME ZONE,
        interim_at TIMESTAMP WITH TIME ZONE,
        answered_at TIMESTAMP WITH TIME ZONE,
        finished_at TIMESTAMP WITH TIME ZONE,
        withdrawn_at TIMESTAMP WITH TIME ZONE,
        urged SMALLINT DEFAULT 0 NOT NULL,
        urged_at TIMESTAMP WITH TIME ZONE,
        supervised_at TIMESTAMP WITH TIME ZONE,
        redone SMALLINT DEFAULT 0 NOT NULL,
        CONSTRAINT pk_hotline_order PRIMARY KEY (bucket, region, order_no),
        CONSTRAINT fk_hotline_order_complaint_bucket_complaint_id_complaint FOREIGN KEY(complaint_bucket, complaint_id) REFERENCES complaint (bucket, id),
        CONSTRAINT ck_hotline_order_extension CHECK (extension IN ('ASKED', 'GRANTED', 'REFUSED'))
    )
    """,
    """
    CREATE INDEX ix_hotline_order_case ON hotline_order (case_id)
    """,
    """
    CREATE INDEX ix_hotline_order_complaint ON hotline_order (complaint_id)
    """,
    """
    CREATE INDEX ix_hotline_order_interim ON hotline_order (interim_due_at) WHERE interim_due_at IS NOT NULL
    """,
    """
    CREATE TABLE surge (
        id UUID NOT NULL,
        kind TEXT NOT NULL,
        carrier_code TEXT NOT NULL,
        place TEXT NOT NULL,
        province TEXT NOT NULL,
        week DATE NOT NULL,
        count INTEGER NOT NULL,
        mean FLOAT NOT NULL,
        deviation FLOAT NOT NULL,
        level TEXT NOT NULL,
        national BOOLEAN NOT NULL,
        opened_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_surge PRIMARY KEY (id),
        CONSTRAINT uq_surge_kind_carrier_code_place_week UNIQUE (kind, carrier_code, place, week),
        CONSTRAINT ck_surge_kind CHECK (kind IN ('CITY', 'OUTLET', 'USERS', 'STOPPAGE'))
    )
    """,
    """
    CREATE TABLE surge_member (
        bucket SMALLINT NOT NULL,
        complaint_id UUID NOT NULL,
        surge_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_surge_member PRIMARY KEY (bucket, complaint_id, surge_id),
        CONSTRAINT fk_surge_member_bucket_complaint_id_complaint FOREIGN KEY(bucket, complaint_id) REFERENCES complaint (bucket, id),
        CONSTRAINT fk_surge_member_surge_id_surge FOREIGN KEY(surge_id) REFERENCES surge (id)
    )
    """,
    """
    CREATE INDEX ix_surge_member_surge_id ON surge_member (surge_id)
    """,
    """
    CREATE TABLE hotline_deadline (
        region TEXT NOT NULL,
        kind TEXT NOT NULL,
        amount INTEGER NOT NULL,
        unit TEXT NOT NULL,
        source TEXT NOT NULL,
        confidence TEXT NOT NULL,
        CONSTRAINT pk_hotline_deadline PRIMARY KEY (region, kind),
        CONSTRAINT ck_hotline_deadline_kind CHECK (kind IN ('SIGN', 'CONSULT', 'HELP', 'SUGGEST', 'COMPLAIN', 'REPORT')),
        CONSTRAINT ck_hotline_deadline_unit CHECK (unit IN ('day', 'workday', 'hour', 'office_hour', 'year')),
        CONSTRAINT ck_hotline_deadline_confidence CHECK (confidence IN ('V1', 'V2', 'V3', 'M', 'P')),
        CONSTRAINT ck_hotline_deadline_amount CHECK (amount > 0)
    )
    """,
)
WIDENED = (
    (
        "code_entry",
        "kind",
        "'refusal_ground', 'close_reason', 'level', 'responsibility', 'channel', 'goods', 'urgency'",
        ", 'status', 'clock', 'rework_ground', 'pause_basis', 'failing_link'",
    ),
    ("deadline_rule", "unit", "'day', 'workday', 'hour'", ", 'office_hour'"),
    (
        "policy",
        "name",
        "'routing', 'levels', 'admission', 'deadlines'",
        ", 'escalation', 'watchdog', 'surges', 'duplicates', 'failing_link'",
    ),
)
"""Columns whose vocabulary grows: what it was, and what comes to it."""


def _check(table: str, column: str, values: str) -> None:
    last = ", 'year'" if table == "deadline_rule" else ""
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{column}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{column} CHECK ({column} IN ({values}{last}))")


def upgrade() -> None:
    """Create the tables, and let reference data hold more."""
    for statement in STATEMENTS:
        op.execute(statement)
    for table, column, before, more in WIDENED:
        _check(table, column, before + more)
    op.execute("ALTER TABLE client ADD COLUMN region_code TEXT")


def downgrade() -> None:
    """Drop the tables and all that they hold; reference data has to be loaded again."""
    op.execute("ALTER TABLE client DROP COLUMN region_code")
    for table, column, before, more in WIDENED:
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({more.removeprefix(', ')})")
        _check(table, column, before)
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
