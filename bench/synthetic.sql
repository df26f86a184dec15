INSERT INTO complaint (
    bucket, id, number, client_id, scope, channel, status, level, version, business, business_type, carrier_code,
    issue_code, taxonomy_version, role, agent_authorised, elements_complete, goods, urgency, delivery_region,
    other_procedure, received_at, accept_due_at, total_due_at, due_provisional, deadline_version, calendar_version,
    handling_bureau, supervising_bureau, province, routed_at, accepted_at, closed_at, close_reason, responsibility,
    satisfied_administration, satisfied_enterprise, reply_overdue, reply_untruthful, recovered_fen
)
SELECT
    n % 64, uuidv7(), 'S' || lpad(n::text, 16, '0'), $3, 'live', (ARRAY['PHONE_12305', 'WEB', 'WECHAT'])[1 + n % 3],
    CASE WHEN open THEN 'ACCEPTED' ELSE 'CLOSED' END, 'L' || (n % 97 = 0)::int, 3, business,
    CASE business WHEN 'EXPRESS' THEN 'EXPRESS' ELSE 'PARCEL' END,
    CASE business WHEN 'EXPRESS' THEN (ARRAY['ZTO', 'YTO', 'YD', 'STO', 'SF', 'JTSD', 'JD', 'EMS', 'ZTO', 'YD'])[1 + trunc(random() * 10)::int]
        ELSE 'CHINAPOST' END,
    (ARRAY['DELIVERY_SERVICE', 'DELAY', 'LOSS_SHORTAGE', 'DAMAGE', 'ACCEPTANCE_SERVICE', 'OTHER'])[1 + trunc(random() * 6)::int],
    1, 'ADDRESSEE', false, true, 'ORDINARY', '{}', bureau.region, 'NONE', at, at + interval '5 days',
    at + interval '30 days', false, '1', '1', bureau.code, bureau.parent, left(bureau.region, 2) || '0000', at, at,
    CASE WHEN NOT open THEN at + interval '12 days' END, CASE WHEN NOT open THEN 'SETTLED' END,
    CASE WHEN NOT open THEN CASE WHEN random() < 0.2 THEN 'ENTERPRISE' ELSE 'NONE' END END,
    random() < 0.98, random() < 0.97, random() < 0.001, random() < 0.001, trunc(random() * 20000)::bigint
FROM (
    SELECT n, at, at > now() - interval '12 days' AS open, CASE WHEN n % 20 = 0 THEN 'POSTAL' ELSE 'EXPRESS' END AS business,
        1 + trunc(random() * (SELECT count(*) FROM bureau WHERE level = 'CITY'))::int AS place
    FROM (SELECT n, now() - interval '3650 days' * (1 - n::float8 / $2::int) - interval '1 hour' AS at FROM generate_series($1::int + 1, $2::int) AS n) moments
) made
JOIN (SELECT row_number() OVER (ORDER BY code) AS place, code, region, parent FROM bureau WHERE level = 'CITY') bureau USING (place)
