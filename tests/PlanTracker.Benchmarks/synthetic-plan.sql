-- A synthetic plan for measuring, in a throw-away database: bench.regions regions with bench.indicators indicators and bench.years yearly readings each.
-- No figure in it says anything about any place. Every second indicator is a rate, so regions are judged by the country's target; ten of the
-- others have a baseline and a final target in every region.
-- Triggers and foreign keys have nothing to find here.
set session_replication_role = replica;

insert into plans (id, code, name_en, name_zh, baseline_period, end_period, milestone_years, region_set, source)
values (1, 'synthetic', 'Synthetic plan', '合成规划', '2021', '2030', '{2025,2030}', 'synthetic', 'synthetic');

insert into regions (id, region_set, code, kind, parent_id, path, position, name_en, name_zh, short_en, short_zh, reports, source)
select n, 'synthetic', 'R' || n, case n when 1 then 'country' else 'unit' end, nullif(1, n), case n when 1 then '/R1/' else '/R1/R' || n || '/' end, n,
    'Synthetic region ' || n, '合成地区' || n, 'R' || n, 'R' || n, true, 'synthetic'
from generate_series(1, current_setting('bench.regions')::int) n;

insert into indicators (id, plan_id, code, name_en, name_zh, unit_en, unit_zh, decimals, better, min, frequency, measure, aggregation, reported_by,
    due, headline, group_en, group_zh, mapping_basis, verified, position)
select n, 1, 'I' || n, 'Synthetic indicator ' || n, '合成指标' || n, 'units', '单位', 2, case n % 5 when 0 then 'decrease' else 'increase' end, 0,
    'annual', case n % 2 when 0 then 'rate' else 'stock' end, 'sum', 'both', true, false, 'Synthetic', '合成', 'synthetic', 'yes', n
from generate_series(1, current_setting('bench.indicators')::int) n;

insert into targets (indicator_id, region_id, code, role, period, value, shape, document_en, document_zh, source, verified)
select i.id, r.id, role || '-' || r.id, role, case role when 'baseline' then '2021' else '2030' end,
    case when role = 'baseline' then 100 when i.better = 'decrease' then 40 else 180 end, 'linear', 'Synthetic plan', '合成规划', 'synthetic', 'yes'
from indicators i
join regions r on r.id = 1 or (i.measure = 'stock' and i.id < 20)
cross join unnest(array['baseline', 'final']) role;

-- Year by year, as figures arrive, so that the readings of a series do not lie together.
insert into readings (id, indicator_id, region_id, period, value, status, approved_revision_id, last_number)
select n, indicator, region, year::text,
    round(100 + (year - 2021) * (case indicator % 5 when 0 then -1 else 1 end) * (abs(hashint4(region * 1009 + indicator)) % 1400) / 100.0
        + (abs(hashint4(n::int)) % 300) / 100.0, 2),
    case n % 20 when 0 then 'P' else 'A' end, n, 1
from (
    select row_number() over () as n, indicator, region, year
    from generate_series(2021, 2020 + current_setting('bench.years')::int) year,
        generate_series(1, current_setting('bench.indicators')::int) indicator,
        generate_series(1, current_setting('bench.regions')::int) region
) cells;

insert into reading_revisions (id, reading_id, number, value, status, quality, source, known_on, created_at, state)
select id, id, 1, value, status, 'reported', 'synthetic', period_end + 60, (period_end + 60)::timestamptz, 'approved'
from readings;

set session_replication_role = origin;
