-- Takes the statements in the temporary table incoming_readings into readings and reading_revisions, as approved.
-- A statement already made is not made again, so taking in the same file twice changes nothing. The last one about a cell is made again
-- where it is not the file's latest word any more: a figure set back to what it was has to become current again.
delete from incoming_readings where position in (
    select position from (
        select i.position, made.ever, made.latest,
               i.position = max(i.position) over cell as is_last,
               bool_and(coalesce(made.ever, false)) over cell as nothing_new
        from incoming_readings i
        left join readings r on r.indicator_id = i.indicator_id and r.region_id = i.region_id and r.period = i.period
        left join lateral (
            select bool_or(s.same) as ever, (array_agg(s.same order by s.from_file desc, s.number desc))[1] as latest
            from (
                select v.number, v.author_id is null as from_file,
                       row(v.value, v.status, v.quality, v.source, v.note) is not distinct from
                       row(i.value, i.status, i.quality, i.source, i.note) as same
                from reading_revisions v where v.reading_id = r.id
            ) s
        ) made on true
        window cell as (partition by i.indicator_id, i.region_id, i.period)
    ) statements
    where ever and (not is_last or (latest and nothing_new)));

insert into readings (indicator_id, region_id, period, last_number)
select distinct indicator_id, region_id, period, 0 from incoming_readings
on conflict (indicator_id, region_id, period) do nothing;

-- The last statement about a cell is its current value; earlier ones are its history.
with numbered as (
    select r.id as reading_id, i.value, i.status, i.quality, i.source, i.note, i.published_on, i.known_on, i.created_at,
           r.last_number + row_number() over (partition by r.id order by i.position) as number,
           row_number() over (partition by r.id order by i.position desc) = 1 as is_last
    from incoming_readings i
    join readings r on r.indicator_id = i.indicator_id and r.region_id = i.region_id and r.period = i.period
),
superseded as (
    update reading_revisions v set state = 'superseded'
    from readings r
    where r.approved_revision_id = v.id and r.id in (select reading_id from numbered)
),
inserted as (
    insert into reading_revisions (reading_id, number, value, status, quality, source, note, published_on, known_on, created_at, state)
    select reading_id, number, value, status, quality, source, note, published_on, known_on, created_at, case when is_last then 'approved' else 'superseded' end
    from numbered
    returning id, reading_id, number, value, status, state
)
update readings r
set value = i.value, status = i.status, approved_revision_id = i.id, last_number = i.number
from inserted i
where i.reading_id = r.id and i.state = 'approved';
