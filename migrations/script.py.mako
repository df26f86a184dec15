"""${message}.

Tables are in use while this runs. Change them by `in_use`, whose helpers wait for locks only briefly, build and validate
without blocking anybody, and can be run again; the old and the new processes must both work with each step of it:

    in_use.add_column("complaint", "outlet_code", "text")
    in_use.create_index("ix_complaint_outlet_code", "complaint (outlet_code) WHERE outlet_code IS NOT NULL")
    in_use.add_check("complaint", "ck_complaint_outlet_code", "outlet_code ~ '^[0-9]+$'")
    in_use.add_foreign_key("reply", "fk_reply_officer", "(bureau, by) REFERENCES officer (bureau_code, id)")
    in_use.add_not_null("complaint", "outlet_code")
    in_use.drop_column("complaint", "outlet", safety_reason="release 0.3 was the last that read or wrote it")

A new table is made by `op.execute`, with its rights for each role. The docstring of a revision says what changes and why:
replace this one.
"""

from alembic import op

from migrations import in_use
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take back."""
    ${downgrades if downgrades else "pass"}
