"""One role a process, with the least that it needs: the figures' process cannot read a case or a person."""

from alembic import op

revision = "0005_roles"
down_revision = "0004_figures"
branch_labels = None
depends_on = None

REFERENCE = (
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
FACTS = ("daily_fact", "monthly_fact", "channel_fact", "circular_fact", "figures_state")
ACCESS = ("client", "api_key")

GRANTS = {
    "shensu_intake": {
        "SELECT, INSERT": ("complaint", "complaint_party", "case_event", "task", "import_part"),
        "SELECT, INSERT, DELETE": ("request_key",),
        "SELECT, INSERT, UPDATE": ("import_file",),
        "INSERT": ("dirty_day",),
        "SELECT": (*REFERENCE, *ACCESS, "data_key"),
    },
    "shensu_worker": {
        "SELECT, UPDATE": ("complaint",),
        "SELECT, INSERT": ("case_event",),
        "SELECT, INSERT, UPDATE, DELETE": ("task", *FACTS),
        "SELECT, INSERT, DELETE": ("dirty_day",),
        "SELECT": REFERENCE,
    },
    "shensu_analytics": {"SELECT": (*FACTS, *REFERENCE, *ACCESS)},
}
INDEX_ONLY = "GRANT SELECT (bucket, complaint_id, waybill_index) ON complaint_party TO shensu_worker"
"""The worker compares waybills by their keyed index; the sealed record itself it cannot read."""


def upgrade() -> None:
    """Create the roles, which nobody can log in with: a process takes its role after it has logged in."""
    for role, grants in GRANTS.items():
        # roles belong to the whole server: another database of it may have made them already
        op.execute(f"""
            DO $$ BEGIN CREATE ROLE {role} NOLOGIN;
            EXCEPTION WHEN duplicate_object THEN NULL; END $$
        """)
        op.execute(f"GRANT {role} TO CURRENT_USER")
        op.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        for rights, tables in grants.items():
            op.execute(f"GRANT {rights} ON {', '.join(tables)} TO {role}")
    for bucket in range(64):
        op.execute(f"GRANT USAGE ON SEQUENCE complaint_serial_{bucket} TO shensu_intake")
    op.execute(INDEX_ONLY)


def downgrade() -> None:
    """Take the rights back; the roles stay, for they belong to the whole server."""
    op.execute("REVOKE SELECT (bucket, complaint_id, waybill_index) ON complaint_party FROM shensu_worker")
    for bucket in range(64):
        op.execute(f"REVOKE USAGE ON SEQUENCE complaint_serial_{bucket} FROM shensu_intake")
    for role, grants in GRANTS.items():
        for rights, tables in grants.items():
            op.execute(f"REVOKE {rights} ON {', '.join(tables)} FROM {role}")
