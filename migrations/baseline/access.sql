-- Clients of the platform, their keys, the wrapped data keys, and what operators did.

CREATE TABLE client (
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    carrier_code text,
    bureau_code text,
    region_code text,
    scopes text[] NOT NULL,
    per_minute integer NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_client PRIMARY KEY (id),
    CONSTRAINT ck_client_kind CHECK (kind IN (
        'call_centre', 'web_form', 'carrier', 'portal', 'bureau', 'dashboard', 'legacy'
    )),
    CONSTRAINT uq_client_name UNIQUE (name)
);

CREATE TABLE api_key (
    id text NOT NULL,
    client_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    live boolean NOT NULL,
    revoked_at timestamptz,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_api_key PRIMARY KEY (id),
    CONSTRAINT fk_api_key_client_id_client FOREIGN KEY (client_id) REFERENCES client (id)
);

CREATE TABLE data_key (
    id integer NOT NULL,
    suite text NOT NULL,
    wrapped bytea NOT NULL,
    state text DEFAULT 'active' NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_data_key PRIMARY KEY (id),
    CONSTRAINT ck_data_key_state CHECK (state IN ('active', 'decrypt_only', 'retired'))
);

CREATE TABLE audit_entry (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    actor text NOT NULL,
    act text NOT NULL,
    subject text NOT NULL,
    data jsonb NOT NULL,
    CONSTRAINT pk_audit_entry PRIMARY KEY (id)
);
