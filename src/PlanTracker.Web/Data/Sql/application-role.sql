-- Gives a role what the application needs to work, and nothing else: no schema, no audit, nothing that was said. What it had before is taken first.
-- The settings plantracker.role and plantracker.verifier name the role and, where it is to have a password, a SCRAM verifier of it.
do $$
declare
    role constant text := current_setting('plantracker.role');
    verifier constant text := current_setting('plantracker.verifier');
    owner constant oid := (select relowner from pg_class where oid = 'public.audit_events'::regclass);
    one record;
begin
    if not exists (select from pg_roles where rolname = role) then
        if verifier = '' then
            raise exception 'There is no role %. Create it, or set Database__ApplicationPassword and it will be created.', role using errcode = 'PT001';
        end if;
        execute format('create role %I', role);
    end if;
    if (select rolsuper or rolcreaterole or rolcreatedb or rolreplication or oid = owner or pg_has_role(oid, owner, 'member') from pg_roles where rolname = role) then
        raise exception 'The role % may do more than the application should: it owns the tables, may act as their owner, or may make roles or databases.', role
            using errcode = 'PT001';
    end if;
    if verifier <> '' then
        execute format('alter role %I with login password %L', role, verifier);
    end if;

    revoke create on schema public from public;
    execute format('revoke all on schema public from %I', role);
    execute format('revoke all on all tables in schema public from %I', role);
    execute format('revoke all on all sequences in schema public from %I', role);
    execute format('grant usage on schema public to %I', role);
    execute format('grant usage on all sequences in schema public to %I', role);
    execute format('grant execute on all functions in schema public to %I', role);
    -- COPY goes through temporary tables.
    if not has_database_privilege(role, current_database(), 'temporary') then
        execute format('grant temporary on database %I to %I', current_database(), role);
    end if;

    -- Tables that keep what was said have a guard against being deleted from; so has any that is made tomorrow.
    for one in
        select c.oid::regclass as name, c.relname = '__EFMigrationsHistory' as versions,
            exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname like 'keep%' and t.tgtype & 8 <> 0) as kept
        from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    loop
        execute format('grant %s on %s to %I',
            case when one.versions then 'select' when one.kept then 'select, insert' else 'select, insert, update, delete' end, one.name, role);
    end loop;

    -- The state and the review of what was said.
    execute format('grant update (state, reviewer_id, reviewed_at, reason, known_on, known_until) on reading_revisions to %I', role);
    execute format('grant update (state, reviewer_id, reviewed_at, reason, known_on) on progress_reports to %I', role);

    -- After a load or a large import the statistics are taken anew; before PostgreSQL 17 that is left to the server.
    if current_setting('server_version_num')::int >= 170000 then
        execute format('grant maintain on readings, reading_revisions, standings, targets, target_changes to %I', role);
    end if;

    if has_schema_privilege(role, 'public', 'create')
       or has_table_privilege(role, 'public.audit_events', 'update, delete, truncate, trigger')
       or has_any_column_privilege(role, 'public.audit_events', 'update') then
        raise exception 'The role % may still change the schema or the audit, by way of another role it belongs to.', role using errcode = 'PT001';
    end if;
end $$;
