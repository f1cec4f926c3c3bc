import { Type } from 'typebox'
import { CABIN_CLASSES } from '../travel/flight.ts'
import { MoneySchema, Nullable, OneOf } from '../travel/schemas.ts'
import { PRICE_STATES } from './price-history/price-history.ts'
import { PRICE_LEVELS } from './price-history/price-levels.ts'
import { NIGHTS_MAX } from './price-history/price-question.ts'
import { DAYS_AHEAD_MAX, TRAVELLERS_MAX } from './question/read-broad-search.ts'

const closed = { additionalProperties: false } as const
const whole = (description: string, minimum: number, maximum: number, initial?: number) =>
  Type.Optional(Type.Integer({ description, minimum, maximum, ...(initial === undefined ? {} : { default: initial }) }))

const route = {
  origin: Type.String({ description: 'IATA airport or metropolitan code.', examples: ['CGK'] }),
  destination: Type.String({ description: 'IATA airport or metropolitan code.', examples: ['NRT'] }),
}

const travellers = {
  adults: whole(`At most ${TRAVELLERS_MAX} travellers in all.`, 1, TRAVELLERS_MAX, 1),
  children: whole('Aged 2 to 11.', 0, TRAVELLERS_MAX - 1, 0),
  infants: whole('Under 2, on the lap of an adult each.', 0, TRAVELLERS_MAX - 1, 0),
  cabin: Type.Optional({ ...OneOf(CABIN_CLASSES), default: 'economy' }),
}

/** Describes the parameters; price-question.ts, which tells all faults at once, is what enforces them. */
export const PriceGridParameters = Type.Object(
  {
    ...route,
    departure_date: Type.String({ format: 'date', description: `Today at the origin or later, at most ${DAYS_AHEAD_MAX} days ahead.` }),
    return_date: Type.Optional(Type.String({ format: 'date', description: 'For a round trip.' })),
    ...travellers,
  },
  closed,
)

export const PriceCalendarParameters = Type.Object(
  {
    ...route,
    month: Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$', examples: ['2026-12'] }),
    nights: whole('For a round trip: the return is so many days after each day of the month.', 0, NIGHTS_MAX),
    ...travellers,
  },
  closed,
)

const cell = {
  departure_date: Type.String(),
  return_date: Nullable(Type.String()),
  state: {
    ...OneOf(PRICE_STATES),
    description:
      '`priced`: seen at this price at `checked_at`. `none_found`: somebody looked and found no flight. `unknown`: nobody has looked lately. ' +
      '`impossible`: the day is past, not sold yet, or the return is before the departure.',
  },
  price: { ...Nullable(MoneySchema), description: 'For all travellers; null unless `priced`, never 0 for unknown.' },
  checked_at: Nullable(Type.String()),
  is_cheapest: Type.Boolean(),
}

const search = {
  origin: Type.String(),
  destination: Type.String(),
  passengers: Type.Object({ adults: Type.Integer(), children: Type.Integer(), infants: Type.Integer() }, closed),
  cabin: OneOf(CABIN_CLASSES),
}

export const PriceGridReply = Type.Object(
  {
    search: Type.Object({ ...search, departure_date: Type.String(), return_date: Nullable(Type.String()) }, closed),
    currency: Type.String(),
    data: Type.Array(Type.Object(cell, closed), { description: 'By departure date, then return date.' }),
  },
  closed,
)

export const PriceCalendarReply = Type.Object(
  {
    search: Type.Object({ ...search, month: Type.String(), nights: Nullable(Type.Integer()) }, closed),
    currency: Type.String(),
    data: Type.Array(
      Type.Object(
        { ...cell, level: { ...Nullable(OneOf(PRICE_LEVELS)), description: 'The third of the known prices it lies in.' } },
        closed,
      ),
    ),
  },
  closed,
)

/** The answer the client has already. */
export const PricesNotModified = Type.Null({ description: 'Nothing has changed.' })
