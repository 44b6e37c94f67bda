-- What was said stays said: a revision is never removed, and only its state and its review may change.
create function keep_revision() returns trigger language plpgsql as $$
begin
    if tg_op in ('DELETE', 'TRUNCATE') then
        raise exception 'reading_revisions is append-only' using errcode = 'restrict_violation';
    end if;
    if row(new.id, new.reading_id, new.number, new.value, new.status, new.quality, new.source, new.note, new.author_id, new.created_at, new.request_id)
       is distinct from
       row(old.id, old.reading_id, old.number, old.value, old.status, old.quality, old.source, old.note, old.author_id, old.created_at, old.request_id) then
        raise exception 'reading_revisions is append-only' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger keep_revision before update or delete on reading_revisions
for each row execute function keep_revision();

create trigger keep_revisions before truncate on reading_revisions
for each statement execute function keep_revision();

-- So is the history of targets, whole.
create function keep_target_change() returns trigger language plpgsql as $$
begin
    raise exception 'target_changes is append-only' using errcode = 'restrict_violation';
end $$;

create trigger keep_target_changes before update or delete on target_changes
for each row execute function keep_target_change();

-- Each audit event carries a hash over itself and the event before it. Writers queue on one lock, so the chain has no forks.
create function chain_audit_event() returns trigger language plpgsql as $$
declare
    previous bytea;
begin
    perform pg_advisory_xact_lock(7264001);
    select hash into previous from audit_events order by id desc limit 1;
    new.id := nextval(pg_get_serial_sequence('audit_events', 'id'));
    new.hash := sha256(coalesce(previous, ''::bytea) || convert_to(
        concat_ws(E'\x1f', new.id, extract(epoch from new.at), new.actor_id, new.action, new.subject, new.detail::text), 'UTF8'));
    return new;
end $$;

create trigger chain_audit_event before insert on audit_events
for each row execute function chain_audit_event();

create function keep_audit_event() returns trigger language plpgsql as $$
begin
    raise exception 'audit_events is insert-only' using errcode = 'restrict_violation';
end $$;

create trigger keep_audit_event before update or delete on audit_events
for each row execute function keep_audit_event();

create trigger keep_audit_events before truncate on audit_events
for each statement execute function keep_audit_event();
