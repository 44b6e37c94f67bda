-- Makes the standings of a plan ($1) what the temporary table judged_standings says, and counts those that differed. A standing that says the same
-- already is not touched.
with gone as (
    delete from standings s
    using indicators i
    where i.id = s.indicator_id and i.plan_id = $1
      and not exists (select from judged_standings j where j.indicator_id = s.indicator_id and j.region_id = s.region_id)
    returning 1
),
changed as (
    update standings s
    set period = j.period, value = j.value, observation_status = j.observation_status,
        previous_period = j.previous_period, previous_value = j.previous_value,
        status = j.status, reason = j.reason, agreement = j.agreement,
        planned = j.planned, attainment = j.attainment, elapsed = j.elapsed, pace_ratio = j.pace_ratio,
        receding = j.receding, achieved_at_baseline = j.achieved_at_baseline, national_target = j.national_target
    from judged_standings j
    where s.indicator_id = j.indicator_id and s.region_id = j.region_id and row(s.*) is distinct from row(j.*)
    returning 1
),
added as (
    insert into standings
    select j.* from judged_standings j
    where not exists (select from standings s where s.indicator_id = j.indicator_id and s.region_id = j.region_id)
    returning 1
)
select ((select count(*) from gone) + (select count(*) from changed) + (select count(*) from added))::int
