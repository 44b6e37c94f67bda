-- Figures of one indicator ($1) in a file that differ from what waits for review or is approved: those that are asked about sums.
select f.period, f.region_id, f.value
from found_figures f
left join readings r on r.indicator_id = f.indicator_id and r.region_id = f.region_id and r.period = f.period
left join reading_revisions p on p.id = r.pending_revision_id and p.state = 'submitted'
where f.indicator_id = $1 and f.value is not null and f.fault is null
    and f.value is distinct from case when p.id is null then r.value else p.value end
