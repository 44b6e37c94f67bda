-- Writes the new and changed figures of an import ($1) at positions above $2 up to $3: revisions by $4 at $5, approved in the same step by $6 if that
-- is somebody, known from the day $7. $8 and $9 are source and explanation of what states none itself. Counts what was written.
-- Reading and revision point at each other: both get their ids first, so that neither has to be written twice.
with chosen as materialized (
    select x.indicator_id, x.region_id, x.period, x.value, coalesce(x.status, 'A') as status, x.note, coalesce(x.source, $8) as source, x.questions,
        case when x.questions is not null then coalesce(x.explanation, $9) end as explanation,
        r.id as existing, r.pending_revision_id, r.approved_revision_id,
        coalesce(r.id, nextval('readings_id_seq')) as reading_id, coalesce(r.last_number, 0) + 1 as number,
        nextval('reading_revisions_id_seq') as revision_id, $6::uuid is not null as approved
    from import_rows x
    left join readings r on r.indicator_id = x.indicator_id and r.region_id = x.region_id and r.period = x.period
    where x.import_id = $1 and x.position > $2 and x.position <= $3 and x.verdict in ('new', 'changed')
),
stated as (
    insert into reading_revisions (id, reading_id, number, value, status, quality, source, note, questions, explanation, author_id, created_at, import_id,
        state, reviewer_id, reviewed_at, known_on)
    select revision_id, reading_id, number, value, status, 'reported', source, note, questions, explanation, $4, $5, $1,
        case when approved then 'approved' else 'submitted' end, $6, case when approved then $5 end, case when approved then $7::date end
    from chosen
),
added as (
    insert into readings (id, indicator_id, region_id, period, value, status, approved_revision_id, pending_revision_id, last_number)
    select reading_id, indicator_id, region_id, period, case when approved then value end, case when approved then status end,
        case when approved then revision_id end, case when approved then null else revision_id end, number
    from chosen where existing is null
),
moved as (
    update readings r
    set last_number = c.number,
        pending_revision_id = case when c.approved then null else c.revision_id end,
        approved_revision_id = case when c.approved then c.revision_id else r.approved_revision_id end,
        value = case when c.approved then c.value else r.value end,
        status = case when c.approved then c.status else r.status end
    from chosen c where r.id = c.existing
),
replaced as (
    update reading_revisions v set state = 'replaced' from chosen c where v.id = c.pending_revision_id
),
superseded as (
    update reading_revisions v set state = 'superseded' from chosen c where c.approved and v.id = c.approved_revision_id
)
select count(*)::int from chosen
