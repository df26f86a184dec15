-- Facts that the analytics answer from.

CREATE TABLE daily_fact (
    day date NOT NULL,
    province text NOT NULL,
    business text NOT NULL,
    channel text NOT NULL,
    level text NOT NULL,
    received bigint NOT NULL,
    accepted bigint NOT NULL,
    closed bigint NOT NULL,
    valid bigint NOT NULL,
    satisfied_administration bigint NOT NULL,
    satisfied_enterprise bigint NOT NULL,
    reply_overdue bigint NOT NULL,
    reply_untruthful bigint NOT NULL,
    recovered_fen bigint NOT NULL,
    CONSTRAINT pk_daily_fact PRIMARY KEY (day, province, business, channel, level)
);

CREATE TABLE monthly_fact (
    month date NOT NULL,
    business text NOT NULL,
    business_type text NOT NULL,
    carrier_code text NOT NULL,
    issue_code text NOT NULL,
    issue_detail_code text NOT NULL,
    province text NOT NULL,
    received bigint NOT NULL,
    accepted bigint NOT NULL,
    closed bigint NOT NULL,
    valid bigint NOT NULL,
    satisfied_administration bigint NOT NULL,
    satisfied_enterprise bigint NOT NULL,
    reply_overdue bigint NOT NULL,
    reply_untruthful bigint NOT NULL,
    recovered_fen bigint NOT NULL,
    CONSTRAINT pk_monthly_fact
        PRIMARY KEY (month, business, business_type, carrier_code, issue_code, issue_detail_code, province)
);
CREATE INDEX ix_monthly_fact_quality ON monthly_fact (month) WHERE reply_overdue > 0 OR reply_untruthful > 0;

CREATE TABLE channel_fact (
    month date NOT NULL,
    business text NOT NULL,
    channel text NOT NULL,
    level text NOT NULL,
    province text NOT NULL,
    received bigint NOT NULL,
    accepted bigint NOT NULL,
    closed bigint NOT NULL,
    valid bigint NOT NULL,
    satisfied_administration bigint NOT NULL,
    satisfied_enterprise bigint NOT NULL,
    reply_overdue bigint NOT NULL,
    reply_untruthful bigint NOT NULL,
    recovered_fen bigint NOT NULL,
    CONSTRAINT pk_channel_fact PRIMARY KEY (month, business, channel, level, province)
);

CREATE TABLE circular_fact (
    month date NOT NULL,
    business text NOT NULL,
    business_type text NOT NULL,
    carrier_code text NOT NULL,
    issue_code text NOT NULL,
    received bigint NOT NULL,
    accepted bigint NOT NULL,
    closed bigint NOT NULL,
    valid bigint NOT NULL,
    satisfied_administration bigint NOT NULL,
    satisfied_enterprise bigint NOT NULL,
    reply_overdue bigint NOT NULL,
    reply_untruthful bigint NOT NULL,
    recovered_fen bigint NOT NULL,
    CONSTRAINT pk_circular_fact PRIMARY KEY (month, business, business_type, carrier_code, issue_code)
);

CREATE TABLE figures_state (
    name text NOT NULL,
    version integer NOT NULL,
    as_of timestamptz NOT NULL,
    CONSTRAINT pk_figures_state PRIMARY KEY (name)
);
