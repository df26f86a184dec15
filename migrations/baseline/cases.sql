-- Tables of a case: the complaint, its sealed parties, its events, and the request keys that keep it single.

CREATE TABLE complaint (
    bucket smallint NOT NULL,
    id uuid NOT NULL,
    number text NOT NULL,
    client_id uuid NOT NULL,
    external_ref text,
    -- number of an earlier case that this one says it repeats
    cites text,
    kind text DEFAULT 'CONSUMER_COMPLAINT' NOT NULL,
    scope text NOT NULL,
    channel text NOT NULL,
    status text NOT NULL,
    level text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    status_since timestamptz DEFAULT clock_timestamp() NOT NULL,
    -- what it is about
    business text NOT NULL,
    business_type text NOT NULL,
    carrier_code text NOT NULL,
    issue_code text NOT NULL,
    issue_detail_code text,
    taxonomy_version smallint NOT NULL,
    role text NOT NULL,
    agent_authorised boolean NOT NULL,
    elements_complete boolean NOT NULL,
    goods text NOT NULL,
    urgency text[] NOT NULL,
    -- where
    dispute_region text,
    mailing_region text,
    delivery_region text,
    complainant_region text,
    upper_assignment text,
    -- money, in fen
    declared_value_fen bigint,
    freight_fen bigint,
    requested_fen bigint,
    -- before it came here
    mailed_on date,
    enterprise_outcome text,
    enterprise_complained_on date,
    other_procedure text NOT NULL,
    -- time: the statutory deadline never moves; `next_due_at` is the nearest of all running deadlines (case_deadline)
    received_at timestamptz NOT NULL,
    total_due_at timestamptz NOT NULL,
    next_due_at timestamptz,
    deadline_version text NOT NULL,
    -- routing
    handling_bureau text,
    supervising_bureau text,
    province text DEFAULT '000000' NOT NULL,
    triage boolean DEFAULT false NOT NULL,
    copied_to text[] DEFAULT '{}' NOT NULL,
    routed_at timestamptz,
    accepted_at timestamptz,
    -- handling
    bounces smallint DEFAULT 0 NOT NULL,
    claimed_by text,
    claimed_at timestamptz,
    contacted_at timestamptz,
    outlet text,
    confidential boolean DEFAULT false NOT NULL,
    hotline_orders smallint DEFAULT 0 NOT NULL,
    forwarded_at timestamptz,
    acknowledged_at timestamptz,
    replied_at timestamptz,
    reply_seq smallint DEFAULT 0 NOT NULL,
    redone smallint DEFAULT 0 NOT NULL,
    escalated_at timestamptz,
    overdue_total boolean DEFAULT false NOT NULL,
    suspected_violation boolean DEFAULT false NOT NULL,
    -- another case that this one was merged into, and where it stood then
    merged_into_bucket smallint,
    merged_into uuid,
    merged_from text,
    refused_at timestamptz,
    refusal_ground text,
    -- the end; an imported case arrives with it
    closed_at timestamptz,
    close_reason text,
    responsibility text,
    responsible_unit text,
    failing_link text,
    overturned boolean DEFAULT false NOT NULL,
    satisfied_administration boolean,
    satisfied_enterprise boolean,
    reply_overdue boolean DEFAULT false NOT NULL,
    reply_untruthful boolean DEFAULT false NOT NULL,
    recovered_fen bigint DEFAULT 0 NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_complaint PRIMARY KEY (bucket, id),
    CONSTRAINT uq_complaint_number_bucket UNIQUE (number, bucket),
    CONSTRAINT ck_complaint_kind CHECK (kind IN ('CONSUMER_COMPLAINT')),
    CONSTRAINT ck_complaint_scope CHECK (scope IN ('live', 'import')),
    CONSTRAINT ck_complaint_channel CHECK (channel IN (
        'PHONE_12305', 'WEB', 'WECHAT', 'LETTER', 'FAX', 'CARRIER_FEED', 'HOTLINE_12345', 'UPPER_BUREAU'
    )),
    CONSTRAINT ck_complaint_status CHECK (status IN (
        'RECEIVED', 'AWAITING_SUPPLEMENT', 'REFUSED', 'MERGED', 'ACCEPTED', 'FORWARDED', 'REPLIED',
        'REWORK', 'MEDIATING', 'MEDIATION_PROPOSED', 'CLOSED', 'WITHDRAWN', 'TRANSFERRED'
    )),
    CONSTRAINT ck_complaint_level CHECK (level IN ('L0', 'L1', 'L2', 'L3')),
    CONSTRAINT ck_complaint_business CHECK (business IN ('POSTAL', 'EXPRESS')),
    CONSTRAINT ck_complaint_business_type CHECK (business_type IN (
        'LETTER', 'PARCEL', 'REMITTANCE', 'PERIODICAL', 'PHILATELY', 'OTHER', 'EXPRESS'
    )),
    CONSTRAINT ck_complaint_role CHECK (role IN ('SENDER', 'ADDRESSEE', 'OTHER_USER', 'AGENT')),
    CONSTRAINT ck_complaint_responsibility CHECK (responsibility IN (
        'ENTERPRISE', 'NONE', 'USER', 'FORCE_MAJEURE', 'UNDETERMINED'
    )),
    CONSTRAINT ck_complaint_failing_link CHECK (failing_link IN (
        'COLLECT', 'SORT', 'LINEHAUL', 'DELIVERY', 'CUSTOMER_SERVICE', 'STATION_LOCKER'
    )),
    CONSTRAINT ck_complaint_refusal_ground CHECK (refusal_ground IN (
        'OUT_OF_SCOPE', 'NOT_INTERESTED_PARTY', 'AGENT_NOT_AUTHORISED', 'NO_CLEAR_RESPONDENT',
        'MISSING_ELEMENTS', 'NOT_COMPLAINED_TO_ENTERPRISE', 'ENTERPRISE_WINDOW_OPEN', 'DUPLICATE',
        'IN_OTHER_PROCEDURE', 'TIME_BARRED', 'FALSE_INFORMATION'
    )),
    CONSTRAINT ck_complaint_merged_from CHECK (merged_from IN (
        'RECEIVED', 'AWAITING_SUPPLEMENT', 'ACCEPTED', 'FORWARDED', 'REPLIED', 'REWORK', 'MEDIATING',
        'MEDIATION_PROPOSED'
    )),
    CONSTRAINT ck_complaint_bucket CHECK (bucket BETWEEN 0 AND 63),
    CONSTRAINT ck_complaint_money
        CHECK (requested_fen >= 0 AND declared_value_fen >= 0 AND freight_fen >= 0),
    CONSTRAINT ck_complaint_recovered CHECK (recovered_fen >= 0),
    CONSTRAINT ck_complaint_closed CHECK ((status = 'CLOSED') = (closed_at IS NOT NULL)),
    CONSTRAINT ck_complaint_refused CHECK ((status = 'REFUSED') = (refused_at IS NOT NULL)),
    CONSTRAINT ck_complaint_merged CHECK ((status = 'MERGED') = (merged_into IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX ix_complaint_received_at ON complaint (received_at);
CREATE INDEX ix_complaint_carrier_listing ON complaint (carrier_code, received_at, id);
CREATE INDEX ix_complaint_desk ON complaint (handling_bureau, next_due_at, id)
    WHERE handling_bureau IS NOT NULL AND status IN (
        'RECEIVED', 'AWAITING_SUPPLEMENT', 'ACCEPTED', 'FORWARDED', 'REPLIED', 'REWORK', 'MEDIATING',
        'MEDIATION_PROPOSED'
    );
CREATE INDEX ix_complaint_supervised ON complaint (supervising_bureau, next_due_at, id)
    WHERE supervising_bureau IS NOT NULL AND status IN (
        'RECEIVED', 'AWAITING_SUPPLEMENT', 'ACCEPTED', 'FORWARDED', 'REPLIED', 'REWORK', 'MEDIATING',
        'MEDIATION_PROPOSED'
    );
CREATE INDEX ix_complaint_claimed ON complaint (claimed_by, next_due_at, id)
    WHERE claimed_by IS NOT NULL AND status IN (
        'RECEIVED', 'AWAITING_SUPPLEMENT', 'ACCEPTED', 'FORWARDED', 'REPLIED', 'REWORK', 'MEDIATING',
        'MEDIATION_PROPOSED'
    );
CREATE INDEX ix_complaint_copied ON complaint (next_due_at, id)
    WHERE copied_to <> '{}' AND status IN (
        'RECEIVED', 'AWAITING_SUPPLEMENT', 'ACCEPTED', 'FORWARDED', 'REPLIED', 'REWORK', 'MEDIATING',
        'MEDIATION_PROPOSED'
    );
CREATE INDEX ix_complaint_open ON complaint (status, received_at, id)
    WHERE status IN (
        'RECEIVED', 'AWAITING_SUPPLEMENT', 'ACCEPTED', 'FORWARDED', 'REPLIED', 'REWORK', 'MEDIATING',
        'MEDIATION_PROPOSED'
    );
CREATE INDEX ix_complaint_unanswered ON complaint (status, received_at, id)
    WHERE status IN ('REFUSED', 'MERGED', 'WITHDRAWN', 'TRANSFERRED');
CREATE INDEX ix_complaint_merged_into ON complaint (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX ix_complaint_accepted_at ON complaint (accepted_at) WHERE accepted_at IS NOT NULL;
CREATE INDEX ix_complaint_closed_at ON complaint (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX ix_complaint_bureau_listing ON complaint (handling_bureau, received_at, id)
    WHERE handling_bureau IS NOT NULL;
CREATE INDEX ix_complaint_triage ON complaint (received_at, id) WHERE triage;
CREATE INDEX ix_complaint_external_ref ON complaint (external_ref) WHERE external_ref IS NOT NULL;
CREATE INDEX ix_complaint_network_stoppage ON complaint (carrier_code, received_at)
    WHERE urgency @> '{NETWORK_STOPPAGE}';
CREATE INDEX ix_complaint_client_listing ON complaint (client_id, received_at, id);

CREATE TABLE complaint_party (
    bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    sealed bytea NOT NULL,
    phone_index bytea,
    identity_index bytea,
    waybill_index bytea,
    CONSTRAINT pk_complaint_party PRIMARY KEY (bucket, complaint_id),
    CONSTRAINT fk_complaint_party_bucket_complaint_id_complaint
        FOREIGN KEY (bucket, complaint_id) REFERENCES complaint (bucket, id)
);
CREATE INDEX ix_complaint_party_phone ON complaint_party (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX ix_complaint_party_identity ON complaint_party (identity_index)
    WHERE identity_index IS NOT NULL;
CREATE INDEX ix_complaint_party_waybill ON complaint_party (waybill_index) WHERE waybill_index IS NOT NULL;

CREATE TABLE case_event (
    bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    seq integer NOT NULL,
    kind text NOT NULL,
    actor text NOT NULL,
    by text,
    -- json, not jsonb: written once, read whole, and it keeps the order in which the decision was taken
    data json NOT NULL,
    -- words that somebody wrote: sealed, for they may name persons
    sealed bytea,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_case_event PRIMARY KEY (bucket, complaint_id, seq),
    CONSTRAINT ck_case_event_kind CHECK (kind IN (
        'RECEIVED', 'IMPORTED', 'ROUTED', 'WAITS_FOR_OFFICER', 'REASSIGNED', 'CLAIMED', 'RELEASED',
        'CONDITIONS_REEVALUATED', 'ACCEPTED', 'REFUSED', 'SUPPLEMENT_REQUESTED', 'SUPPLEMENTED', 'FORWARDED',
        'ACKNOWLEDGED', 'FOLLOW_UP', 'REPLIED', 'REPLY_INCOMPLETE', 'REWORK', 'VISITED', 'MEDIATING',
        'MEDIATION_PROPOSED', 'OPINION_ANSWERED', 'CLOSED', 'WITHDRAWN', 'TRANSFERRED', 'REOPENED',
        'FINDING_CHANGED', 'FAILING_LINK_SET', 'DUPLICATE_PROPOSED', 'DUPLICATE_DISMISSED', 'MERGED',
        'TOOK_OVER', 'UNMERGED', 'GAVE_BACK', 'DEADLINE_REMINDER', 'DEADLINE_PAUSED', 'DEADLINE_RESUMED',
        'DWELLS_TOO_LONG', 'NO_DEADLINE_RUNS', 'LEVEL_RAISED', 'LEVEL_LOWERED', 'NOTE', 'REMEDY',
        'REMEDY_REVERSED', 'EVIDENCE_ADDED', 'EVIDENCE_SHARED', 'ORDER_SIGNED', 'ORDER_RETURNED',
        'ORDER_WITHDRAWN', 'ORDER_FINISHED', 'EXTENSION_REQUESTED', 'EXTENSION_DECIDED', 'INTERIM_ANSWER',
        'URGED', 'SUPERVISED', 'REDO_REFUSED'
    )),
    CONSTRAINT fk_case_event_bucket_complaint_id_complaint
        FOREIGN KEY (bucket, complaint_id) REFERENCES complaint (bucket, id)
) WITH (toast_tuple_target = 4080);

CREATE TABLE request_key (
    bucket smallint NOT NULL,
    client_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    complaint_bucket smallint NOT NULL,
    complaint_id uuid NOT NULL,
    receipt bytea NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_request_key PRIMARY KEY (bucket, client_id, key)
);

-- the waybills of cases that are being stored: of two filings of one waybill at this moment, one waits here for the other.
-- Only what is in flight needs it: it outlives no crash, and goes after a minute
CREATE UNLOGGED TABLE waybill_guard (
    bucket smallint NOT NULL,
    waybill_index bytea NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_waybill_guard PRIMARY KEY (bucket, waybill_index)
);

-- public numbers: a serial for each bucket
DO $$
BEGIN
    FOR bucket IN 0..63 LOOP
        EXECUTE format('CREATE SEQUENCE complaint_serial_%s MINVALUE 0 MAXVALUE 999999 CYCLE', bucket);
    END LOOP;
END
$$;
