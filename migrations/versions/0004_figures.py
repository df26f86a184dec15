"""Facts that the analytics answer from."""

from alembic import op

revision = "0004_figures"
down_revision = "0003_reference"
branch_labels = None
depends_on = None

TABLES = ("daily_fact", "monthly_fact", "channel_fact", "circular_fact", "figures_state")

STATEMENTS = (
    """
    CREATE TABLE daily_fact (
        day DATE NOT NULL,
        province TEXT NOT NULL,
        business TEXT NOT NULL,
        channel TEXT NOT NULL,
        level TEXT NOT NULL,
        received BIGINT NOT NULL,
        accepted BIGINT NOT NULL,
        closed BIGINT NOT NULL,
        valid BIGINT NOT NULL,
        satisfied_administration BIGINT NOT NULL,
        satisfied_enterprise BIGINT NOT NULL,
        reply_overdue BIGINT NOT NULL,
        reply_untruthful BIGINT NOT NULL,
        recovered_fen BIGINT NOT NULL,
        CONSTRAINT pk_daily_fact PRIMARY KEY (day, province, business, channel, level)
    )
    """,
    """
    CREATE TABLE monthly_fact (
        month DATE NOT NULL,
        business TEXT NOT NULL,
        business_type TEXT NOT NULL,
        carrier_code TEXT NOT NULL,
        issue_code TEXT NOT NULL,
        issue_detail_code TEXT NOT NULL,
        province TEXT NOT NULL,
        received BIGINT NOT NULL,
        accepted BIGINT NOT NULL,
        closed BIGINT NOT NULL,
        valid BIGINT NOT NULL,
        satisfied_administration BIGINT NOT NULL,
        satisfied_enterprise BIGINT NOT NULL,
        reply_overdue BIGINT NOT NULL,
        reply_untruthful BIGINT NOT NULL,
        recovered_fen BIGINT NOT NULL,
        CONSTRAINT pk_monthly_fact PRIMARY KEY (month, business, business_type, carrier_code, issue_code, issue_detail_code, province)
    )
    """,
    """
    CREATE INDEX ix_monthly_fact_quality ON monthly_fact (month) WHERE reply_overdue > 0 OR
    reply_untruthful > 0
    """,
    """
    CREATE TABLE channel_fact (
        month DATE NOT NULL,
        business TEXT NOT NULL,
        channel TEXT NOT NULL,
        level TEXT NOT NULL,
        province TEXT NOT NULL,
        received BIGINT NOT NULL,
        accepted BIGINT NOT NULL,
        closed BIGINT NOT NULL,
        valid BIGINT NOT NULL,
        satisfied_administration BIGINT NOT NULL,
        satisfied_enterprise BIGINT NOT NULL,
        reply_overdue BIGINT NOT NULL,
        reply_untruthful BIGINT NOT NULL,
        recovered_fen BIGINT NOT NULL,
        CONSTRAINT pk_channel_fact PRIMARY KEY (month, business, channel, level, province)
    )
    """,
    """
    CREATE TABLE circular_fact (
        month DATE NOT NULL,
        business TEXT NOT NULL,
        business_type TEXT NOT NULL,
        carrier_code TEXT NOT NULL,
        issue_code TEXT NOT NULL,
        received BIGINT NOT NULL,
        accepted BIGINT NOT NULL,
        closed BIGINT NOT NULL,
        valid BIGINT NOT NULL,
        satisfied_administration BIGINT NOT NULL,
        satisfied_enterprise BIGINT NOT NULL,
        reply_overdue BIGINT NOT NULL,
        reply_untruthful BIGINT NOT NULL,
        recovered_fen BIGINT NOT NULL,
        CONSTRAINT pk_circular_fact PRIMARY KEY (month, business, business_type, carrier_code, issue_code)
    )
    """,
    """
    CREATE TABLE figures_state (
        name TEXT NOT NULL,
        version INTEGER NOT NULL,
        as_of TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_figures_state PRIMARY KEY (name)
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
