-- What was said stays said: a revision is never removed, and only its state and its review may change. The days from which and until which it counts
-- are set once.
create or replace function keep_revision() returns trigger language plpgsql as $$
begin
    if tg_op in ('DELETE', 'TRUNCATE') then
        raise exception 'reading_revisions is append-only' using errcode = 'restrict_violation';
    end if;
    if row(new.id, new.reading_id, new.number, new.value, new.status, new.quality, new.source, new.note, new.questions, new.explanation,
           new.published_on, new.author_id, new.created_at, new.request_id, new.import_id)
       is distinct from
       row(old.id, old.reading_id, old.number, old.value, old.status, old.quality, old.source, old.note, old.questions, old.explanation,
           old.published_on, old.author_id, old.created_at, old.request_id, old.import_id)
       or old.known_on <> coalesce(new.known_on, '-infinity')
       or old.known_until <> coalesce(new.known_until, '-infinity') then
        raise exception 'reading_revisions is append-only' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
