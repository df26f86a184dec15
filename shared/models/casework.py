"""Work of officers on a case: visits, remedies, reviews of findings."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from shared.models.base import _complaint_id, _seq, bucket, code, metadata, of_case, one_of, stamped
from shared.vocabulary import Responsibility

visit = Table(
    "visit",
    metadata,
    bucket(),
    _complaint_id(),
    _seq(),
    stamped("at"),
    Column("by", Text, nullable=False),
    code("source"),
    Column("reached", Boolean, nullable=False),
    Column("account_matches", Boolean),
    Column("solved", Boolean),
    Column("satisfied_administration", Boolean),
    Column("satisfied_enterprise", Boolean),
    of_case(),
    one_of("source", ("DESK", "HOTLINE")),
)
"""A return visit (回访): the user's answers about the result."""


remedy_entry = Table(
    "remedy_entry",
    metadata,
    bucket(),
    _complaint_id(),
    _seq(),
    stamped("at"),
    Column("by", Text, nullable=False),
    code("kind"),
    Column("amount_fen", BigInteger, nullable=False),
    Column("paid_on", Date),
    Column("reverses", Integer),
    of_case(),
    UniqueConstraint("bucket", "complaint_id", "reverses"),
    one_of("kind", ("COMPENSATION", "REFUND", "APOLOGY")),
    CheckConstraint(
        "reverses IS NULL AND amount_fen >= 0 OR reverses IS NOT NULL AND amount_fen <= 0", name="reversal"
    ),
)
"""Append-only: an entry is corrected by another one that reverses it; each is reversed at most once."""


finding_review = Table(
    "finding_review",
    metadata,
    bucket(),
    _complaint_id(),
    _seq(),
    stamped("at"),
    Column("by", Text, nullable=False),
    Column("bureau_code", Text, nullable=False),
    code("responsibility_before", nullable=True),
    code("responsibility_after"),
    Column("unit_before", Text),
    Column("unit_after", Text),
    code("link_before", nullable=True),
    code("link_after", nullable=True),
    of_case(),
    one_of("responsibility_after", Responsibility),
)
"""A change of the finding of a case by a superior bureau (复核): before and after."""
