-- One role a process, with the least that it needs. Nobody can log in with one: a process takes its role after the login.

-- roles belong to the whole server: another database of it may have made them already
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['shensu_intake', 'shensu_worker', 'shensu_analytics'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        EXCEPTION WHEN duplicate_object THEN
            NULL;
        END;
    END LOOP;
END
$$;
GRANT shensu_intake, shensu_worker, shensu_analytics TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO shensu_intake, shensu_worker, shensu_analytics;

-- all processes read reference data
GRANT SELECT ON
    region, region_succession, region_alias, bureau, carrier, waybill_pattern, issue, code_entry, deadline_rule,
    hotline_deadline, policy, workday, reference_state
    TO shensu_intake, shensu_worker, shensu_analytics;

-- intake: takes cases in, and does what clients, carriers, hotlines and officers ask for
GRANT SELECT, INSERT, UPDATE ON
    complaint, complaint_party, case_deadline, reply, trace, delivery, hotline_order, import_file
    TO shensu_intake;
GRANT SELECT, INSERT ON
    case_event, task, import_part, visit, remedy_entry, finding_review, evidence, trace_event, feed_entry
    TO shensu_intake;
-- of a file nothing is ever changed but whether the enterprise may see it
GRANT UPDATE (shared) ON evidence TO shensu_intake;
GRANT SELECT, INSERT, DELETE ON request_key, signature_nonce, waybill_guard TO shensu_intake;
GRANT SELECT, UPDATE ON duplicate_candidate TO shensu_intake;
GRANT INSERT ON dirty_day, audit_entry TO shensu_intake;
GRANT SELECT ON
    client, api_key, data_key, officer, escalation, surge, surge_member, signing_key, endpoint
    TO shensu_intake;
DO $$
BEGIN
    FOR bucket IN 0..63 LOOP
        EXECUTE format('GRANT USAGE ON SEQUENCE complaint_serial_%s TO shensu_intake', bucket);
    END LOOP;
END
$$;

-- worker: routes, sweeps, delivers and counts
GRANT SELECT, INSERT, UPDATE, DELETE ON
    task, daily_fact, monthly_fact, channel_fact, circular_fact, figures_state
    TO shensu_worker;
GRANT SELECT, INSERT, UPDATE ON case_deadline, delivery, surge, duplicate_candidate TO shensu_worker;
GRANT SELECT, INSERT, DELETE ON dirty_day TO shensu_worker;
GRANT SELECT, INSERT ON escalation, feed_entry, surge_member TO shensu_worker;
GRANT SELECT, UPDATE ON complaint, endpoint, hotline_order TO shensu_worker;
GRANT SELECT ON trace, data_key TO shensu_worker;
GRANT INSERT ON case_event, audit_entry TO shensu_worker;
GRANT DELETE ON signature_nonce TO shensu_worker;
-- it compares persons and items by their keyed indexes, and reads what happened, but no word that somebody wrote
GRANT SELECT (bucket, complaint_id, phone_index, identity_index, waybill_index) ON complaint_party TO shensu_worker;
GRANT SELECT (bucket, complaint_id, seq, kind, actor, by, data, at) ON case_event TO shensu_worker;
GRANT SELECT (expires_at) ON signature_nonce TO shensu_worker;

-- analytics: answers from the facts, and cannot read a case or a person
GRANT SELECT ON
    daily_fact, monthly_fact, channel_fact, circular_fact, figures_state, client, api_key
    TO shensu_analytics;
