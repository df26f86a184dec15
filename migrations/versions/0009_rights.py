"""What each process may do with the life of a case. The worker still reads no sealed word of a person."""

from alembic import op

revision = "0009_rights"
down_revision = "0008_exchange"
branch_labels = None
depends_on = None

GRANTS = {
    "shensu_intake": {
        "SELECT, INSERT, UPDATE": (
            "case_deadline",
            "reply",
            "trace",
            "delivery",
            "hotline_order",
        ),
        "SELECT, INSERT": (
            "visit",
            "remedy_entry",
            "finding_review",
            "evidence",
            "trace_event",
            "feed_entry",
        ),
        "SELECT, INSERT, DELETE": ("signature_nonce",),
        "SELECT": (
            "officer",
            "escalation",
            "surge",
            "surge_member",
            "signing_key",
            "hotline_deadline",
            "endpoint",
        ),
        "SELECT, UPDATE": ("duplicate_candidate",),
        "UPDATE": ("complaint", "complaint_party"),
        "INSERT": ("audit_entry",),
    },
    "shensu_worker": {
        "SELECT, INSERT, UPDATE": ("case_deadline", "delivery", "surge", "duplicate_candidate"),
        "SELECT, INSERT": ("escalation", "feed_entry", "surge_member"),
        "SELECT, UPDATE": ("endpoint", "hotline_order"),
        "SELECT": ("trace", "hotline_deadline", "data_key"),
        "DELETE": ("signature_nonce",),
        "INSERT": ("audit_entry",),
    },
    "shensu_analytics": {"SELECT": ("hotline_deadline",)},
}
COLUMNS = {
    "shensu_worker": {
        "complaint_party": "phone_index, identity_index",
        "case_event": "bucket, complaint_id, seq, kind, actor, by, data, at",
        "signature_nonce": "expires_at",
    },
}
"""The worker compares persons by their keyed indexes, and reads what happened, but no word that somebody wrote."""
SHARED = "UPDATE (shared) ON evidence"
"""Of a file nothing is ever changed but whether the enterprise may see it."""
TAKEN = "SELECT ON case_event"


def upgrade() -> None:
    """Grant it."""
    for role, grants in GRANTS.items():
        for rights, tables in grants.items():
            op.execute(f"GRANT {rights} ON {', '.join(tables)} TO {role}")
    op.execute(f"GRANT {SHARED} TO shensu_intake")
    op.execute(f"REVOKE {TAKEN} FROM shensu_worker")
    for role, tables in COLUMNS.items():
        for table, columns in tables.items():
            op.execute(f"GRANT SELECT ({columns}) ON {table} TO {role}")


def downgrade() -> None:
    """Take it back."""
    for role, tables in COLUMNS.items():
        for table, columns in tables.items():
            op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM {role}")
    op.execute(f"GRANT {TAKEN} TO shensu_worker")
    op.execute(f"REVOKE {SHARED} FROM shensu_intake")
    for role, grants in GRANTS.items():
        for rights, tables in grants.items():
            op.execute(f"REVOKE {rights} ON {', '.join(tables)} FROM {role}")
