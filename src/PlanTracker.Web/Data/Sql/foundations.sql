-- The last day of a period written 2023, 2023-S1, 2023-Q1 or 2023-01.
create function period_end(period text) returns date
language sql immutable strict parallel safe
return case
    when length(period) = 4 then make_date(period::int, 12, 31)
    else (make_date(left(period, 4)::int, 1, 1) + make_interval(months =>
        case substr(period, 6, 1)
            when 'S' then 6 * substr(period, 7, 1)::int
            when 'Q' then 3 * substr(period, 7, 1)::int
            else substr(period, 6, 2)::int
        end) - interval '1 day')::date
end;
