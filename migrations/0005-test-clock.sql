-- The clock of a sandbox can be put forward, so that deadlines can be seen to pass. Elsewhere it stays at zero, and the only
-- way to move it is an address that exists in a sandbox alone.

create table platform.test_clock (
  is_only boolean primary key default true check (is_only),
  -- How far ahead of the wall this installation's clock is. It only goes forward.
  offset_ms bigint not null default 0 check (offset_ms between 0 and 63072000000)
);
insert into platform.test_clock default values;
grant select, update (offset_ms) on platform.test_clock to farewire_app;

-- What decides where several processes race for a deadline: the database's clock, as far ahead as the sandbox's.
create function platform.now() returns timestamptz language sql stable
  as 'select now() + offset_ms * interval ''1 millisecond'' from platform.test_clock';
grant execute on function platform.now() to farewire_app;
