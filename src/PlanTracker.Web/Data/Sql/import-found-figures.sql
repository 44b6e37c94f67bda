-- The figures found in a file, series by series, each beside what stands in its cell: what waits for review, else what is approved.
select f.position, f.line, f.place, f.indicator_id, f.region_id, f.period, f.value, f.status, f.note, f.source, f.explanation, f.blank, f.fault, f.typed, f.bound,
    coalesce(r.last_number, 0), coalesce(p.id, a.id) is not null, p.id is not null,
    case when p.id is null then a.value else p.value end, case when p.id is null then a.status else p.status end,
    case when p.id is null then a.note else p.note end, case when p.id is null then a.source else p.source end
from found_figures f
left join readings r on r.indicator_id = f.indicator_id and r.region_id = f.region_id and r.period = f.period
left join reading_revisions p on p.id = r.pending_revision_id and p.state = 'submitted'
left join reading_revisions a on a.id = r.approved_revision_id
order by f.indicator_id nulls first, f.region_id nulls first, period_end(f.period), f.period, f.position
