import { Type, type TSchema } from 'typebox'
import { ALLIANCES } from '../../travel/alliances.ts'
import { CABIN_CLASSES } from '../../travel/flight.ts'
import { OneOf } from '../../travel/schemas.ts'
import { DAYS_AHEAD_MAX, NEARBY_KM_MAX, SLICES_MAX, TRAVELLERS_MAX } from './read-broad-search.ts'
import { OFFER_FORMS, OFFER_SORTS, SELF_TRANSFER_WISHES } from './search-query.ts'
import { DURATION_MAX, EMISSIONS_MAX, PAGE_DEFAULT, PAGE_MAX, STOPS_MAX, WINDOW_NAMES } from './selection-parameters.ts'

const text = (description: string, more: Record<string, unknown> = {}) => Type.Optional(Type.String({ description, ...more }))
const whole = (description: string, range: readonly [minimum: number, maximum: number], initial?: number) =>
  Type.Optional(Type.Integer({ description, minimum: range[0], maximum: range[1], ...(initial === undefined ? {} : { default: initial }) }))
const word = (description: string, words: readonly string[], initial?: string) =>
  Type.Optional({ ...OneOf(words), description, ...(initial === undefined ? {} : { default: initial }) })
const listOf = (description: string, words: readonly string[]) =>
  text(`${description} Of ${words.join(', ')}, separated by commas.`, { examples: [words.slice(0, 2).join(',')] })
const airports = (description: string) =>
  text(`${description} IATA codes separated by commas; a city's stands for its airports.`, { examples: ['SIN,KUL'] })
const amount = (description: string, example: string) => text(`${description} In the display currency, included.`, { examples: [example] })

const BOUNDS: Record<(typeof WINDOW_NAMES)[number], string> = {
  departure_after: 'departs at or after',
  departure_before: 'departs at or before',
  arrival_after: 'arrives at or after',
  arrival_before: 'arrives at or before',
}

/** The time windows of one slice, by parameter. */
function windowsOf(prefix: string, slice: string): Record<string, TSchema> {
  const windows = WINDOW_NAMES.map((name) => {
    const description = `${slice} ${BOUNDS[name]} this, on the clock there. After later than before reaches over midnight.`
    return [prefix + name, text(description, { pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', examples: ['06:30'] })] as const
  })
  return Object.fromEntries(windows)
}

const eachSlice = Object.assign(
  {},
  ...Array.from({ length: SLICES_MAX }, (_, index) => windowsOf(`slice_${index + 1}_`, `Slice ${index + 1}`)),
) as Record<string, TSchema>

/** Describes the parameters; parse-search.ts, which tells all faults at once, is what enforces them. */
export const SearchParameters = Type.Object(
  {
    origin: text('IATA airport or metropolitan code. Required unless slice is given.', { examples: ['CGK'] }),
    destination: text('IATA airport or metropolitan code. Required unless slice is given.', { examples: ['NRT'] }),
    departure_date: text(`Today at the origin or later, at most ${DAYS_AHEAD_MAX} days ahead. Required unless slice is given.`, {
      format: 'date',
    }),
    return_date: text('For a round trip.', { format: 'date' }),
    slice: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Z]{3}\\.[A-Z]{3}\\.\\d{4}-\\d{2}-\\d{2}$', examples: ['CGK.NRT.2026-12-01'] }), {
        description: `Instead of origin, destination and dates, for journeys of up to ${SLICES_MAX} slices: from, to and date of each, repeated in the order they are flown.`,
        minItems: 1,
        maxItems: SLICES_MAX,
      }),
    ),
    adults: whole(`At most ${TRAVELLERS_MAX} travellers in all.`, [1, TRAVELLERS_MAX], 1),
    children: whole('Aged 2 to 11.', [0, TRAVELLERS_MAX - 1], 0),
    infants: whole('Under 2, on the lap of an adult each.', [0, TRAVELLERS_MAX - 1], 0),
    cabin: word('The cabin asked for.', CABIN_CLASSES, 'economy'),
    nearby_km: whole('Also from and to airports within so many kilometres. One way, and there and back.', [0, NEARBY_KM_MAX], 0),
    self_transfer: word(
      'include: also two one-way tickets joined at a hub, the connection at the traveller’s risk. only: nothing but those. exclude: no such offer of anybody. One way; exclude is for every journey.',
      SELF_TRANSFER_WISHES,
    ),
    max_stops: whole('Connections allowed in each slice.', [0, STOPS_MAX]),
    airlines: text('Two-character codes separated by commas. Every segment is marketed by one of them.', { examples: ['GA,SQ'] }),
    exclude_airlines: text('Two-character codes separated by commas. No segment is marketed or operated by one of them.', {
      examples: ['JT'],
    }),
    alliances: listOf('Every segment is marketed by a member of one of them.', ALLIANCES),
    min_price: amount('The lowest price shown.', '100'),
    max_price: amount('The highest price shown.', '899.50'),
    max_duration: whole('Minutes that every slice lasts at most. An unknown duration does not pass.', [0, DURATION_MAX]),
    connections: airports('Every connection is at one of them; a nonstop passes.'),
    exclude_connections: airports('No connection is at one of them.'),
    min_connection: whole('Minutes that every connection lasts at least; a nonstop passes.', [0, DURATION_MAX]),
    max_connection: whole('Minutes that every connection lasts at most; a nonstop passes.', [0, DURATION_MAX]),
    cabins: listOf('The cabin flown; mixed is different ones.', [...CABIN_CLASSES, 'mixed', 'unknown']),
    bags: listOf('Checked pieces included for the first passenger on every segment; 2 is two or more.', ['0', '1', '2', 'unknown']),
    refundable: listOf('Whether money is given back before departure.', ['yes', 'no', 'unknown']),
    changeable: listOf('Whether dates can be changed before departure.', ['yes', 'no', 'unknown']),
    suppliers: text('Ids of suppliers, as sources tells them, separated by commas.', { examples: ['travelport'] }),
    overnight: listOf('Whether the date changes during a connection.', ['yes', 'no']),
    origin_airports: airports('The first slice departs at one of them.'),
    destination_airports: airports('The first slice arrives at one of them.'),
    max_emissions: whole('Kilograms of CO2 equivalent of all passengers together at most. What is unknown does not pass.', [
      0,
      EMISSIONS_MAX,
    ]),
    ...windowsOf('', 'The first slice'),
    ...windowsOf('return_', 'The second slice'),
    ...eachSlice,
    sort: word('Unknown values come last, equal ones cheapest first.', OFFER_SORTS, 'price'),
    limit: whole('Offers per page.', [1, PAGE_MAX], PAGE_DEFAULT),
    after: text('page.after of the previous page.'),
    view: word('summary: what a list shows of each offer.', OFFER_FORMS, 'full'),
  },
  { additionalProperties: false },
)
