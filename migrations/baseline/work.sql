-- Follow-up work that must not be forgotten, and marks of figures to be recomputed.

CREATE TABLE task (
    bucket smallint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    state text DEFAULT 'ready' NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    expiries smallint DEFAULT 0 NOT NULL,
    next_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    lease_token uuid,
    last_error text,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_task PRIMARY KEY (bucket, id),
    CONSTRAINT ck_task_state CHECK (state IN ('ready', 'leased', 'dead'))
);
CREATE INDEX ix_task_claim ON task (bucket, kind, next_at) WHERE state <> 'dead';
CREATE UNIQUE INDEX uq_task_waiting ON task (bucket, kind, subject_id) WHERE state = 'ready';

CREATE TABLE dirty_day (
    id bigint GENERATED ALWAYS AS IDENTITY,
    day date NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_dirty_day PRIMARY KEY (id)
);
