-- The exchange with the world outside: feeds and their deliveries, signing keys, the 12345 hotline's orders, surges.

CREATE TABLE endpoint (
    id uuid NOT NULL,
    audience text NOT NULL,
    url text NOT NULL,
    -- Standard Webhooks secrets, sealed; two of them sign while one takes the other's place
    secret bytea NOT NULL,
    previous_secret bytea,
    previous_until timestamptz,
    state text DEFAULT 'ACTIVE' NOT NULL,
    disabled_reason text,
    -- circuit breaker: failures in a row, and until when nothing is tried
    failures integer DEFAULT 0 NOT NULL,
    open_until timestamptz,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_endpoint PRIMARY KEY (id),
    CONSTRAINT ck_endpoint_state CHECK (state IN ('ACTIVE', 'DISABLED')),
    CONSTRAINT uq_endpoint_audience UNIQUE (audience)
);

CREATE TABLE feed_entry (
    bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    audience text NOT NULL,
    seq integer NOT NULL,
    -- read in this order, up to the oldest transaction that still runs: nothing that commits late is missed
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    -- transactions are numbered anew where a dump was restored: what was written before is an era of its own
    era smallint DEFAULT 0 NOT NULL,
    type text NOT NULL,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    data json NOT NULL,
    -- words for the recipient that may name persons
    sealed bytea,
    CONSTRAINT pk_feed_entry PRIMARY KEY (bucket, complaint_id, audience, seq),
    CONSTRAINT fk_feed_entry_bucket_complaint_id_complaint
        FOREIGN KEY (bucket, complaint_id) REFERENCES complaint (bucket, id)
);
CREATE INDEX ix_feed_entry_reading ON feed_entry (audience, era, xid, bucket, complaint_id, seq);

CREATE TABLE delivery (
    bucket smallint NOT NULL,
    id uuid DEFAULT uuidv7() NOT NULL,
    endpoint_id uuid NOT NULL,
    complaint_id uuid NOT NULL,
    audience text NOT NULL,
    seq integer NOT NULL,
    state text DEFAULT 'PENDING' NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    next_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    lease_token uuid,
    last_status smallint,
    last_error text,
    tried_at timestamptz,
    delivered_at timestamptz,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_delivery PRIMARY KEY (bucket, id),
    CONSTRAINT fk_delivery_bucket_complaint_id_audience_seq_feed_entry
        FOREIGN KEY (bucket, complaint_id, audience, seq)
            REFERENCES feed_entry (bucket, complaint_id, audience, seq),
    CONSTRAINT uq_delivery_bucket_endpoint_id_complaint_id_seq
        UNIQUE (bucket, endpoint_id, complaint_id, seq),
    CONSTRAINT ck_delivery_state CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD', 'CANCELLED')),
    CONSTRAINT fk_delivery_endpoint_id_endpoint FOREIGN KEY (endpoint_id) REFERENCES endpoint (id)
);
CREATE INDEX ix_delivery_due ON delivery (endpoint_id, bucket, next_at) WHERE state = 'PENDING';
CREATE INDEX ix_delivery_order ON delivery (endpoint_id, complaint_id, seq) WHERE state = 'PENDING';
CREATE INDEX ix_delivery_log ON delivery (endpoint_id, id);
CREATE INDEX ix_delivery_dead ON delivery (endpoint_id, id) WHERE state = 'DEAD';

CREATE TABLE signing_key (
    id text NOT NULL,
    client_id uuid NOT NULL,
    algorithm text NOT NULL,
    public_key bytea,
    sealed_secret bytea,
    revoked_at timestamptz,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_signing_key PRIMARY KEY (id),
    CONSTRAINT ck_signing_key_algorithm CHECK (algorithm IN ('hmac-sha256', 'ed25519')),
    CONSTRAINT fk_signing_key_client_id_client FOREIGN KEY (client_id) REFERENCES client (id)
);

CREATE TABLE signature_nonce (
    key_id text NOT NULL,
    nonce text NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_signature_nonce PRIMARY KEY (key_id, nonce)
);
CREATE INDEX ix_signature_nonce_expires_at ON signature_nonce (expires_at);

CREATE TABLE hotline_order (
    bucket smallint NOT NULL,
    region text NOT NULL,
    order_no text NOT NULL,
    parent_order_no text,
    kind text NOT NULL,
    -- the complaint that it made, and the case that it follows since a merge
    complaint_bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    case_bucket smallint NOT NULL,
    case_id uuid NOT NULL,
    received_at timestamptz NOT NULL,
    due_at timestamptz,
    extension text,
    extension_requested_to timestamptz,
    signed_at timestamptz,
    returned_at timestamptz,
    return_reason text,
    -- when an interim answer goes out of itself; nothing once the order has any answer, or needs none
    interim_due_at timestamptz,
    interim_at timestamptz,
    answered_at timestamptz,
    finished_at timestamptz,
    withdrawn_at timestamptz,
    urged smallint DEFAULT 0 NOT NULL,
    urged_at timestamptz,
    supervised_at timestamptz,
    redone smallint DEFAULT 0 NOT NULL,
    CONSTRAINT pk_hotline_order PRIMARY KEY (bucket, region, order_no),
    CONSTRAINT fk_hotline_order_complaint_bucket_complaint_id_complaint
        FOREIGN KEY (complaint_bucket, complaint_id) REFERENCES complaint (bucket, id),
    CONSTRAINT ck_hotline_order_extension CHECK (extension IN ('ASKED', 'GRANTED', 'REFUSED'))
);
CREATE INDEX ix_hotline_order_case ON hotline_order (case_id);
CREATE INDEX ix_hotline_order_complaint ON hotline_order (complaint_id);
CREATE INDEX ix_hotline_order_interim ON hotline_order (interim_due_at) WHERE interim_due_at IS NOT NULL;

CREATE TABLE surge (
    id uuid NOT NULL,
    kind text NOT NULL,
    carrier_code text NOT NULL,
    place text NOT NULL,
    province text NOT NULL,
    week date NOT NULL,
    count integer NOT NULL,
    mean float NOT NULL,
    deviation float NOT NULL,
    level text NOT NULL,
    national boolean NOT NULL,
    opened_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_surge PRIMARY KEY (id),
    CONSTRAINT uq_surge_kind_carrier_code_place_week UNIQUE (kind, carrier_code, place, week),
    CONSTRAINT ck_surge_kind CHECK (kind IN ('CITY', 'OUTLET', 'USERS', 'STOPPAGE'))
);

CREATE TABLE surge_member (
    bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    surge_id uuid NOT NULL,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_surge_member PRIMARY KEY (bucket, complaint_id, surge_id),
    CONSTRAINT fk_surge_member_bucket_complaint_id_complaint
        FOREIGN KEY (bucket, complaint_id) REFERENCES complaint (bucket, id),
    CONSTRAINT fk_surge_member_surge_id_surge FOREIGN KEY (surge_id) REFERENCES surge (id)
);
CREATE INDEX ix_surge_member_surge_id ON surge_member (surge_id);
