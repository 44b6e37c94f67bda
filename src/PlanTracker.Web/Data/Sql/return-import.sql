-- Returns what waits for review of an import ($1): by $2 at $3 with the reason $4. Counts it.
with returned as (
    update reading_revisions set state = 'returned', reviewer_id = $2, reviewed_at = $3, reason = $4
    where import_id = $1 and state = 'submitted' returning 1
)
select count(*)::int from returned
