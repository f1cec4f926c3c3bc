import { Type } from 'typebox'
import { CABIN_CLASSES } from '../travel/flight.ts'
import { MoneySchema, Nullable, OfferSchema, OneOf } from '../travel/schemas.ts'
import { OFFER_SORTS } from './search-query.ts'
import { DAYS_AHEAD_MAX, PAGE_MAX, TRAVELLERS_MAX } from './parse-search.ts'

const closed = { additionalProperties: false } as const
const text = (description: string, more: Record<string, unknown> = {}) => Type.Optional(Type.String({ description, ...more }))
const whole = (description: string, minimum: number, maximum: number, initial?: number) =>
  Type.Optional(Type.Integer({ description, minimum, maximum, ...(initial === undefined ? {} : { default: initial }) }))
const timeOfDay = (what: string) =>
  text(`${what}, on the clock there. After later than before reaches over midnight.`, {
    pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
    examples: ['06:30'],
  })

/** Describes the parameters; parse-search.ts, which tells all faults at once, is what enforces them. */
export const SearchParameters = Type.Object(
  {
    origin: Type.String({ description: 'IATA airport or metropolitan code.', examples: ['CGK'] }),
    destination: Type.String({ description: 'IATA airport or metropolitan code.', examples: ['NRT'] }),
    departure_date: Type.String({ format: 'date', description: `Today at the origin or later, at most ${DAYS_AHEAD_MAX} days ahead.` }),
    return_date: text('For a round trip.', { format: 'date' }),
    adults: whole(`At most ${TRAVELLERS_MAX} travellers in all.`, 1, TRAVELLERS_MAX, 1),
    children: whole('Aged 2 to 11.', 0, TRAVELLERS_MAX - 1, 0),
    infants: whole('Under 2, on the lap of an adult each.', 0, TRAVELLERS_MAX - 1, 0),
    cabin: Type.Optional({ ...OneOf(CABIN_CLASSES), default: 'economy' }),
    max_stops: whole('Connections allowed in each direction.', 0, 9),
    airlines: text('Two-character codes separated by commas. Every segment is marketed by one of them.', { examples: ['GA,SQ'] }),
    min_price: text('In the display currency, included.', { examples: ['100'] }),
    max_price: text('In the display currency, included.', { examples: ['899.50'] }),
    departure_after: timeOfDay('Outbound departure from'),
    departure_before: timeOfDay('Outbound departure until'),
    arrival_after: timeOfDay('Outbound arrival from'),
    arrival_before: timeOfDay('Outbound arrival until'),
    return_departure_after: timeOfDay('Return departure from'),
    return_departure_before: timeOfDay('Return departure until'),
    return_arrival_after: timeOfDay('Return arrival from'),
    return_arrival_before: timeOfDay('Return arrival until'),
    sort: Type.Optional({ ...OneOf(OFFER_SORTS), default: 'price' }),
    limit: whole('Offers per page.', 1, PAGE_MAX, 25),
    after: text('page.after of the previous page.'),
  },
  closed,
)

const SourceReply = Type.Object(
  {
    provider: Type.String(),
    name: Type.String(),
    state: OneOf(['asked', 'answered', 'timed_out', 'failed', 'throttled']),
    offers: Type.Integer(),
    solutions: Type.Integer(),
    ms: Type.Integer(),
    fault: Nullable(Type.String()),
    left_out: Type.Object({ duplicates: Type.Integer(), unusable: Type.Integer(), unpriced: Type.Integer() }, closed),
  },
  closed,
)

const facetOf = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer>>(value: T) => ({
  value,
  count: Type.Integer(),
  from: Nullable(MoneySchema),
})

export const SearchReply = Type.Object(
  {
    search: Type.Object(
      {
        origin: Type.String(),
        destination: Type.String(),
        departure_date: Type.String(),
        return_date: Nullable(Type.String()),
        passengers: Type.Object({ adults: Type.Integer(), children: Type.Integer(), infants: Type.Integer() }, closed),
        cabin: OneOf(CABIN_CLASSES),
      },
      closed,
    ),
    sources: Type.Array(SourceReply),
    prices: Type.Object(
      { checked_at: Type.String(), age_seconds: Type.Integer(), fresh_until: Type.String(), from_cache: Type.Boolean() },
      closed,
    ),
    currency: Type.String(),
    total: Type.Integer({ description: 'Offers that can be sold.' }),
    matching: Type.Integer({ description: 'Those that pass the filters.' }),
    facets: Type.Object(
      {
        stops: Type.Array(Type.Object(facetOf(Type.Integer()), closed)),
        airlines: Type.Array(Type.Object({ ...facetOf(Type.String()), name: Nullable(Type.String()) }, closed)),
        price: Nullable(Type.Object({ min: MoneySchema, max: MoneySchema }, closed)),
      },
      closed,
    ),
    data: Type.Array(OfferSchema),
    page: Type.Object({ after: Nullable(Type.String()), has_more: Type.Boolean() }, closed),
  },
  closed,
)

export const PlaceParameters = Type.Object(
  {
    q: Type.String({ description: 'What a traveller has typed: a code, a city, an airport.', examples: ['jak'] }),
    limit: whole('Places at most.', 1, 20, 8),
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
