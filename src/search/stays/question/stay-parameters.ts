import { Type } from 'typebox'
import { AMENITIES } from '../../../travel/property.ts'
import { OneOf } from '../../../travel/schemas.ts'
import * as query from './read-stay-query.ts'
import * as selection from './read-stay-selection.ts'

const text = (description: string, more: Record<string, unknown> = {}) => Type.Optional(Type.String({ description, ...more }))
const whole = (description: string, range: readonly [minimum: number, maximum: number], initial?: number) =>
  Type.Optional(Type.Integer({ description, minimum: range[0], maximum: range[1], ...(initial === undefined ? {} : { default: initial }) }))
const listOf = (description: string, words: readonly string[]) =>
  text(`${description} Of ${words.join(', ')}, separated by commas.`, { examples: [words.slice(0, 2).join(',')] })
const amount = (description: string, example: string) => text(`${description} In the display currency, included.`, { examples: [example] })

/** Describes the parameters; parse-stay-search.ts, which tells all faults at once, is what enforces them. */
export const StaySearchParameters = Type.Object(
  {
    place: Type.String({
      description:
        'An IATA airport or metropolitan code, or a latitude and a longitude. A city, and the only airport of one, mean the middle of the town.',
      examples: ['BCN', '41.385,2.173'],
    }),
    radius_km: whole('How far from there.', [1, query.RADIUS_KM_MAX], query.RADIUS_KM_DEFAULT),
    check_in: Type.String({ description: `Today there or later, at most ${query.DAYS_AHEAD_MAX} days ahead.`, format: 'date' }),
    check_out: Type.String({ description: `At most ${query.NIGHTS_MAX} nights after check_in.`, format: 'date' }),
    rooms: Type.Optional(
      Type.Array(Type.String({ pattern: '^\\d{1,2}(\\.\\d{1,2}(,\\d{1,2})*)?(_\\d{1,2}(\\.\\d{1,2}(,\\d{1,2})*)?)*$' }), {
        description: `Who sleeps in each room: adults, then the ages of children after a point. Rooms are joined by "_" or repeated, at most ${query.ROOMS_MAX}. 2.8,5_1 is two adults with children of 8 and 5, and one adult.`,
        default: ['2'],
        examples: [['2.8,5']],
      }),
    ),
    guest_country: text('Where the guests live, ISO 3166-1 alpha-2: some rates are sold in some countries only.', {
      pattern: '^[A-Z]{2}$',
      examples: ['DE'],
    }),
    stars: listOf('Whole stars; four and a half are 4.', selection.STAR_VALUES),
    boards: listOf(
      'What the rate includes to eat: RO nothing, BB breakfast, HB half board, FB full board, AI all inclusive.',
      selection.BOARD_VALUES,
    ),
    refundable: listOf('Whether cancelling now is free.', selection.TRI_STATE),
    pay_at: listOf('Who takes the money: we, or the property.', selection.PAY_AT_VALUES),
    amenities: listOf('The house has all of them.', AMENITIES),
    districts: text('Names as facets tell them, separated by commas.', { examples: ['Eixample,Gràcia'] }),
    property_types: listOf('What kind of house it is.', selection.PROPERTY_TYPES),
    suppliers: text('Ids of suppliers, as sources tells them, separated by commas.'),
    min_price: amount('The lowest price shown for the whole stay.', '100'),
    max_price: amount('The highest price shown for the whole stay.', '899.50'),
    max_distance: whole('Metres from the centre at most.', [0, selection.DISTANCE_M_MAX]),
    min_rating: text('From 0 to 10. What nobody has rated does not pass.', { examples: ['8.5'] }),
    name: text('Every word typed begins a word of the house’s name.', { maxLength: selection.NAME_LENGTH_MAX, examples: ['arts'] }),
    sort: Type.Optional({
      ...OneOf(selection.STAY_SORTS),
      description: 'price, distance: lowest first. rating, stars: highest first. Unknown values come last, equal ones cheapest first.',
      default: 'price',
    }),
    limit: whole('Houses per page.', [1, selection.PAGE_MAX], selection.PAGE_DEFAULT),
    rates: whole('Rates told of each house.', [1, selection.RATES_MAX], selection.RATES_DEFAULT),
    after: text('page.after of the previous page.'),
  },
  { additionalProperties: false },
)
