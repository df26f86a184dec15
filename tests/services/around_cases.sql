INSERT INTO complaint_party (bucket, complaint_id, sealed, phone_index, waybill_index)
SELECT bucket, id, '', sha256(('p' || number)::bytea), sha256(number::bytea) FROM complaint WHERE client_id = :client;
INSERT INTO case_event (bucket, complaint_id, seq, kind, actor, data)
SELECT bucket, id, n, 'NOTE', 'OFFICER', '{}' FROM complaint, generate_series(1, 3) n WHERE client_id = :client;
INSERT INTO case_deadline (
    bucket, complaint_id, key, round, rule, amount, unit, deadline_version, calendar_version, provisional, started_at, due_at,
    stopped_at, outcome
)
SELECT bucket, id, 'first_contact', 1, 'first_contact', 5, 'day', '1', '1', false, received_at, received_at, received_at, 'MET'
FROM complaint WHERE client_id = :client;
INSERT INTO escalation (bucket, complaint_id, key, round, step, at, level_before, level_after, notified_bureaus)
SELECT bucket, id, 'total', 1, 'OVERDUE', received_at, 'L0', 'L0', '{}' FROM complaint WHERE client_id = :client;
INSERT INTO request_key (bucket, client_id, key, fingerprint, complaint_bucket, complaint_id, receipt)
SELECT bucket, client_id, number, '', bucket, id, '' FROM complaint WHERE client_id = :client;
INSERT INTO feed_entry (bucket, complaint_id, audience, seq, type, data)
SELECT bucket, id, 'carrier:ZTO', 4, 'case.forwarded', '{}' FROM complaint WHERE client_id = :client;
INSERT INTO delivery (bucket, endpoint_id, complaint_id, audience, seq, state)
SELECT f.bucket, e.id, f.complaint_id, f.audience, f.seq,
    CASE WHEN c.received_at > now() - interval '10 days' THEN 'PENDING' ELSE 'DELIVERED' END
FROM feed_entry f JOIN endpoint e USING (audience) JOIN complaint c ON c.bucket = f.bucket AND c.id = f.complaint_id
WHERE c.client_id = :client;
