-- every live open case has a bureau, or a live task to find one
SELECT c.number FROM complaint c
WHERE c.status IN ('RECEIVED', 'AWAITING_SUPPLEMENT', 'ACCEPTED', 'FORWARDED', 'REPLIED', 'REWORK', 'MEDIATING', 'MEDIATION_PROPOSED')
    AND c.scope = 'live' AND c.handling_bureau IS NULL AND NOT EXISTS (
        SELECT FROM task t WHERE t.bucket = c.bucket AND t.subject_id = c.id AND t.kind = 'route' AND t.state <> 'dead')

-- every overdue deadline of an open case has its escalation
SELECT c.number FROM case_deadline k JOIN complaint c ON c.bucket = k.bucket AND c.id = k.complaint_id
WHERE k.stopped_at IS NULL AND k.paused_at IS NULL AND k.due_at < statement_timestamp() - CAST(:grace AS interval)
    AND NOT EXISTS (
        SELECT FROM escalation e WHERE e.bucket = k.bucket AND e.complaint_id = k.complaint_id
            AND e.key = k.key AND e.round = k.round AND e.step IN ('OVERDUE', 'LONG_OVERDUE'))

-- every reported step of a deadline stands in exactly one event
WITH named AS (
    SELECT e.bucket, e.complaint_id, step.named ->> 'deadline' AS key, (step.named ->> 'round')::integer AS round,
        step.named ->> 'step' AS step, count(*) AS times
    FROM case_event e CROSS JOIN LATERAL (
        SELECT e.data AS named UNION ALL SELECT json_array_elements(e.data -> 'also')) step
    WHERE e.kind = 'DEADLINE_REMINDER' GROUP BY 1, 2, 3, 4, 5
), written AS (
    SELECT bucket, complaint_id, key, round, step, true AS is_written FROM escalation WHERE key NOT IN ('dwell', 'no_deadline')
), compared AS (
    SELECT bucket, complaint_id, times, is_written
    FROM named FULL JOIN written USING (bucket, complaint_id, key, round, step)
)
SELECT c.number FROM compared o JOIN complaint c ON c.bucket = o.bucket AND c.id = o.complaint_id
WHERE o.times IS DISTINCT FROM 1 OR o.is_written IS NOT TRUE

-- every running deadline has a next check until its last step is reported
SELECT c.number FROM case_deadline k JOIN complaint c ON c.bucket = k.bucket AND c.id = k.complaint_id
WHERE k.stopped_at IS NULL AND k.paused_at IS NULL AND k.next_check_at IS NULL AND k.last_step < 5

-- every live open case has a running deadline
SELECT c.number FROM complaint c
WHERE c.status IN ('RECEIVED', 'AWAITING_SUPPLEMENT', 'ACCEPTED', 'FORWARDED', 'REPLIED', 'REWORK', 'MEDIATING', 'MEDIATION_PROPOSED')
    AND c.scope = 'live' AND NOT EXISTS (
        SELECT FROM case_deadline k WHERE k.bucket = c.bucket AND k.complaint_id = c.id
            AND k.stopped_at IS NULL AND k.paused_at IS NULL)

-- no deadline runs for a case that has ended
SELECT c.number FROM complaint c
WHERE c.status IN ('REFUSED', 'MERGED', 'CLOSED', 'WITHDRAWN', 'TRANSFERRED') AND EXISTS (
    SELECT FROM case_deadline k WHERE k.bucket = c.bucket AND k.complaint_id = c.id AND k.stopped_at IS NULL)

-- the next due moment of a case is that of its nearest running deadline
SELECT c.number FROM complaint c WHERE c.next_due_at IS DISTINCT FROM (
    SELECT min(k.due_at) FROM case_deadline k
    WHERE k.bucket = c.bucket AND k.complaint_id = c.id AND k.stopped_at IS NULL)

-- the version of a case is the number of its events
SELECT c.number FROM complaint c LEFT JOIN (
    SELECT bucket, complaint_id, count(*) AS events, max(seq) AS latest FROM case_event GROUP BY 1, 2
) e ON e.bucket = c.bucket AND e.complaint_id = c.id
WHERE c.version IS DISTINCT FROM e.events OR c.version IS DISTINCT FROM e.latest

-- the status of a case is that to which its events led
WITH moved AS (
    SELECT bucket, complaint_id, seq, kind, CASE
        WHEN kind = 'IMPORTED' THEN 'CLOSED'
        WHEN kind = 'SUPPLEMENT_REQUESTED' THEN 'AWAITING_SUPPLEMENT'
        WHEN kind = 'SUPPLEMENTED' THEN 'RECEIVED'
        WHEN kind = 'UNMERGED' THEN data ->> 'to_status'
        WHEN kind = 'REOPENED' THEN data ->> 'to'
        WHEN kind IN ('RECEIVED', 'ACCEPTED', 'REFUSED', 'FORWARDED', 'REPLIED', 'REWORK', 'MEDIATING', 'MEDIATION_PROPOSED',
            'CLOSED', 'WITHDRAWN', 'TRANSFERRED', 'MERGED') THEN kind
    END AS status
    FROM case_event
), moves AS (
    SELECT *, lag(kind) OVER (PARTITION BY bucket, complaint_id ORDER BY seq) AS before FROM moved WHERE status IS NOT NULL
), latest AS (
    -- a supplement leads on only where it was asked for
    SELECT DISTINCT ON (bucket, complaint_id) bucket, complaint_id, status FROM moves
    WHERE kind <> 'SUPPLEMENTED' OR before = 'SUPPLEMENT_REQUESTED' ORDER BY bucket, complaint_id, seq DESC
)
SELECT c.number FROM complaint c LEFT JOIN latest l ON l.bucket = c.bucket AND l.complaint_id = c.id
WHERE c.status IS DISTINCT FROM l.status

-- every merge leads to a case that is not merged
WITH RECURSIVE way AS (
    SELECT number, merged_into_bucket AS bucket, merged_into AS id, 1 AS steps FROM complaint WHERE status = 'MERGED'
    UNION ALL
    SELECT w.number, c.merged_into_bucket, c.merged_into, w.steps + 1
    FROM way w JOIN complaint c ON c.bucket = w.bucket AND c.id = w.id
    WHERE c.status = 'MERGED' AND w.steps <= 8
)
SELECT DISTINCT w.number FROM way w LEFT JOIN complaint c ON c.bucket = w.bucket AND c.id = w.id
WHERE c.id IS NULL OR w.steps > 8

-- every delivery has its message
SELECT d.id::text AS number FROM delivery d WHERE NOT EXISTS (
    SELECT FROM feed_entry f WHERE f.bucket = d.bucket AND f.complaint_id = d.complaint_id
        AND f.audience = d.audience AND f.seq = d.seq)
