-- Who is booked on what, as a keyed hash: two bookings of the same people on the same flights have the same. Null in bookings
-- made before it was kept. Not unique: a traveller may want two, and a cancelled one counts for nothing.
alter table booking.bookings add column duplicate_key text;
create index bookings_duplicate on booking.bookings (duplicate_key) where duplicate_key is not null;
