-- For each table of the application: how to count its rows, and how to hand them out in an order that is the same on every server.
select
    c.relname::text as name,
    format('select count(*) from %I.%I', n.nspname, c.relname) as count,
    format(
        'copy (select * from %I.%I order by %s) to stdout (format binary)', n.nspname, c.relname,
        string_agg(format(case when a.attcollation = 0 then '%I' else '%I collate "C"' end, a.attname), ', ' order by a.attnum)) as rows
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_index i on i.indrelid = c.oid and i.indisprimary
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and (i.indexrelid is null or a.attnum = any (i.indkey))
where n.nspname = current_schema() and c.relkind = 'r'
group by n.nspname, c.relname
order by c.relname collate "C"
