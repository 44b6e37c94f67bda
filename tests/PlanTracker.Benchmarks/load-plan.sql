-- A plan under load, in a throw-away database: bench.regions units below one country, bench.indicators indicators and bench.periods quarterly readings
-- each, the last of them 2025-Q4. No figure in it says anything about any place. The first 60 indicators are the country's as well, and twenty of them
-- headline indicators, so that the dashboards show about as much as those of the shipped plan.
begin;
-- Triggers and foreign keys have nothing to find here; indexes are made again when the rows are there.
set local session_replication_role = replica;
set local maintenance_work_mem = '1GB';
set local work_mem = '256MB';

create temporary table remade on commit drop as
select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
from pg_index i
join pg_class c on c.oid = i.indexrelid
where i.indrelid in ('readings'::regclass, 'reading_revisions'::regclass, 'standings'::regclass) and not i.indisprimary
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid);

do $$
declare
    one record;
begin
    for one in select name from remade loop
        execute format('drop index %I', one.name);
    end loop;
end $$;

-- Rows that go into a table emptied in the same transaction need no log of their own.
truncate readings, reading_revisions, standings cascade;

insert into plans (id, code, name_en, name_zh, baseline_period, end_period, milestone_years, region_set, source)
values (1, 'synthetic', 'Synthetic plan', '合成规划', '2020', '2030', '{2025,2030}', 'synthetic', 'synthetic');

insert into regions (id, region_set, code, kind, parent_id, path, position, name_en, name_zh, short_en, short_zh, reports, source)
select n, 'synthetic', 'R' || n, case n when 1 then 'country' else 'unit' end, nullif(1, n), case n when 1 then '/R1/' else '/R1/R' || n || '/' end, n,
    'Synthetic region ' || n, '合成地区' || n, 'R' || n, 'R' || n, true, 'synthetic'
from generate_series(1, current_setting('bench.regions')::int + 1) n;

insert into indicators (id, plan_id, code, name_en, name_zh, unit_en, unit_zh, decimals, better, min, frequency, measure, aggregation, reported_by,
    due, headline, group_en, group_zh, mapping_basis, verified, position, rules_sum_tolerance)
select n, 1, 'I' || n, 'Synthetic indicator ' || n, '合成指标' || n, 'units', '单位', 2, case n % 5 when 0 then 'decrease' else 'increase' end, 0,
    'quarter', case n % 2 when 0 then 'rate' else 'stock' end, case n % 2 when 0 then 'reported' else 'sum' end, case when n <= 60 then 'both' else 'regional' end,
    true, n <= 60 and n % 3 = 0, 'Synthetic', '合成', 'synthetic', 'yes', n, case when n <= 60 and n % 12 = 1 then 0.01 end
from generate_series(1, current_setting('bench.indicators')::int) n;

insert into plan_elements (id, plan_id, code, kind, path, position, title_en, title_zh, title_zh_basis, summary_en, summary_zh, source)
select n, 1, 'T0' || n, 'task', '/T0' || n || '/', n, 'Synthetic task ' || n, '合成任务' || n, 'published', 'Synthetic.', '合成。', 'synthetic'
from generate_series(1, 9) n;

-- Six indicators of the country and one of the regions speak for each task.
insert into indicator_elements (indicator_id, element_id)
select id, 1 + id % 9 from indicators where id <= 54 or id between 61 and 69;

insert into targets (indicator_id, region_id, code, role, period, value, shape, document_en, document_zh, source, verified)
select i.id, r.id, role || '-' || r.id, role, case role when 'baseline' then '2020' else '2030' end,
    case when role = 'baseline' then 120 when i.better = 'decrease' then 80 else 240 end, 'linear', 'Synthetic plan', '合成规划', 'synthetic', 'yes'
from indicators i
join regions r on r.id = 1 or (i.measure = 'stock' and i.id < 20)
cross join unnest(array['baseline', 'final']) role;

-- 8104 quarters before the year 2026. Quarter by quarter, as figures arrive, so that the readings of a series do not lie together.
insert into readings (id, indicator_id, region_id, period, value, status, approved_revision_id, last_number)
select n, indicator, region, period,
    round(120 + (case indicator % 5 when 0 then -1 else 1 end) * quarter * (abs(hashint4(region * 1009 + indicator)) % 500) / 200.0
        + (abs(hashint4(n::int)) % 300) / 100.0, 2),
    case n % 20 when 0 then 'P' else 'A' end, n, 1
from (
    select row_number() over () as n, indicator, region, quarter, period
    from (
        select quarter, (8104 - current_setting('bench.periods')::int + quarter) / 4 || '-Q' || 1 + (8104 - current_setting('bench.periods')::int + quarter) % 4 as period
        from generate_series(0, current_setting('bench.periods')::int - 1) quarter
    ) quarters
    cross join generate_series(1, current_setting('bench.indicators')::int) indicator
    cross join generate_series(1, current_setting('bench.regions')::int + 1) region
    where region > 1 or indicator <= 60
) cells;

insert into reading_revisions (id, reading_id, number, value, status, quality, source, known_on, created_at, state)
select id, id, 1, value, status, 'reported', 'synthetic', period_end + 60, (period_end + 60)::timestamptz, 'approved'
from readings;

do $$
declare
    one record;
begin
    for one in select definition from remade loop
        execute one.definition;
    end loop;
end $$;

select setval(pg_get_serial_sequence(name, 'id'), 1 + (select max(id) from readings)) from unnest(array['readings', 'reading_revisions']) name;
select setval(pg_get_serial_sequence(name, 'id'), 100000) from unnest(array['plans', 'regions', 'indicators', 'plan_elements']) name;
commit;
