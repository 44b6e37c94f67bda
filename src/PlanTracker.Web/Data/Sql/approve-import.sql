-- Approves what waits for review of an import ($1), at positions in the order of their ids: by $2 at $3, known from the day $4. Counts it.
with waiting as materialized (
    select v.id, v.value, v.status, r.id as reading_id, r.approved_revision_id
    from reading_revisions v
    join readings r on r.pending_revision_id = v.id
    where v.import_id = $1 and v.state = 'submitted'
),
approved as (
    update reading_revisions v set state = 'approved', reviewer_id = $2, reviewed_at = $3, known_on = $4 from waiting w where v.id = w.id
),
superseded as (
    update reading_revisions v set state = 'superseded' from waiting w where v.id = w.approved_revision_id
),
moved as (
    update readings r set value = w.value, status = w.status, approved_revision_id = w.id, pending_revision_id = null from waiting w where r.id = w.reading_id
)
select count(*)::int from waiting
