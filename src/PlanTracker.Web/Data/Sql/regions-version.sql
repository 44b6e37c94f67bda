-- Whatever changes a region or where it belongs tells the plans, whose pages keep the regions they have read.
create function count_region_change() returns trigger language plpgsql as $$
begin
    update plans set regions_version = regions_version + 1;
    return null;
end $$;

create trigger count_region_change after insert or update or delete or truncate on regions
for each statement execute function count_region_change();

create trigger count_region_change after insert or update or delete or truncate on region_memberships
for each statement execute function count_region_change();
