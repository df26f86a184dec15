INSERT INTO case_deadline (
    bucket, complaint_id, key, round, rule, amount, unit, deadline_version, calendar_version, provisional, started_at, due_at, next_check_at
)
SELECT c.bucket, c.id, running.key, 1, running.key, 10, 'day', '1', '1', false, c.received_at, running.due_at, running.due_at
FROM complaint c
CROSS JOIN LATERAL (VALUES
    ('total', c.total_due_at),
    (CASE c.status WHEN 'RECEIVED' THEN 'acceptance' WHEN 'AWAITING_SUPPLEMENT' THEN 'supplement' WHEN 'ACCEPTED' THEN 'forward'
        WHEN 'FORWARDED' THEN 'enterprise_reply' WHEN 'REPLIED' THEN 'return_visit' WHEN 'REWORK' THEN 'rework_reply'
        WHEN 'MEDIATING' THEN 'mediation' ELSE 'mediation_answer' END, c.next_due_at)
) AS running (key, due_at)
WHERE c.next_due_at IS NOT NULL
