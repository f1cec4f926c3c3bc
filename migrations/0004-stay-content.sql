-- What suppliers of stays say about their properties, imported page by page, and how far each import has come.

create schema if not exists search;
grant usage on schema search to farewire_app;

create table search.properties (
  provider text not null,
  code text not null,
  -- Properties of several suppliers that are one house have one id; a supplier lists a house once.
  house text not null,
  name text not null,
  stars real,
  latitude double precision not null check (latitude between -90 and 90),
  longitude double precision not null check (longitude between -180 and 180),
  address text,
  city text,
  -- The city without accents and capitals, as travellers' words are compared.
  city_key text not null,
  country char(2) not null,
  district text,
  type text not null,
  amenities text[] not null,
  rating real,
  images text[] not null,
  description text,
  check_in_from text,
  check_out_until text,
  -- The walk through the supplier's content that saw it last.
  walk integer not null,
  updated_at timestamptz not null default now(),
  primary key (provider, code),
  unique (house, provider)
);
-- Around a point: boxes of degrees are looked up here, and distances measured in what they hold.
create index properties_position on search.properties using gist (point(longitude, latitude));
create index properties_city on search.properties (country, city_key);
create index properties_walk on search.properties (provider, walk);
grant select, insert, update, delete on search.properties to farewire_app;

create table search.content_imports (
  provider text primary key,
  walk integer not null,
  state text not null check (state in ('running', 'done')),
  -- Where the walk goes on; null at its beginning and when it is done.
  cursor text,
  imported integer not null,
  total integer,
  -- Who is at it, and until when nobody else may begin.
  claimed_by text,
  claimed_until timestamptz,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  completed_at timestamptz
);
grant select, insert, update on search.content_imports to farewire_app;
