"""Clients of the platform, their keys, the wrapped data keys, and the audit."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from shared.models.base import code, metadata, moment, one_of, stamped

CLIENT_KINDS = ("call_centre", "web_form", "carrier", "portal", "bureau", "dashboard", "legacy")

client = Table(
    "client",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    code("kind"),
    Column("carrier_code", Text),
    Column("bureau_code", Text),
    Column("region_code", Text),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("per_minute", Integer, nullable=False),
    stamped(),
    one_of("kind", CLIENT_KINDS),
)
"""A client of the APIs: who it is, which scopes it has, how many requests a minute it may send."""

api_key = Table(
    "api_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("client_id", UUID(as_uuid=True), ForeignKey("client.id"), nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("live", Boolean, nullable=False),
    moment("revoked_at", nullable=True),
    stamped(),
)
"""An API key of a client; only a hash of its secret is stored."""

data_key = Table(
    "data_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    code("suite"),
    Column("wrapped", LargeBinary, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'active'")),
    stamped(),
    one_of("state", ("active", "decrypt_only", "retired")),
)
"""A key that seals personal data, wrapped by the key file of the deployment."""

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    stamped("at"),
    code("actor"),
    code("act"),
    Column("subject", Text, nullable=False),
    Column("data", JSONB, nullable=False),
)
"""One action of an operator or of an officer who saw a person in clear. Append-only."""


officer = Table(
    "officer",
    metadata,
    Column("bureau_code", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    code("role"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    stamped(),
    one_of("role", ("OFFICER", "SUPERVISOR")),
)
"""An officer of a bureau; the desk sends the officer's id with each call."""


signing_key = Table(
    "signing_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("client_id", UUID(as_uuid=True), ForeignKey("client.id"), nullable=False),
    code("algorithm"),
    Column("public_key", LargeBinary),
    Column("sealed_secret", LargeBinary),
    moment("revoked_at", nullable=True),
    stamped(),
    one_of("algorithm", ("hmac-sha256", "ed25519")),
)
"""A key with which a client signs its requests (RFC 9421)."""


signature_nonce = Table(
    "signature_nonce",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("nonce", Text, primary_key=True),
    moment("expires_at"),
    Index(None, "expires_at"),
)
"""A nonce that a signature used, until it expires: no signed request is accepted twice."""
