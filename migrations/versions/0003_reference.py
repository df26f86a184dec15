"""Reference data."""

from alembic import op

revision = "0003_reference"
down_revision = "0002_work_and_access"
branch_labels = None
depends_on = None

TABLES = (
    "region",
    "region_succession",
    "region_alias",
    "bureau",
    "carrier",
    "waybill_pattern",
    "issue",
    "code_entry",
    "deadline_rule",
    "policy",
    "workday",
    "reference_state",
)

STATEMENTS = (
    """
    CREATE TABLE region (
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        level TEXT NOT NULL,
        parent TEXT,
        province TEXT NOT NULL,
        city TEXT,
        status TEXT NOT NULL,
        valid_from SMALLINT,
        valid_to SMALLINT,
        CONSTRAINT pk_region PRIMARY KEY (code),
        CONSTRAINT ck_region_level CHECK (level IN ('PROVINCE', 'CITY', 'COUNTY')),
        CONSTRAINT ck_region_status CHECK (status IN ('in_force', 'abolished')),
        CONSTRAINT ck_region_code CHECK (code ~ '^[0-9]{6}$')
    )
    """,
    """
    CREATE TABLE region_succession (
        old_code TEXT NOT NULL,
        new_code TEXT NOT NULL,
        CONSTRAINT pk_region_succession PRIMARY KEY (old_code, new_code),
        CONSTRAINT ck_region_succession_moves CHECK (old_code <> new_code)
    )
    """,
    """
    CREATE TABLE region_alias (
        name TEXT NOT NULL,
        code TEXT NOT NULL,
        kind TEXT NOT NULL,
        CONSTRAINT pk_region_alias PRIMARY KEY (name, code),
        CONSTRAINT ck_region_alias_kind CHECK (kind IN ('old', 'short'))
    )
    """,
    """
    CREATE TABLE bureau (
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        level TEXT NOT NULL,
        region TEXT NOT NULL,
        parent TEXT,
        city_handles BOOLEAN NOT NULL,
        auto_admit BOOLEAN NOT NULL,
        contact TEXT NOT NULL,
        working_hours TEXT NOT NULL,
        retired BOOLEAN DEFAULT false NOT NULL,
        CONSTRAINT pk_bureau PRIMARY KEY (code),
        CONSTRAINT ck_bureau_level CHECK (level IN ('NATIONAL', 'PROVINCE', 'CITY'))
    )
    """,
    """
    CREATE UNIQUE INDEX uq_bureau_region_in_force ON bureau (region) WHERE NOT retired
    """,
    """
    CREATE TABLE carrier (
        code TEXT NOT NULL,
        kuaidi100_code TEXT,
        name_zh TEXT NOT NULL,
        name_en TEXT NOT NULL,
        brand TEXT NOT NULL,
        operator TEXT NOT NULL,
        business TEXT NOT NULL,
        in_scope BOOLEAN NOT NULL,
        retired BOOLEAN DEFAULT false NOT NULL,
        CONSTRAINT pk_carrier PRIMARY KEY (code),
        CONSTRAINT ck_carrier_business CHECK (business IN ('POSTAL', 'EXPRESS', 'BOTH'))
    )
    """,
    """
    CREATE TABLE waybill_pattern (
        carrier_code TEXT NOT NULL,
        pattern TEXT NOT NULL,
        CONSTRAINT pk_waybill_pattern PRIMARY KEY (carrier_code, pattern)
    )
    """,
    """
    CREATE TABLE issue (
        code TEXT NOT NULL,
        parent TEXT,
        name_zh TEXT NOT NULL,
        name_en TEXT NOT NULL,
        postal BOOLEAN NOT NULL,
        express BOOLEAN NOT NULL,
        taxonomy_version SMALLINT NOT NULL,
        confidence TEXT NOT NULL,
        retired BOOLEAN DEFAULT false NOT NULL,
        CONSTRAINT pk_issue PRIMARY KEY (code),
        CONSTRAINT ck_issue_confidence CHECK (confidence IN ('V1', 'V2', 'V3', 'M', 'P'))
    )
    """,
    """
    CREATE TABLE code_entry (
        kind TEXT NOT NULL,
        code TEXT NOT NULL,
        name_zh TEXT NOT NULL,
        name_en TEXT NOT NULL,
        version TEXT NOT NULL,
        retired BOOLEAN DEFAULT false NOT NULL,
        CONSTRAINT pk_code_entry PRIMARY KEY (kind, code),
        CONSTRAINT ck_code_entry_kind CHECK (kind IN ('refusal_ground', 'close_reason', 'level', 'responsibility', 'channel', 'goods', 'urgency'))
    )
    """,
    """
    CREATE TABLE deadline_rule (
        version TEXT NOT NULL,
        key TEXT NOT NULL,
        amount INTEGER NOT NULL,
        unit TEXT NOT NULL,
        source TEXT NOT NULL,
        confidence TEXT NOT NULL,
        CONSTRAINT pk_deadline_rule PRIMARY KEY (version, key),
        CONSTRAINT ck_deadline_rule_unit CHECK (unit IN ('day', 'workday', 'hour', 'year')),
        CONSTRAINT ck_deadline_rule_confidence CHECK (confidence IN ('V1', 'V2', 'V3', 'M', 'P')),
        CONSTRAINT ck_deadline_rule_amount CHECK (amount > 0)
    )
    """,
    """
    CREATE TABLE policy (
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        value JSONB NOT NULL,
        CONSTRAINT pk_policy PRIMARY KEY (name),
        CONSTRAINT ck_policy_name CHECK (name IN ('routing', 'levels', 'admission', 'deadlines'))
    )
    """,
    """
    CREATE TABLE workday (
        day DATE NOT NULL,
        is_workday BOOLEAN NOT NULL,
        source TEXT NOT NULL,
        CONSTRAINT pk_workday PRIMARY KEY (day)
    )
    """,
    """
    CREATE TABLE reference_state (
        name TEXT NOT NULL,
        version INTEGER NOT NULL,
        digest TEXT NOT NULL,
        calendar_version TEXT NOT NULL,
        loaded_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_reference_state PRIMARY KEY (name)
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
