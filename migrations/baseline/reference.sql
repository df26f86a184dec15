-- Tables of reference data: facts and policies that change without a release, loaded whole by operators.

CREATE TABLE region (
    code text NOT NULL,
    name text NOT NULL,
    level text NOT NULL,
    parent text,
    province text NOT NULL,
    city text,
    status text NOT NULL,
    valid_from smallint,
    valid_to smallint,
    CONSTRAINT pk_region PRIMARY KEY (code),
    CONSTRAINT ck_region_level CHECK (level IN ('PROVINCE', 'CITY', 'COUNTY')),
    CONSTRAINT ck_region_status CHECK (status IN ('in_force', 'abolished')),
    CONSTRAINT ck_region_code CHECK (code ~ '^[0-9]{6}$')
);

CREATE TABLE region_succession (
    old_code text NOT NULL,
    new_code text NOT NULL,
    CONSTRAINT pk_region_succession PRIMARY KEY (old_code, new_code),
    CONSTRAINT ck_region_succession_moves CHECK (old_code <> new_code)
);

CREATE TABLE region_alias (
    name text NOT NULL,
    code text NOT NULL,
    kind text NOT NULL,
    CONSTRAINT pk_region_alias PRIMARY KEY (name, code),
    CONSTRAINT ck_region_alias_kind CHECK (kind IN ('old', 'short'))
);

CREATE TABLE bureau (
    code text NOT NULL,
    name text NOT NULL,
    level text NOT NULL,
    region text NOT NULL,
    parent text,
    city_handles boolean NOT NULL,
    auto_admit boolean NOT NULL,
    contact text NOT NULL,
    working_hours text NOT NULL,
    retired boolean DEFAULT false NOT NULL,
    CONSTRAINT pk_bureau PRIMARY KEY (code),
    CONSTRAINT ck_bureau_level CHECK (level IN ('NATIONAL', 'PROVINCE', 'CITY'))
);
CREATE UNIQUE INDEX uq_bureau_region_in_force ON bureau (region) WHERE NOT retired;

CREATE TABLE carrier (
    code text NOT NULL,
    kuaidi100_code text,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    brand text NOT NULL,
    operator text NOT NULL,
    business text NOT NULL,
    in_scope boolean NOT NULL,
    retired boolean DEFAULT false NOT NULL,
    CONSTRAINT pk_carrier PRIMARY KEY (code),
    CONSTRAINT ck_carrier_business CHECK (business IN ('POSTAL', 'EXPRESS', 'BOTH'))
);

CREATE TABLE waybill_pattern (
    carrier_code text NOT NULL,
    pattern text NOT NULL,
    CONSTRAINT pk_waybill_pattern PRIMARY KEY (carrier_code, pattern)
);

CREATE TABLE issue (
    code text NOT NULL,
    parent text,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    postal boolean NOT NULL,
    express boolean NOT NULL,
    taxonomy_version smallint NOT NULL,
    confidence text NOT NULL,
    retired boolean DEFAULT false NOT NULL,
    CONSTRAINT pk_issue PRIMARY KEY (code),
    CONSTRAINT ck_issue_confidence CHECK (confidence IN ('V1', 'V2', 'V3', 'M', 'P'))
);

CREATE TABLE code_entry (
    kind text NOT NULL,
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    version text NOT NULL,
    retired boolean DEFAULT false NOT NULL,
    CONSTRAINT pk_code_entry PRIMARY KEY (kind, code),
    CONSTRAINT ck_code_entry_kind CHECK (kind IN (
        'refusal_ground', 'close_reason', 'level', 'responsibility', 'channel', 'goods', 'urgency',
        'status', 'deadline', 'rework_ground', 'pause_basis', 'failing_link'
    ))
);

CREATE TABLE deadline_rule (
    version text NOT NULL,
    key text NOT NULL,
    amount integer NOT NULL,
    unit text NOT NULL,
    source text NOT NULL,
    confidence text NOT NULL,
    -- a region with an amount of its own; empty: all others
    region text DEFAULT '' NOT NULL,
    CONSTRAINT pk_deadline_rule PRIMARY KEY (version, key, region),
    CONSTRAINT ck_deadline_rule_unit CHECK (unit IN ('day', 'workday', 'hour', 'office_hour', 'year')),
    CONSTRAINT ck_deadline_rule_confidence CHECK (confidence IN ('V1', 'V2', 'V3', 'M', 'P')),
    CONSTRAINT ck_deadline_rule_amount CHECK (amount > 0)
);

CREATE TABLE hotline_deadline (
    region text NOT NULL,
    kind text NOT NULL,
    amount integer NOT NULL,
    unit text NOT NULL,
    source text NOT NULL,
    confidence text NOT NULL,
    CONSTRAINT pk_hotline_deadline PRIMARY KEY (region, kind),
    CONSTRAINT ck_hotline_deadline_kind CHECK (kind IN (
        'SIGN', 'CONSULT', 'HELP', 'SUGGEST', 'COMPLAIN', 'REPORT'
    )),
    CONSTRAINT ck_hotline_deadline_unit CHECK (unit IN ('day', 'workday', 'hour', 'office_hour', 'year')),
    CONSTRAINT ck_hotline_deadline_confidence CHECK (confidence IN ('V1', 'V2', 'V3', 'M', 'P')),
    CONSTRAINT ck_hotline_deadline_amount CHECK (amount > 0)
);

CREATE TABLE policy (
    name text NOT NULL,
    version text NOT NULL,
    value jsonb NOT NULL,
    CONSTRAINT pk_policy PRIMARY KEY (name),
    CONSTRAINT ck_policy_name CHECK (name IN (
        'routing', 'levels', 'admission', 'deadlines', 'escalation', 'watchdog', 'surges', 'duplicates',
        'failing_link'
    ))
);

CREATE TABLE workday (
    day date NOT NULL,
    is_workday boolean NOT NULL,
    source text NOT NULL,
    CONSTRAINT pk_workday PRIMARY KEY (day)
);

CREATE TABLE reference_state (
    name text NOT NULL,
    version integer NOT NULL,
    digest text NOT NULL,
    calendar_version text NOT NULL,
    loaded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_reference_state PRIMARY KEY (name)
);
