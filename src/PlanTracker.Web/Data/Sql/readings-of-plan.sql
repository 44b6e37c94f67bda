-- Approved values of a plan ($1), one series after the other, read page by page.
declare readings_of_plan no scroll cursor for
select r.indicator_id, r.region_id, r.period, r.value, r.status
from readings r
join indicators i on i.id = r.indicator_id
where i.plan_id = $1 and r.status is not null and r.value is not null
order by r.indicator_id, r.region_id
