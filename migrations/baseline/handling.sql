-- What is done about a case: its running deadlines, escalations, replies, visits, money, reviews, duplicates, evidence.

CREATE TABLE case_deadline (
    bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    key text NOT NULL,
    round smallint NOT NULL,
    -- the rule by which it was counted; an order of the hotline may bring a moment of its own (unit `given`)
    rule text NOT NULL,
    amount integer NOT NULL,
    unit text NOT NULL,
    deadline_version text NOT NULL,
    calendar_version text NOT NULL,
    provisional boolean NOT NULL,
    started_at timestamptz NOT NULL,
    due_at timestamptz,
    paused_at timestamptz,
    pauses jsonb DEFAULT '[]' NOT NULL,
    stopped_at timestamptz,
    outcome text,
    -- the gravest step that was reported, and when to look at it next
    last_step smallint DEFAULT 0 NOT NULL,
    next_check_at timestamptz,
    CONSTRAINT pk_case_deadline PRIMARY KEY (bucket, complaint_id, key, round),
    CONSTRAINT fk_case_deadline_bucket_complaint_id_complaint
        FOREIGN KEY (bucket, complaint_id) REFERENCES complaint (bucket, id),
    CONSTRAINT ck_case_deadline_key CHECK (key IN (
        'acceptance', 'supplement', 'forward', 'enterprise_reply', 'return_visit', 'second_call',
        'rework_reply', 'mediation', 'mediation_answer', 'total', 'claim', 'first_contact',
        'progress_report', 'close_target', 'hotline_sign', 'hotline_answer'
    )),
    CONSTRAINT ck_case_deadline_outcome CHECK (outcome IN ('MET', 'LATE', 'MOOT')),
    CONSTRAINT ck_case_deadline_stopped CHECK ((stopped_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT ck_case_deadline_due
        CHECK (due_at IS NOT NULL OR paused_at IS NOT NULL OR stopped_at IS NOT NULL),
    CONSTRAINT ck_case_deadline_check CHECK (next_check_at IS NULL OR (stopped_at IS NULL AND paused_at IS NULL))
);
CREATE INDEX ix_case_deadline_check ON case_deadline (bucket, next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX ix_case_deadline_provisional ON case_deadline (calendar_version)
    WHERE provisional AND stopped_at IS NULL;

CREATE TABLE escalation (
    bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    key text NOT NULL,
    round integer NOT NULL,
    step text NOT NULL,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    level_before text NOT NULL,
    level_after text NOT NULL,
    notified_bureaus text[] NOT NULL,
    CONSTRAINT pk_escalation PRIMARY KEY (bucket, complaint_id, key, round, step),
    CONSTRAINT fk_escalation_bucket_complaint_id_complaint
        FOREIGN KEY (bucket, complaint_id) REFERENCES complaint (bucket, id),
    CONSTRAINT ck_escalation_step CHECK (step IN (
        'HALF', 'FOUR_FIFTHS', 'LAST_DAY', 'OVERDUE', 'LONG_OVERDUE'
    ))
);
CREATE INDEX ix_escalation_at ON escalation (at);

CREATE TABLE officer (
    bureau_code text NOT NULL,
    id text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_officer PRIMARY KEY (bureau_code, id),
    CONSTRAINT ck_officer_role CHECK (role IN ('OFFICER', 'SUPERVISOR'))
);

CREATE TABLE reply (
    bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    seq integer NOT NULL,
    reply_ref text NOT NULL,
    fingerprint bytea NOT NULL,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    by text NOT NULL,
    complete boolean NOT NULL,
    missing text[] NOT NULL,
    late boolean NOT NULL,
    untruthful boolean DEFAULT false NOT NULL,
    responsibility_admitted boolean,
    responsible_unit text,
    responsible_link text,
    compensation_fen bigint,
    paid_on date,
    other_procedure text,
    sealed bytea NOT NULL,
    CONSTRAINT pk_reply PRIMARY KEY (bucket, complaint_id, seq),
    CONSTRAINT fk_reply_bucket_complaint_id_complaint
        FOREIGN KEY (bucket, complaint_id) REFERENCES complaint (bucket, id),
    CONSTRAINT uq_reply_bucket_complaint_id_by_reply_ref UNIQUE (bucket, complaint_id, by, reply_ref),
    CONSTRAINT ck_reply_responsible_link CHECK (responsible_link IN (
        'COLLECT', 'SORT', 'LINEHAUL', 'DELIVERY', 'CUSTOMER_SERVICE', 'STATION_LOCKER'
    )),
    CONSTRAINT ck_reply_compensation CHECK (compensation_fen >= 0)
);

CREATE TABLE visit (
    bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    seq integer NOT NULL,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    by text NOT NULL,
    source text NOT NULL,
    reached boolean NOT NULL,
    account_matches boolean,
    solved boolean,
    satisfied_administration boolean,
    satisfied_enterprise boolean,
    CONSTRAINT pk_visit PRIMARY KEY (bucket, complaint_id, seq),
    CONSTRAINT fk_visit_bucket_complaint_id_complaint
        FOREIGN KEY (bucket, complaint_id) REFERENCES complaint (bucket, id),
    CONSTRAINT ck_visit_source CHECK (source IN ('DESK', 'HOTLINE'))
);

CREATE TABLE remedy_entry (
    bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    seq integer NOT NULL,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    by text NOT NULL,
    kind text NOT NULL,
    amount_fen bigint NOT NULL,
    paid_on date,
    reverses integer,
    CONSTRAINT pk_remedy_entry PRIMARY KEY (bucket, complaint_id, seq),
    CONSTRAINT fk_remedy_entry_bucket_complaint_id_complaint
        FOREIGN KEY (bucket, complaint_id) REFERENCES complaint (bucket, id),
    CONSTRAINT uq_remedy_entry_bucket_complaint_id_reverses UNIQUE (bucket, complaint_id, reverses),
    CONSTRAINT ck_remedy_entry_kind CHECK (kind IN ('COMPENSATION', 'REFUND', 'APOLOGY')),
    CONSTRAINT ck_remedy_entry_reversal
        CHECK (reverses IS NULL AND amount_fen >= 0 OR reverses IS NOT NULL AND amount_fen <= 0)
);

CREATE TABLE finding_review (
    bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    seq integer NOT NULL,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    by text NOT NULL,
    bureau_code text NOT NULL,
    responsibility_before text,
    responsibility_after text NOT NULL,
    unit_before text,
    unit_after text,
    link_before text,
    link_after text,
    CONSTRAINT pk_finding_review PRIMARY KEY (bucket, complaint_id, seq),
    CONSTRAINT fk_finding_review_bucket_complaint_id_complaint
        FOREIGN KEY (bucket, complaint_id) REFERENCES complaint (bucket, id),
    CONSTRAINT ck_finding_review_responsibility_after CHECK (responsibility_after IN (
        'ENTERPRISE', 'NONE', 'USER', 'FORCE_MAJEURE', 'UNDETERMINED'
    ))
);

CREATE TABLE duplicate_candidate (
    bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    other_bucket smallint NOT NULL,
    other_id uuid NOT NULL,
    evidence text[] NOT NULL,
    state text DEFAULT 'PROPOSED' NOT NULL,
    by text,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_duplicate_candidate PRIMARY KEY (bucket, complaint_id, other_bucket, other_id),
    CONSTRAINT fk_duplicate_candidate_bucket_complaint_id_complaint
        FOREIGN KEY (bucket, complaint_id) REFERENCES complaint (bucket, id),
    CONSTRAINT ck_duplicate_candidate_state CHECK (state IN ('PROPOSED', 'MERGED', 'DISMISSED'))
);
CREATE INDEX ix_duplicate_candidate_other ON duplicate_candidate (other_id);

CREATE TABLE evidence (
    bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    by text NOT NULL,
    source text NOT NULL,
    sha256 bytea NOT NULL,
    media_type text NOT NULL,
    size integer NOT NULL,
    storage_key text NOT NULL,
    -- the name of the file as it was given
    sealed bytea NOT NULL,
    -- whether an officer lets the enterprise see it
    shared boolean DEFAULT false NOT NULL,
    CONSTRAINT pk_evidence PRIMARY KEY (bucket, complaint_id, id),
    CONSTRAINT fk_evidence_bucket_complaint_id_complaint
        FOREIGN KEY (bucket, complaint_id) REFERENCES complaint (bucket, id),
    CONSTRAINT uq_evidence_bucket_complaint_id_sha256 UNIQUE (bucket, complaint_id, sha256),
    CONSTRAINT ck_evidence_source CHECK (source IN ('FILER', 'OFFICER', 'ENTERPRISE', 'HOTLINE')),
    CONSTRAINT ck_evidence_size CHECK (size > 0)
);

CREATE TABLE trace (
    bucket smallint NOT NULL,
    carrier_code text NOT NULL,
    waybill_index bytea NOT NULL,
    state text NOT NULL,
    occurred_at timestamptz NOT NULL,
    events integer NOT NULL,
    unknown integer NOT NULL,
    -- region by issue: where delay, loss and damage belong, if the scans tell it surely enough to route by
    regions json NOT NULL,
    CONSTRAINT pk_trace PRIMARY KEY (bucket, carrier_code, waybill_index)
);

CREATE TABLE trace_event (
    bucket smallint NOT NULL,
    carrier_code text NOT NULL,
    waybill_index bytea NOT NULL,
    event_id text NOT NULL,
    occurred_at timestamptz NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    system text NOT NULL,
    code text NOT NULL,
    state text NOT NULL,
    region text,
    outlet text,
    received_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_trace_event PRIMARY KEY (bucket, carrier_code, waybill_index, event_id),
    CONSTRAINT ck_trace_event_system CHECK (system IN ('KDNIAO', 'S10', 'SHENSU'))
);
