-- What was said stays said: a revision is never removed, and only its state and its review may change. The day from which it counts is set once.
create or replace function keep_revision() returns trigger language plpgsql as $$
begin
    if tg_op in ('DELETE', 'TRUNCATE') then
        raise exception 'reading_revisions is append-only' using errcode = 'restrict_violation';
    end if;
    if row(new.id, new.reading_id, new.number, new.value, new.status, new.quality, new.source, new.note, new.questions, new.explanation,
           new.published_on, new.author_id, new.created_at, new.request_id)
       is distinct from
       row(old.id, old.reading_id, old.number, old.value, old.status, old.quality, old.source, old.note, old.questions, old.explanation,
           old.published_on, old.author_id, old.created_at, old.request_id)
       or old.known_on <> coalesce(new.known_on, '-infinity') then
        raise exception 'reading_revisions is append-only' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

-- Remarks stay as they were made.
create function keep_reading_comment() returns trigger language plpgsql as $$
begin
    raise exception 'reading_comments is append-only' using errcode = 'restrict_violation';
end $$;

create trigger keep_reading_comments before update or delete on reading_comments
for each row execute function keep_reading_comment();

create trigger keep_all_reading_comments before truncate on reading_comments
for each statement execute function keep_reading_comment();

-- What is asked of every indicator, and, where regions are to add up to the whole, that they do.
update indicators set rules_ask_outlier = true, rules_ask_unit_slip = true,
    rules_sum_tolerance = case when aggregation = 'sum' and reported_by = 'both' then 0.01 end;
