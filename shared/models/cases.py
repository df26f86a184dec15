"""Tables of a case: the complaint, its sealed parties and its events."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, UUID

from shared.event_kinds import EventKind
from shared.models.base import bucket, code, metadata, moment, one_of, stamped
from shared.vocabulary import (
    ENDED,
    OPEN,
    Business,
    BusinessType,
    CaseKind,
    CaseScope,
    Channel,
    FailingLink,
    Level,
    RefusalGround,
    Responsibility,
    Role,
    Status,
)

IS_OPEN = "status IN ({})".format(", ".join(f"'{status}'" for status in OPEN))
"""The condition of the indexes of open cases; queries must write it in the same form to use them."""


IS_UNANSWERED = "status IN ({})".format(
    ", ".join(f"'{status}'" for status in Status if status in ENDED and status is not Status.CLOSED)
)
"""The condition of the index of cases that ended without an answer; queries must write it in the same form."""


IS_COPIED = "copied_to <> '{}'"
"""The condition of the index of cases that were copied to a superior bureau; queries must write it in the same form."""


complaint = Table(
    "complaint",
    metadata,
    bucket(),
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("number", Text, nullable=False),
    Column("client_id", UUID(as_uuid=True), nullable=False),
    Column("external_ref", Text),
    # number of an earlier case that this one repeats, as the filing says
    Column("cites", Text),
    Column("kind", Text, nullable=False, server_default=text(f"'{CaseKind.CONSUMER_COMPLAINT}'")),
    code("scope"),
    code("channel"),
    code("status"),
    code("level"),
    Column("version", Integer, nullable=False, server_default=text("1")),
    stamped("status_since"),
    # subject
    code("business"),
    code("business_type"),
    code("carrier_code"),
    code("issue_code"),
    code("issue_detail_code", nullable=True),
    Column("taxonomy_version", SmallInteger, nullable=False),
    code("role"),
    Column("agent_authorised", Boolean, nullable=False),
    Column("elements_complete", Boolean, nullable=False),
    code("goods"),
    Column("urgency", ARRAY(Text), nullable=False),
    # place
    code("dispute_region", nullable=True),
    code("mailing_region", nullable=True),
    code("delivery_region", nullable=True),
    code("complainant_region", nullable=True),
    code("upper_assignment", nullable=True),
    # money, in fen
    Column("declared_value_fen", BigInteger),
    Column("freight_fen", BigInteger),
    Column("requested_fen", BigInteger),
    # earlier complaint to the enterprise
    Column("mailed_on", Date),
    code("enterprise_outcome", nullable=True),
    Column("enterprise_complained_on", Date),
    code("other_procedure"),
    # time: the statutory deadline never moves; `next_due_at` is the nearest of all running deadlines (case_deadline)
    moment("received_at"),
    moment("total_due_at"),
    moment("next_due_at", nullable=True),
    Column("deadline_version", Text, nullable=False),
    # routing
    code("handling_bureau", nullable=True),
    code("supervising_bureau", nullable=True),
    Column("province", Text, nullable=False, server_default=text("'000000'")),
    Column("triage", Boolean, nullable=False, server_default=text("false")),
    Column("copied_to", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    moment("routed_at", nullable=True),
    moment("accepted_at", nullable=True),
    # handling
    Column("bounces", SmallInteger, nullable=False, server_default=text("0")),
    Column("claimed_by", Text),
    moment("claimed_at", nullable=True),
    moment("contacted_at", nullable=True),
    Column("outlet", Text),
    Column("confidential", Boolean, nullable=False, server_default=text("false")),
    Column("hotline_orders", SmallInteger, nullable=False, server_default=text("0")),
    moment("forwarded_at", nullable=True),
    moment("acknowledged_at", nullable=True),
    moment("replied_at", nullable=True),
    Column("reply_seq", SmallInteger, nullable=False, server_default=text("0")),
    Column("redone", SmallInteger, nullable=False, server_default=text("0")),
    moment("escalated_at", nullable=True),
    Column("overdue_total", Boolean, nullable=False, server_default=text("false")),
    Column("suspected_violation", Boolean, nullable=False, server_default=text("false")),
    # the case that this one was merged into, and the state before the merge
    Column("merged_into_bucket", SmallInteger),
    Column("merged_into", UUID(as_uuid=True)),
    code("merged_from", nullable=True),
    moment("refused_at", nullable=True),
    code("refusal_ground", nullable=True),
    # end; imported cases have it from the start
    moment("closed_at", nullable=True),
    code("close_reason", nullable=True),
    code("responsibility", nullable=True),
    Column("responsible_unit", Text),
    code("failing_link", nullable=True),
    Column("overturned", Boolean, nullable=False, server_default=text("false")),
    Column("satisfied_administration", Boolean),
    Column("satisfied_enterprise", Boolean),
    Column("reply_overdue", Boolean, nullable=False, server_default=text("false")),
    Column("reply_untruthful", Boolean, nullable=False, server_default=text("false")),
    Column("recovered_fen", BigInteger, nullable=False, server_default=text("0")),
    stamped(),
    # the number first: a check of a foreign key must never go by the bucket alone, which a table without statistics invites
    UniqueConstraint("number", "bucket"),
    one_of("kind", CaseKind),
    one_of("scope", CaseScope),
    one_of("channel", Channel),
    one_of("status", Status),
    one_of("level", Level),
    one_of("business", Business),
    one_of("business_type", BusinessType),
    one_of("role", Role),
    one_of("responsibility", Responsibility),
    one_of("failing_link", FailingLink),
    one_of("refusal_ground", RefusalGround),
    one_of("merged_from", OPEN),
    CheckConstraint("bucket BETWEEN 0 AND 63", name="bucket"),
    CheckConstraint("requested_fen >= 0 AND declared_value_fen >= 0 AND freight_fen >= 0", name="money"),
    CheckConstraint("recovered_fen >= 0", name="recovered"),
    CheckConstraint("(status = 'CLOSED') = (closed_at IS NOT NULL)", name="closed"),
    CheckConstraint("(status = 'REFUSED') = (refused_at IS NOT NULL)", name="refused"),
    CheckConstraint("(status = 'MERGED') = (merged_into IS NOT NULL)", name="merged"),
    Index(None, "received_at"),
    Index("ix_complaint_carrier_listing", "carrier_code", "received_at", "id"),
    Index(
        "ix_complaint_desk",
        "handling_bureau",
        "next_due_at",
        "id",
        postgresql_where=text(f"handling_bureau IS NOT NULL AND {IS_OPEN}"),
    ),
    Index(
        "ix_complaint_supervised",
        "supervising_bureau",
        "next_due_at",
        "id",
        postgresql_where=text(f"supervising_bureau IS NOT NULL AND {IS_OPEN}"),
    ),
    Index(
        "ix_complaint_claimed",
        "claimed_by",
        "next_due_at",
        "id",
        postgresql_where=text(f"claimed_by IS NOT NULL AND {IS_OPEN}"),
    ),
    # few cases are copied: only those of levels L2 and L3
    Index("ix_complaint_copied", "next_due_at", "id", postgresql_where=text(f"{IS_COPIED} AND {IS_OPEN}")),
    Index("ix_complaint_open", "status", "received_at", "id", postgresql_where=text(IS_OPEN)),
    # the few that ended without an answer, newest first: cases of other states are open, or nearly all cases
    Index("ix_complaint_unanswered", "status", "received_at", "id", postgresql_where=text(IS_UNANSWERED)),
    Index("ix_complaint_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    Index("ix_complaint_accepted_at", "accepted_at", postgresql_where=text("accepted_at IS NOT NULL")),
    Index("ix_complaint_closed_at", "closed_at", postgresql_where=text("closed_at IS NOT NULL")),
    Index(
        "ix_complaint_bureau_listing",
        "handling_bureau",
        "received_at",
        "id",
        postgresql_where=text("handling_bureau IS NOT NULL"),
    ),
    Index("ix_complaint_triage", "received_at", "id", postgresql_where=text("triage")),
    Index("ix_complaint_external_ref", "external_ref", postgresql_where=text("external_ref IS NOT NULL")),
    Index(
        "ix_complaint_network_stoppage",
        "carrier_code",
        "received_at",
        postgresql_where=text("urgency @> '{NETWORK_STOPPAGE}'"),
    ),
    Index("ix_complaint_client_listing", "client_id", "received_at", "id"),
    # room on each page for the changes that touch no index: then they write one row, and no entry of an index
    postgresql_with={"fillfactor": 80},
)
"""A case: what it is about, its status, its bureau, its deadlines and its end. Every change adds an event."""


complaint_party = Table(
    "complaint_party",
    metadata,
    bucket(),
    Column("complaint_id", UUID(as_uuid=True), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("phone_index", LargeBinary),
    Column("identity_index", LargeBinary),
    Column("waybill_index", LargeBinary),
    ForeignKeyConstraint(["bucket", "complaint_id"], ["complaint.bucket", "complaint.id"]),
    Index("ix_complaint_party_phone", "phone_index", postgresql_where=text("phone_index IS NOT NULL")),
    Index(
        "ix_complaint_party_identity", "identity_index", postgresql_where=text("identity_index IS NOT NULL")
    ),
    Index("ix_complaint_party_waybill", "waybill_index", postgresql_where=text("waybill_index IS NOT NULL")),
)
"""The sealed record of the persons of a case, and the blind indexes by which it is searched."""


case_event = Table(
    "case_event",
    metadata,
    bucket(),
    Column("complaint_id", UUID(as_uuid=True), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    code("kind"),
    code("actor"),
    Column("by", Text),
    # json, not jsonb: written once, read whole, and it keeps the order of the decision
    Column("data", JSON, nullable=False),
    # texts of the event: sealed, because they may name persons
    Column("sealed", LargeBinary),
    stamped("at"),
    one_of("kind", EventKind),
    ForeignKeyConstraint(["bucket", "complaint_id"], ["complaint.bucket", "complaint.id"]),
    # a decision has about two thousand bytes: compressing it would cost more than writing it
    postgresql_with={"toast_tuple_target": 4080},
)
"""The history of a case, in order; the version of a case is the number of its events. Append-only."""
