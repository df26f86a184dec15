"""Tasks, marks of figures, clients and keys, the audit trail, imports."""

from alembic import op

revision = "0002_work_and_access"
down_revision = "0001_cases"
branch_labels = None
depends_on = None

TABLES = ("task", "dirty_day", "client", "api_key", "data_key", "audit_entry", "import_file", "import_part")

STATEMENTS = (
    """
    CREATE TABLE task (
        bucket SMALLINT NOT NULL,
        id UUID NOT NULL,
        kind TEXT NOT NULL,
        subject_id UUID NOT NULL,
        state TEXT DEFAULT 'ready' NOT NULL,
        attempts SMALLINT DEFAULT 0 NOT NULL,
        expiries SMALLINT DEFAULT 0 NOT NULL,
        next_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        lease_token UUID,
        last_error TEXT,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_task PRIMARY KEY (bucket, id),
        CONSTRAINT ck_task_state CHECK (state IN ('ready', 'leased', 'dead'))
    )
    """,
    """
    CREATE INDEX ix_task_claim ON task (kind, next_at) WHERE state <> 'dead'
    """,
    """
    CREATE UNIQUE INDEX uq_task_waiting ON task (bucket, kind, subject_id) WHERE state = 'ready'
    """,
    """
    CREATE TABLE dirty_day (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        day DATE NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_dirty_day PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE client (
        id UUID NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        carrier_code TEXT,
        bureau_code TEXT,
        scopes TEXT[] NOT NULL,
        per_minute INTEGER NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_client PRIMARY KEY (id),
        CONSTRAINT ck_client_kind CHECK (kind IN ('call_centre', 'web_form', 'carrier', 'portal', 'bureau', 'dashboard', 'legacy')),
        CONSTRAINT uq_client_name UNIQUE (name)
    )
    """,
    """
    CREATE TABLE api_key (
        id TEXT NOT NULL,
        client_id UUID NOT NULL,
        secret_hash BYTEA NOT NULL,
        live BOOLEAN NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_api_key PRIMARY KEY (id),
        CONSTRAINT fk_api_key_client_id_client FOREIGN KEY(client_id) REFERENCES client (id)
    )
    """,
    """
    CREATE TABLE data_key (
        id INTEGER NOT NULL,
        suite TEXT NOT NULL,
        wrapped BYTEA NOT NULL,
        state TEXT DEFAULT 'active' NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_data_key PRIMARY KEY (id),
        CONSTRAINT ck_data_key_state CHECK (state IN ('active', 'decrypt_only', 'retired'))
    )
    """,
    """
    CREATE TABLE audit_entry (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        actor TEXT NOT NULL,
        act TEXT NOT NULL,
        subject TEXT NOT NULL,
        data JSONB NOT NULL,
        CONSTRAINT pk_audit_entry PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE import_file (
        id UUID NOT NULL,
        client_id UUID NOT NULL,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        rows INTEGER NOT NULL,
        part_digests JSONB NOT NULL,
        completed_at TIMESTAMP WITH TIME ZONE,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_import_file PRIMARY KEY (id),
        CONSTRAINT uq_import_file_client_id_sha256_name UNIQUE (client_id, sha256, name)
    )
    """,
    """
    CREATE TABLE import_part (
        import_id UUID NOT NULL,
        part INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        results JSONB NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_import_part PRIMARY KEY (import_id, part)
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
