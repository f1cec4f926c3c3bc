import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'

/**
 * Rapid's words, version 3: only the fields that we read, everything else is ignored. Amounts are text in their messages
 * and numbers in some of their examples. Checked against https://developers.expediagroup.com/docs/products/rapid.
 */
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))
const Word = Type.Union([Type.String(), Type.Number()])

const WireAmount = Type.Object({ value: Word, currency: Type.String() })
export type WireAmount = Static<typeof WireAmount>

const WireCharge = Type.Object({ billable_currency: Nullable(WireAmount), request_currency: Nullable(WireAmount) })
export type WireCharge = Static<typeof WireCharge>

const WireLink = Type.Object({ href: Type.String({ minLength: 1 }), expires: Nullable(Type.String()) })
export type WireLink = Static<typeof WireLink>

const WireTotals = Type.Object({ inclusive: WireCharge, exclusive: Nullable(WireCharge) })

const WirePricing = Type.Object({
  // Lists of lists; an example of theirs has a single object. Only what is well formed is used.
  nightly: Type.Optional(Type.Unknown()),
  totals: WireTotals,
  fees: Nullable(
    Type.Object({ mandatory_fee: Nullable(WireCharge), resort_fee: Nullable(WireCharge), mandatory_tax: Nullable(WireCharge) }),
  ),
})
export type WirePricing = Static<typeof WirePricing>

const WirePenalty = Type.Object({
  start: Nullable(Type.String()),
  currency: Nullable(Type.String()),
  amount: Nullable(Word),
  nights: Nullable(Word),
  percent: Nullable(Word),
})
export type WirePenalty = Static<typeof WirePenalty>

const WireDateRange = Type.Object({ start: Type.String(), end: Type.String() })
export type WireDateRange = Static<typeof WireDateRange>

const WireAmenity = Type.Object({ id: Nullable(Word), name: Nullable(Type.String()) })

const WireDeposit = Type.Object({ value: Nullable(Word), currency: Nullable(Type.String()), due: Nullable(Type.String()) })

const WireConditions = Type.Object({
  deposits: Nullable(Type.Array(WireDeposit)),
  refundable_damage_deposit: Nullable(WireAmount),
  card_on_file_limit: Nullable(WireAmount),
})
export type WireConditions = Static<typeof WireConditions>

const WireRate = Type.Intersect([
  WireConditions,
  Type.Object({
    id: Word,
    status: Nullable(Type.String()),
    available_rooms: Nullable(Type.Number()),
    refundable: Nullable(Type.Boolean()),
    merchant_of_record: Nullable(Type.String()),
    sale_scenario: Nullable(Type.Object({ package: Nullable(Type.Boolean()) })),
    amenities: Nullable(Type.Union([Type.Record(Type.String(), WireAmenity), Type.Array(WireAmenity)])),
    bed_groups: Type.Record(Type.String(), Type.Object({ links: Nullable(Type.Object({ price_check: Nullable(WireLink) })) })),
    cancel_penalties: Nullable(Type.Array(WirePenalty)),
    nonrefundable_date_ranges: Nullable(Type.Array(WireDateRange)),
    occupancy_pricing: Type.Record(Type.String(), WirePricing),
  }),
])
export type WireRate = Static<typeof WireRate>

const WireRoom = Type.Object({ id: Word, room_name: Nullable(Type.String()), rates: Type.Array(Type.Unknown()) })
export type WireRoom = Static<typeof WireRoom>

const WireProperty = Type.Object({ property_id: Word, rooms: Nullable(Type.Array(WireRoom)) })
export type WireProperty = Static<typeof WireProperty>

const WirePriceCheck = Type.Intersect([
  WireConditions,
  Type.Object({
    status: Type.String(),
    occupancy_pricing: Nullable(Type.Record(Type.String(), WirePricing)),
    links: Nullable(Type.Record(Type.String(), WireLink)),
    refund: Nullable(WireCharge),
    amount_owed: Nullable(WireCharge),
    penalty: Nullable(WireCharge),
    trader_information: Nullable(
      Type.Object({
        traders: Nullable(Type.Array(Type.Object({ right_to_withdraw_message: Nullable(Type.String()) }))),
        terms_and_conditions: Nullable(Type.String()),
      }),
    ),
  }),
])
export type WirePriceCheck = Static<typeof WirePriceCheck>

