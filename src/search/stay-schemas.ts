import { Type } from 'typebox'
import { AMENITIES } from '../travel/property.ts'
import { Nullable, OneOf } from '../travel/schemas.ts'
import { StayOfferSchema } from '../travel/stay-schemas.ts'
import { named, PageReply, plain, PriceRange, PricesReply, range, SourceFields } from './schemas.ts'

const closed = { additionalProperties: false } as const
const count = (description: string) => Type.Integer({ minimum: 0, description })
const PROPERTY_TYPES = ['hotel', 'apartment', 'hostel', 'resort', 'guest_house', 'other'] as const

const HouseFields = {
  id: Type.String({ description: 'One house has one id, whoever sells it.' }),
  name: Type.String(),
  stars: Nullable(Type.Number({ description: 'As suppliers say; half stars occur.' })),
  type: OneOf(PROPERTY_TYPES),
  address: Nullable(Type.String()),
  city: Nullable(Type.String()),
  country: Type.String({ description: 'ISO 3166-1 alpha-2.' }),
  district: Nullable(Type.String()),
  latitude: Type.Number(),
  longitude: Type.Number(),
  amenities: Type.Array(OneOf(AMENITIES), { description: 'What at least one supplier names.' }),
  rating: Nullable(Type.Number({ description: 'Of ten.' })),
}

/** A house as a list tells it. */
export const HouseSchema = Type.Object(
  {
    ...HouseFields,
    distance_m: Type.Integer({ description: 'From the centre of what was searched, in metres.' }),
    image: Nullable(Type.String({ description: 'An https address.' })),
  },
  closed,
)

/** All there is to tell of a house. */
export const HouseDetailsSchema = Type.Object(
  {
    ...HouseFields,
    images: Type.Array(Type.String({ description: 'An https address.' }), { description: 'The best first.' }),
    description: Nullable(Type.String()),
    check_in_from: Nullable(Type.String()),
    check_out_until: Nullable(Type.String()),
    suppliers: Type.Array(Type.String({ description: 'Who sells it.' })),
  },
  closed,
)

export const HouseReply = Type.Object({ data: HouseDetailsSchema }, closed)
export const HouseParams = Type.Object({ house: Type.String({ maxLength: 60, description: 'The id of a house.' }) }, closed)

const SourceReply = Type.Object(
  {
    ...SourceFields,
    left_out: Type.Object(
      {
        duplicates: Type.Integer(),
        unusable: Type.Integer(),
        unpriced: Type.Integer(),
        package_only: count('Rates that may only be sold together with a flight.'),
      },
      closed,
    ),
  },
  closed,
)

/** Counted in houses of which a rate passes all filters but those of the same group; `from` is the lowest price of those rates. */
const Facets = Type.Object(
  {
    stars: plain('Whole stars; four and a half count as 4.'),
    boards: plain('RO room only, BB breakfast, HB half board, FB full board, AI all inclusive; unknown where a supplier does not say.'),
    refundable: plain('Whether cancelling now is free, as the supplier says; unknown is not no.'),
    pay_at: plain('Who takes the money: we, or the property.'),
    amenities: plain('Houses that have it.'),
    districts: plain('Where suppliers name one.'),
    property_types: plain('What kind of house it is.'),
    suppliers: named('Who sells it.'),
    price: PriceRange,
    distance_m: range('Metres from the centre.'),
    rating: range('Tenths of a point: 85 is 8.5 of ten.'),
  },
  closed,
)

export const StaySearchReply = Type.Object(
  {
    search: Type.Object(
      {
        place: Nullable(Type.Object({ code: Type.String(), name: Type.String(), city: Type.String(), country: Type.String() }, closed)),
        latitude: Type.Number({ description: 'Of the place, or the point that was asked for.' }),
        longitude: Type.Number(),
        radius_km: Type.Integer(),
        check_in: Type.String(),
        check_out: Type.String(),
        nights: Type.Integer(),
        rooms: Type.Array(Type.Object({ adults: Type.Integer(), child_ages: Type.Array(Type.Integer()) }, closed)),
        guest_country: Type.String(),
      },
      closed,
    ),
    sources: Type.Array(SourceReply),
    prices: PricesReply,
    currency: Type.String(),
    total: count('Houses with a rate that can be sold.'),
    offers: count('Rates of all of them.'),
    matching: count('Houses of which a rate passes the filters.'),
    facets: Facets,
    data: Type.Array(
      Type.Object(
        {
          house: HouseSchema,
          offers: Type.Array(StayOfferSchema, { description: 'Rates that pass the filters, whoever sells them, the cheapest first.' }),
          more_offers: count('Further rates that pass.'),
        },
        closed,
      ),
    ),
    page: PageReply,
  },
  closed,
)
