import { Type } from 'typebox'
import { CABIN_CLASSES } from '../travel/flight.ts'
import { MoneySchema, Nullable, OfferSchema, OneOf } from '../travel/schemas.ts'

const closed = { additionalProperties: false } as const
/** What became of a supplier, but for what was left out of what it said. */
export const SourceFields = {
  provider: Type.String(),
  name: Type.String(),
  state: OneOf(['asked', 'answered', 'timed_out', 'failed', 'throttled']),
  offers: Type.Integer(),
  solutions: Type.Integer(),
  ms: Type.Integer(),
  fault: Nullable(Type.String()),
}
const SourceReply = Type.Object(
  {
    ...SourceFields,
    left_out: Type.Object({ duplicates: Type.Integer(), unusable: Type.Integer(), unpriced: Type.Integer() }, closed),
  },
  closed,
)

const FacetFields = { count: Type.Integer(), from: Nullable(MoneySchema) }
export const named = (description: string) =>
  Type.Array(Type.Object({ value: Type.String(), name: Nullable(Type.String()), ...FacetFields }, closed), { description })
export const plain = (description: string) => Type.Array(Type.Object({ value: Type.String(), ...FacetFields }, closed), { description })
export const range = (description: string) =>
  Nullable(
    Type.Object(
      {
        min: Type.Integer(),
        max: Type.Integer(),
        unknown: Type.Integer({ description: 'Offers of which it is not known; they meet no bound.' }),
      },
      { ...closed, description },
    ),
  )

export const PriceRange = Nullable(Type.Object({ min: MoneySchema, max: MoneySchema }, closed))

/** Results, counted against all filters but those of the same group; `from` is the lowest price of what is counted. */
const Facets = Type.Object(
  {
    stops: Type.Array(Type.Object({ value: Type.Integer(), ...FacetFields }, closed), { description: 'Most connections in any slice.' }),
    airlines: named('Offers flown under this carrier alone.'),
    alliances: named('Offers whose carriers all belong to it.'),
    connections: named('Offers that connect at this airport and nowhere else.'),
    cabins: plain('The cabin of all segments; mixed, or unknown where a supplier does not say.'),
    bags: plain('Checked pieces included on every segment; 2 is two or more.'),
    refundable: plain('As the supplier says; unknown is not no.'),
    changeable: plain('As the supplier says; unknown is not no.'),
    suppliers: named('Who sells it; what several sell counts for each of them.'),
    overnight: plain('Whether the date changes during a connection.'),
    self_transfer: plain('Whether nobody but the traveller answers for a connection.'),
    origin_airports: named('Where the first slice departs.'),
    destination_airports: named('Where the first slice arrives.'),
    price: PriceRange,
    duration: range('Minutes of the longest slice.'),
    emissions: range('kg of CO2 equivalent of all passengers.'),
    connection_minutes: range('Minutes of the shortest and of the longest connection.'),
  },
  closed,
)

const AlternativesReply = Type.Array(
  Type.Object(
    {
      offer_id: Type.String({ description: 'To be verified and booked like any other offer.' }),
      provider: Type.String(),
      total: MoneySchema,
    },
    closed,
  ),
  {
    maxItems: 5,
    description:
      'Other sellers of the same flights in the same cabin and fare family, with the same checked bags, refund and change rules, whatever the filters; cheapest first.',
  },
)

/** An offer as a search shows it: a product at the cheapest of its sellers that pass the filters. */
export const ResultSchema = Type.Object({ ...OfferSchema.properties, alternatives: AlternativesReply }, closed)

/** An offer in the short form. */
export const OfferSummarySchema = Type.Object(
  {
    id: Type.String(),
    provider: Type.String(),
    total: MoneySchema,
    slices: Type.Array(
      Type.Object(
        {
          origin: Type.String(),
          destination: Type.String(),
          departure: Type.String(),
          arrival: Type.String(),
          duration_minutes: Nullable(Type.Integer()),
          stops: Type.Integer(),
          carriers: Type.Array(Type.String()),
        },
        closed,
      ),
    ),
    refundable: Nullable(Type.Boolean()),
    checked_bags: Nullable(Type.Integer({ description: '2 is two or more.' })),
    self_transfer: Type.Boolean(),
    alternatives: AlternativesReply,
  },
  closed,
)

export const PageReply = Type.Object({ after: Nullable(Type.String()), has_more: Type.Boolean() }, closed)
export const PricesReply = Type.Object(
  {
    checked_at: Type.String({ description: 'When the oldest price was true.' }),
    fresh_until: Type.String(),
    is_stale: Type.Boolean({ description: 'True when the prices are older than they should be and are being asked for anew.' }),
  },
  closed,
)

export const SearchReply = Type.Object(
  {
    search: Type.Object(
      {
        slices: Type.Array(Type.Object({ origin: Type.String(), destination: Type.String(), departure_date: Type.String() }, closed)),
        origin: Type.String({ description: 'Of the first slice.' }),
        destination: Type.String({ description: 'Of the first slice.' }),
        departure_date: Type.String(),
        return_date: Nullable(Type.String({ description: 'Of a search there and back.' })),
        passengers: Type.Object({ adults: Type.Integer(), children: Type.Integer(), infants: Type.Integer() }, closed),
        cabin: OneOf(CABIN_CLASSES),
      },
      closed,
    ),
    sources: Type.Array(SourceReply),
    prices: PricesReply,
    currency: Type.String(),
    total: Type.Integer({ description: 'Results without any filter: what several suppliers sell is one.' }),
    matching: Type.Integer({ description: 'Results that pass the filters.' }),
    facets: Facets,
    data: Type.Array(ResultSchema, { description: 'In the short form with view=summary.' }),
    page: PageReply,
  },
  closed,
)

/** The same with offers in the short form. */
export const SummaryReply = Type.Object({ ...SearchReply.properties, data: Type.Array(OfferSummarySchema) }, closed)

/** An `offers` event: what to put in or replace, what to take out, and the order of the first page then. */
export const OffersEvent = Type.Object(
  {
    upsert: Type.Array(ResultSchema, { description: 'What is new, or has found another seller.' }),
    remove: Type.Array(Type.String()),
    order: Type.Array(Type.String()),
    reset: Type.Boolean({ description: 'True when everything told before is to be forgotten.' }),
    total: Type.Integer(),
    matching: Type.Integer(),
    currency: Type.String(),
    prices: PricesReply,
    page: PageReply,
  },
  closed,
)

/** A `facets` event. */
export const FacetsEvent = Type.Object({ facets: Facets }, closed)

export const PlaceParameters = Type.Object(
  {
    q: Type.String({ description: 'What a traveller has typed: a code, a city, an airport.', examples: ['jak'] }),
    limit: Type.Optional(Type.Integer({ description: 'Places at most.', minimum: 1, maximum: 20, default: 8 })),
  },
  closed,
)

export const PlaceReply = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        {
          code: Type.String(),
          kind: OneOf(['airport', 'city']),
          name: Type.String(),
          city: Type.String(),
          country: Type.String({ description: 'ISO 3166-1 alpha-2.' }),
          time_zone: Type.String(),
          airports: Type.Optional(Type.Array(Type.String(), { description: 'Of a city.' })),
        },
        closed,
      ),
    ),
  },
  closed,
)
