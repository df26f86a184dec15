-- Takes the whole schema away, with all that it holds. The roles stay, for they belong to the whole server.

DROP TABLE
    delivery, feed_entry, endpoint, hotline_order, surge_member, surge, signing_key, signature_nonce,
    case_deadline, escalation, officer, reply, visit, remedy_entry, finding_review, duplicate_candidate, evidence,
    trace, trace_event,
    daily_fact, monthly_fact, channel_fact, circular_fact, figures_state,
    region, region_succession, region_alias, bureau, carrier, waybill_pattern, issue, code_entry, deadline_rule,
    hotline_deadline, policy, workday, reference_state,
    import_file, import_part,
    api_key, client, data_key, audit_entry,
    task, dirty_day,
    complaint_party, case_event, request_key, waybill_guard, complaint;

DO $$
BEGIN
    FOR bucket IN 0..63 LOOP
        EXECUTE format('DROP SEQUENCE complaint_serial_%s', bucket);
    END LOOP;
END
$$;
REVOKE USAGE ON SCHEMA public FROM shensu_intake, shensu_worker, shensu_analytics;
