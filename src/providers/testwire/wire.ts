import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { CABIN_CLASSES } from '../../travel/flight.ts'
import { PASSENGER_TYPES } from '../../travel/passenger.ts'
import { Nullable, OneOf } from '../../travel/schemas.ts'
import { BOARD_BASES } from '../../travel/stay.ts'

/** Testwire's words: only what is read. Amounts are decimal text; what is null is not said. */
const Text = Type.String({ minLength: 1 })

const Rule = Type.Object({ allowed: Type.Boolean(), fee: Nullable(Text) })
const Bag = Type.Object({
  kind: OneOf(['personal', 'carry_on', 'checked']),
  pieces: Nullable(Type.Integer({ minimum: 0 })),
  weight_kg: Nullable(Type.Number()),
})
const Segment = Type.Object({
  carrier: Type.String({ pattern: '^[A-Z0-9]{2}$' }),
  number: Type.String({ pattern: '^\\d{1,4}[A-Z]?$' }),
  operating_carrier: Nullable(Text),
  origin: Type.String({ pattern: '^[A-Z]{3}$' }),
  destination: Type.String({ pattern: '^[A-Z]{3}$' }),
  departs: Text,
  arrives: Text,
  minutes: Type.Integer({ minimum: 1 }),
  equipment: Nullable(Text),
  cabin: Nullable(OneOf(CABIN_CLASSES)),
  booking_class: Nullable(Text),
  fare_basis: Nullable(Text),
  brand: Nullable(Text),
  baggage: Type.Array(Bag),
  technical_stops: Nullable(Type.Array(Text)),
})
const Slice = Type.Object({ segments: Type.Array(Segment, { minItems: 1 }) })
export type WireSlice = Static<typeof Slice>

const FlightOffer = Type.Object({
  id: Text,
  total: Text,
  currency: Text,
  carrier: Nullable(Text),
  passengers: Type.Array(
    Type.Object({ type: OneOf(PASSENGER_TYPES), count: Type.Integer({ minimum: 1 }), base: Text, taxes: Text, total: Text }),
    { minItems: 1 },
  ),
  refund: Nullable(Rule),
  change: Nullable(Rule),
  slices: Type.Array(Slice, { minItems: 1 }),
})
export type WireFlightOffer = Static<typeof FlightOffer>

const StayOffer = Type.Object({
  id: Text,
  property: Text,
  property_name: Text,
  check_in: Text,
  check_out: Text,
  rooms: Type.Array(
    Type.Object({ code: Nullable(Text), name: Text, adults: Type.Integer({ minimum: 1 }), child_ages: Type.Array(Type.Integer()) }),
    { minItems: 1 },
  ),
  board: Nullable(OneOf(BOARD_BASES)),
  board_text: Nullable(Text),
  rate_plan: Nullable(Type.Object({ code: Nullable(Text), name: Nullable(Text) })),
  total: Text,
  currency: Text,
  charges: Type.Array(
    Type.Object({
      kind: OneOf(['tax', 'fee', 'resort_fee', 'city_tax', 'other']),
      name: Text,
      amount: Nullable(Text),
      currency: Text,
      due: OneOf(['booking', 'property']),
    }),
  ),
  pay_at: Nullable(OneOf(['booking', 'property'])),
  cancellation: Nullable(Type.Array(Type.Object({ from: Nullable(Text), penalty: Nullable(Text) }), { minItems: 1 })),
  rooms_left: Nullable(Type.Integer({ minimum: 1 })),
  package_only: Type.Boolean(),
  remarks: Type.Array(Type.String()),
})
export type WireStayOffer = Static<typeof StayOffer>

const Booking = Type.Object({
  id: Text,
  pnr: Text,
  reference: Nullable(Text),
  status: Text,
  total: Nullable(Text),
  currency: Text,
  ticket_by: Nullable(Text),
  segments: Type.Array(Type.Object({ carrier: Text, number: Text, status: Text })),
  tickets: Type.Array(
    Type.Object({
      number: Type.String({ pattern: '^\\d{13}$' }),
      passenger: Nullable(Text),
      coupons: Type.Array(
        Type.Object({
          number: Type.Integer(),
          status: Text,
          carrier: Nullable(Text),
          flight_number: Nullable(Text),
          origin: Nullable(Text),
          destination: Nullable(Text),
        }),
      ),
    }),
  ),
  refunded: Nullable(Text),
})
export type WireBooking = Static<typeof Booking>

const Quote = Type.Object({
  id: Text,
  paid: Nullable(Text),
  refund: Nullable(Text),
  penalty: Nullable(Text),
  currency: Text,
  expires_at: Nullable(Text),
})
export type WireQuote = Static<typeof Quote>

const Change = Type.Object({
  id: Text,
  removed: Type.Array(Slice),
  added: Type.Array(Slice),
  may_accept: Type.Boolean(),
  may_refund: Type.Boolean(),
  answer_by: Nullable(Text),
})
export type WireChange = Static<typeof Change>

const SeatMap = Type.Object({
  segment: Type.Integer({ minimum: 0 }),
  equipment: Nullable(Text),
  columns: Type.Array(Nullable(Text)),
  seats: Type.Array(
    Type.Object({
      row: Type.Integer(),
      column: Text,
      state: Text,
      price: Nullable(Text),
      currency: Text,
      features: Type.Array(Text),
    }),
  ),
})
export type WireSeatMap = Static<typeof SeatMap>

const FareRules = Type.Object({
  fare_basis: Nullable(Text),
  carrier: Nullable(Text),
  origin: Nullable(Text),
  destination: Nullable(Text),
  refund: Nullable(Rule),
  change: Nullable(Rule),
  currency: Text,
  texts: Type.Array(Type.Object({ category: Nullable(Text), title: Text, text: Text })),
})
export type WireFareRules = Static<typeof FareRules>

const Property = Type.Object({
  code: Text,
  name: Text,
  stars: Nullable(Type.Number()),
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  address: Nullable(Text),
  city: Nullable(Text),
  country: Type.String({ pattern: '^[A-Z]{2}$' }),
  district: Nullable(Text),
  type: Text,
  amenities: Type.Array(Text),
  rating: Nullable(Type.Number()),
  images: Type.Array(Text),
  description: Nullable(Text),
  check_in_from: Nullable(Text),
  check_out_until: Nullable(Text),
})
export type WireProperty = Static<typeof Property>

// Offers are checked one by one afterwards, so that one that cannot be read costs itself and not the reply.
export const wireOffers = Compile(Type.Object({ offers: Type.Array(Type.Unknown()) }))
export const wireFlightOffer = Compile(FlightOffer)
export const wireStayOffer = Compile(StayOffer)
export const wireOffer = Compile(Type.Object({ offer: Type.Unknown() }))
export const wireBooking = Compile(Type.Object({ booking: Booking }))
export const wireBookings = Compile(Type.Object({ bookings: Type.Array(Booking) }))
export const wireQuote = Compile(Type.Object({ quote: Quote }))
export const wireChanges = Compile(Type.Object({ changes: Type.Array(Change) }))
export const wireSeatMaps = Compile(Type.Object({ seat_maps: Type.Array(SeatMap) }))
export const wireFareRules = Compile(Type.Object({ fare_rules: Type.Array(FareRules) }))
export const wireProperties = Compile(
  Type.Object({ total: Nullable(Type.Integer()), next: Nullable(Text), properties: Type.Array(Type.Unknown()) }),
)
export const wireProperty = Compile(Property)
export const wireError = Compile(Type.Object({ error: Type.Object({ code: Text, message: Type.String() }) }))
