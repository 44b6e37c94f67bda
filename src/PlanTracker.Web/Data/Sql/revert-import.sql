-- Takes back what an import ($1) has brought and what is still the last word about its cell: what waits is withdrawn, what is approved no longer counts
-- from the day $2; what was approved before counts again, and what waited for review before waits again. Counts what was taken back.
with taken as materialized (
    select v.id, v.state, r.id as reading_id, r.approved_revision_id,
        case when v.state = 'approved' then (
            select e.id from reading_revisions e
            where e.reading_id = r.id and e.id <> v.id and e.state = 'superseded'
            order by coalesce(e.reviewed_at, e.created_at) desc, e.number desc limit 1) end as earlier,
        (select e.id from reading_revisions e where e.reading_id = r.id and e.number = v.number - 1 and e.state = 'replaced') as waited
    from reading_revisions v
    join readings r on r.id = v.reading_id
    where v.import_id = $1 and v.number = r.last_number and (v.id = r.pending_revision_id or v.id = r.approved_revision_id)
),
withdrawn as (
    update reading_revisions v set state = 'withdrawn' from taken t where v.id = t.id and t.state <> 'approved'
),
reverted as (
    update reading_revisions v set state = 'reverted', known_until = greatest(v.known_on, $2::date) from taken t where v.id = t.id and t.state = 'approved'
),
again as (
    update reading_revisions v set state = 'approved' from taken t where v.id = t.earlier
),
waiting as (
    update reading_revisions v set state = case when v.reviewer_id is null then 'submitted' else 'returned' end from taken t where v.id = t.waited
),
moved as (
    update readings r
    set pending_revision_id = t.waited,
        approved_revision_id = case when t.state = 'approved' then t.earlier else r.approved_revision_id end,
        value = case when t.state = 'approved' then (select e.value from reading_revisions e where e.id = t.earlier) else r.value end,
        status = case when t.state = 'approved' then (select e.status from reading_revisions e where e.id = t.earlier) else r.status end
    from taken t where r.id = t.reading_id
)
select count(*)::int from taken
