-- How many cells of an import ($1) have moved since it was looked at: those it would change have got another revision, or in those it would leave alone
-- something else stands now.
select count(*)::int
from import_rows x
left join readings r on r.indicator_id = x.indicator_id and r.region_id = x.region_id and r.period = x.period
left join reading_revisions p on p.id = r.pending_revision_id and p.state = 'submitted' and x.verdict = 'same'
where x.import_id = $1
    and (x.verdict in ('new', 'changed') and x.based_on <> coalesce(r.last_number, 0)
        or x.verdict = 'same' and (
            x.before is distinct from case when p.id is null then r.value else p.value end
            or x.status_before is distinct from case when p.id is null then r.status else p.status end))
