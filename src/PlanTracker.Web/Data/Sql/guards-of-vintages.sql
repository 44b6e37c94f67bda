-- What was said stays said: a revision is never removed, and only its state and its review may change. The day from which it counts is set once.
create or replace function keep_revision() returns trigger language plpgsql as $$
begin
    if tg_op in ('DELETE', 'TRUNCATE') then
        raise exception 'reading_revisions is append-only' using errcode = 'restrict_violation';
    end if;
    if row(new.id, new.reading_id, new.number, new.value, new.status, new.quality, new.source, new.note, new.published_on, new.author_id, new.created_at, new.request_id)
       is distinct from
       row(old.id, old.reading_id, old.number, old.value, old.status, old.quality, old.source, old.note, old.published_on, old.author_id, old.created_at, old.request_id)
       or old.known_on <> coalesce(new.known_on, '-infinity') then
        raise exception 'reading_revisions is append-only' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

-- An assessment of a goal in words is kept in the same way.
create function keep_milestone_assessment() returns trigger language plpgsql as $$
begin
    if tg_op in ('DELETE', 'TRUNCATE')
       or row(new.id, new.milestone_id, new.number, new.status, new.statement, new.evidence, new.author_id, new.created_at, new.request_id)
          is distinct from
          row(old.id, old.milestone_id, old.number, old.status, old.statement, old.evidence, old.author_id, old.created_at, old.request_id)
       or old.known_on <> coalesce(new.known_on, '-infinity') then
        raise exception 'milestone_assessments is append-only' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger keep_milestone_assessment before update or delete on milestone_assessments
for each row execute function keep_milestone_assessment();

create trigger keep_milestone_assessments before truncate on milestone_assessments
for each statement execute function keep_milestone_assessment();