const WireItineraryRoom = Type.Object({
  id: Nullable(Word),
  status: Nullable(Type.String()),
  links: Nullable(Type.Object({ cancel: Nullable(WireLink) })),
  rate: Nullable(
    Type.Object({
      cancel_refund: Nullable(Type.Object({ amount: Nullable(Word), currency: Nullable(Type.String()) })),
      pricing: Nullable(Type.Object({ totals: Nullable(Type.Object({ inclusive: Nullable(WireCharge) })) })),
    }),
  ),
})
export type WireItineraryRoom = Static<typeof WireItineraryRoom>

const WireItinerary = Type.Object({
  itinerary_id: Type.Union([Type.String({ minLength: 1 }), Type.Number()]),
  email: Nullable(Type.String()),
  affiliate_reference_id: Nullable(Type.String()),
  creation_date_time: Nullable(Type.String()),
  links: Nullable(Type.Record(Type.String(), WireLink)),
  rooms: Nullable(Type.Array(WireItineraryRoom)),
})
export type WireItinerary = Static<typeof WireItinerary>

const WireNamed = Type.Object({ name: Nullable(Type.String()) })
const WireCoordinates = Type.Object({ latitude: Type.Number(), longitude: Type.Number() })

const WireContent = Type.Object({
  property_id: Word,
  name: Type.String({ minLength: 1 }),
  address: Type.Object({
    line_1: Nullable(Type.String()),
    line_2: Nullable(Type.String()),
    city: Nullable(Type.String()),
    postal_code: Nullable(Type.String()),
    country_code: Type.String({ pattern: '^[A-Za-z]{2}$' }),
    obfuscation_required: Nullable(Type.Boolean()),
  }),
  location: Type.Object({
    coordinates: Nullable(WireCoordinates),
    obfuscated_coordinates: Nullable(WireCoordinates),
    obfuscation_required: Nullable(Type.Boolean()),
  }),
  ratings: Nullable(
    Type.Object({
      property: Nullable(Type.Object({ rating: Nullable(Word) })),
      guest: Nullable(Type.Object({ overall: Nullable(Word) })),
    }),
  ),
  category: Nullable(WireNamed),
  checkin: Nullable(Type.Object({ '24_hour': Nullable(Type.String()), begin_time: Nullable(Type.String()) })),
  checkout: Nullable(Type.Object({ time: Nullable(Type.String()) })),
  attributes: Nullable(Type.Record(Type.String(), Type.Unknown())),
  amenities: Nullable(Type.Record(Type.String(), WireNamed)),
  images: Nullable(
    Type.Array(Type.Object({ hero_image: Nullable(Type.Boolean()), links: Nullable(Type.Record(Type.String(), WireLink)) })),
  ),
  descriptions: Nullable(Type.Record(Type.String(), Type.Unknown())),
})
export type WireContent = Static<typeof WireContent>

const WireField = Type.Object({ name: Nullable(Type.String()), type: Nullable(Type.String()) })
const WireSingleError = Type.Object({ type: Type.String(), message: Nullable(Type.String()), fields: Nullable(Type.Array(WireField)) })
export type WireSingleError = Static<typeof WireSingleError>

const WireError = Type.Intersect([WireSingleError, Type.Object({ errors: Nullable(Type.Array(WireSingleError)) })])

/** Properties, rates and content are checked one by one, so that one that cannot be read costs itself and not the search. */
export const wireAvailability = Compile(Type.Array(Type.Object({ property_id: Word })))
export const wireProperty = Compile(WireProperty)
export const wireRate = Compile(WireRate)
export const wirePriceCheck = Compile(WirePriceCheck)
export const wireItinerary = Compile(WireItinerary)
export const wireItineraries = Compile(Type.Array(WireItinerary))
export const wireContentPage = Compile(Type.Record(Type.String(), Type.Object({})))
export const wireContent = Compile(WireContent)
export const wireError = Compile(WireError)
