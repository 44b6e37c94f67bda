-- What was assessed about goals in words are reports of progress now, with their numbers, words and reviews. They state no stage: nobody was asked.
insert into progress_reports (
    id, milestone_id, number, status, statement, evidence, author_id, created_at, request_id, state, reviewer_id, reviewed_at, reason, known_on)
select
    id, milestone_id, number, status, statement, evidence, author_id, created_at, request_id, state, reviewer_id, reviewed_at, reason, known_on
from milestone_assessments;
select setval(pg_get_serial_sequence('progress_reports', 'id'), (select coalesce(max(id), 0) + 1 from progress_reports), false);
drop table milestone_assessments;
drop function if exists keep_milestone_assessment();

-- What was said stays said: a report is never removed, and only its state and its review may change. The day from which it counts is set once.
create or replace function keep_progress_report() returns trigger language plpgsql as $$
begin
    if tg_op in ('DELETE', 'TRUNCATE')
       or row(new.id, new.milestone_id, new.item_id, new.number, new.status, new.stage, new.percent_complete, new.confidence, new.statement, new.evidence,
              new.next_step, new.next_step_on, new.author_id, new.created_at, new.request_id)
          is distinct from
          row(old.id, old.milestone_id, old.item_id, old.number, old.status, old.stage, old.percent_complete, old.confidence, old.statement, old.evidence,
              old.next_step, old.next_step_on, old.author_id, old.created_at, old.request_id)
       or old.known_on <> coalesce(new.known_on, '-infinity') then
        raise exception 'progress_reports is append-only' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger keep_progress_report before update or delete on progress_reports
for each row execute function keep_progress_report();

create trigger keep_progress_reports before truncate on progress_reports
for each statement execute function keep_progress_report();

-- Its files, and which report they belong to, never change at all.
create or replace function keep_evidence() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger keep_evidence_file before update or delete on evidence_files
for each row execute function keep_evidence();

create trigger keep_evidence_files before truncate on evidence_files
for each statement execute function keep_evidence();

create trigger keep_report_file before update or delete on report_files
for each row execute function keep_evidence();

create trigger keep_report_files before truncate on report_files
for each statement execute function keep_evidence();
