-- How many cells that an import ($1) would change have got another revision since it was looked at.
select count(*)::int
from import_rows x
left join readings r on r.indicator_id = x.indicator_id and r.region_id = x.region_id and r.period = x.period
where x.import_id = $1 and x.verdict in ('new', 'changed') and x.based_on <> coalesce(r.last_number, 0)
