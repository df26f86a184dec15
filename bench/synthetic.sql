INSERT INTO complaint (
    bucket, id, number, client_id, external_ref, scope, channel, status, level, version, status_since, business, business_type,
    carrier_code, issue_code, taxonomy_version, role, agent_authorised, elements_complete, goods, urgency, delivery_region,
    other_procedure, received_at, total_due_at, next_due_at, deadline_version, handling_bureau, supervising_bureau, province,
    copied_to, triage, routed_at, accepted_at, claimed_by, claimed_at, forwarded_at, replied_at, reply_seq, merged_into_bucket,
    merged_into, merged_from, refused_at, refusal_ground, closed_at, close_reason, responsibility, satisfied_administration,
    satisfied_enterprise, reply_overdue, reply_untruthful, recovered_fen
)
SELECT
    n % 64, uuidv7(), 'S' || lpad(n::text, 16, '0'), $3::uuid, CASE WHEN n % 3 = 0 THEN 'ref-' || n END, 'live',
    CASE WHEN n % 200 = 0 THEN 'LETTER' ELSE (ARRAY['PHONE_12305', 'WEB', 'WECHAT', 'HOTLINE_12345'])[1 + n % 4] END,
    status, level, 6, at, business, CASE business WHEN 'EXPRESS' THEN 'EXPRESS' ELSE 'PARCEL' END,
    CASE business WHEN 'EXPRESS' THEN (ARRAY['ZTO', 'YTO', 'YD', 'STO', 'SF', 'JTSD', 'JD', 'EMS', 'ZTO', 'YD'])[1 + trunc(random() * 10)::int]
        ELSE 'YZPY' END,
    (ARRAY['DELIVERY_SERVICE', 'DELAY', 'LOSS_SHORTAGE', 'DAMAGE', 'ACCEPTANCE_SERVICE', 'OTHER'])[1 + trunc(random() * 6)::int],
    1, 'ADDRESSEE', false, true, 'ORDINARY', '{}', bureau.region, 'NONE', at, at + interval '30 days',
    CASE WHEN open THEN now() + interval '1 day' * (random() * 20 - 1) END, '1', bureau.handling, bureau.supervising,
    left(bureau.region, 2) || '0000',
    CASE level WHEN 'L2' THEN array_remove(ARRAY[bureau.province], bureau.handling)
        WHEN 'L3' THEN array_remove(ARRAY[bureau.province, 'N000000'], bureau.handling) ELSE '{}' END,
    open AND n % 25 = 0, at, CASE WHEN status NOT IN ('RECEIVED', 'AWAITING_SUPPLEMENT', 'REFUSED') THEN at END,
    CASE WHEN open AND n % 10 < 7 THEN bureau.handling || '/' || (ARRAY['li.na', 'wang.wei', 'chen.jie', 'zhao.lei'])[1 + n % 4] END,
    CASE WHEN open AND n % 10 < 7 THEN at END,
    CASE WHEN status NOT IN ('RECEIVED', 'AWAITING_SUPPLEMENT', 'REFUSED', 'ACCEPTED') THEN at END,
    CASE WHEN status IN ('REPLIED', 'REWORK', 'MEDIATING', 'MEDIATION_PROPOSED', 'CLOSED') THEN at + interval '8 days' END,
    (status IN ('REPLIED', 'REWORK', 'MEDIATING', 'MEDIATION_PROPOSED', 'CLOSED'))::int,
    CASE status WHEN 'MERGED' THEN 0 END, CASE status WHEN 'MERGED' THEN $3::uuid END, CASE status WHEN 'MERGED' THEN 'FORWARDED' END,
    CASE status WHEN 'REFUSED' THEN at + interval '1 day' END, CASE status WHEN 'REFUSED' THEN 'NOT_COMPLAINED_TO_ENTERPRISE' END,
    CASE status WHEN 'CLOSED' THEN at + interval '12 days' END, CASE status WHEN 'CLOSED' THEN 'SETTLED' END,
    CASE status WHEN 'CLOSED' THEN CASE WHEN random() < 0.2 THEN 'ENTERPRISE' ELSE 'NONE' END END,
    random() < 0.98, random() < 0.97, random() < 0.001, random() < 0.001, trunc(random() * 20000)::bigint
FROM (
    SELECT n, at, open,
        CASE WHEN open THEN (ARRAY['RECEIVED', 'RECEIVED', 'RECEIVED', 'AWAITING_SUPPLEMENT', 'ACCEPTED', 'FORWARDED', 'FORWARDED', 'FORWARDED',
            'FORWARDED', 'FORWARDED', 'FORWARDED', 'FORWARDED', 'FORWARDED', 'FORWARDED', 'REPLIED', 'REPLIED', 'REPLIED', 'REWORK', 'MEDIATING',
            'MEDIATION_PROPOSED'])[1 + trunc(random() * 20)::int]
        WHEN n % 100 = 1 THEN 'REFUSED' WHEN n % 200 = 2 THEN 'MERGED' WHEN n % 100 = 3 THEN 'WITHDRAWN' WHEN n % 200 = 4 THEN 'TRANSFERRED'
        ELSE 'CLOSED' END AS status,
        CASE WHEN n % 1009 = 0 THEN 'L3' WHEN n % 101 = 0 THEN 'L2' WHEN n % 17 = 0 THEN 'L1' ELSE 'L0' END AS level,
        CASE WHEN n % 20 = 0 THEN 'POSTAL' ELSE 'EXPRESS' END AS business,
        1 + trunc(random() * random() * (SELECT count(*) FROM bureau WHERE level = 'CITY'))::int AS place
    FROM (
        SELECT n, now() - interval '3650 days' * (1 - n::float8 / $2::int) - interval '1 hour' AS at, n > $2::int - $4::int AS open
        FROM generate_series($1::int + 1, $2::int) AS n
    ) moments
) made
JOIN (
    SELECT row_number() OVER (ORDER BY md5(city.code)) AS place, city.region, city.parent AS province,
        CASE WHEN above.city_handles THEN city.code ELSE above.code END AS handling,
        CASE WHEN above.city_handles THEN above.code ELSE above.parent END AS supervising
    FROM bureau city JOIN bureau above ON above.code = city.parent WHERE city.level = 'CITY'
) bureau USING (place)
