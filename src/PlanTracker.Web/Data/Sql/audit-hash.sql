-- What an event's hash is made of: one function for those who write the chain and those who verify it.
create or replace function audit_hash(previous bytea, id bigint, at timestamptz, actor_id uuid, action text, subject text, detail jsonb) returns bytea
language sql stable parallel safe
return sha256(coalesce(previous, ''::bytea) || convert_to(
    concat_ws(E'\x1f', id, extract(epoch from at), actor_id, action, subject, detail::text), 'UTF8'));

-- Each audit event carries a hash over itself and the event before it. Writers queue on one lock, so the chain has no forks.
-- Temporary tables come last in the path: one that is called audit_events must not be taken for the chain.
create or replace function chain_audit_event() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
    previous bytea;
begin
    perform pg_advisory_xact_lock(7264001);
    select hash into previous from audit_events order by id desc limit 1;
    new.id := nextval(pg_get_serial_sequence('audit_events', 'id'));
    new.hash := audit_hash(previous, new.id, new.at, new.actor_id, new.action, new.subject, new.detail);
    return new;
end $$;
