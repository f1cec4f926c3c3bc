import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'

/**
 * Hotelbeds' words, Hotel API and Hotel Content API 1.0: only the fields that we read, everything else is ignored.
 * https://developer.hotelbeds.com/documentation/hotels/booking-api/api-reference/
 */
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))

/** An amount or a code: text in some messages of one operation and a number in others. */
const Scalar = Type.Union([Type.String(), Type.Number()])

const WireTax = Type.Object({
  included: Nullable(Type.Boolean()),
  amount: Nullable(Scalar),
  currency: Nullable(Type.String()),
  type: Nullable(Type.String()),
  subType: Nullable(Type.String()),
})
export type WireTax = Static<typeof WireTax>

const WirePolicy = Type.Object({ amount: Nullable(Scalar), from: Nullable(Type.String()) })
export type WirePolicy = Static<typeof WirePolicy>

const WireRate = Type.Object({
  rateKey: Type.String({ minLength: 1 }),
  rateClass: Nullable(Type.String()),
  rateType: Nullable(Type.String()),
  net: Scalar,
  allotment: Nullable(Type.Number()),
  rateComments: Nullable(Type.String()),
  paymentType: Nullable(Type.String()),
  packaging: Nullable(Type.Boolean()),
  boardCode: Nullable(Type.String()),
  boardName: Nullable(Type.String()),
  cancellationPolicies: Nullable(Type.Array(WirePolicy)),
  taxes: Nullable(Type.Object({ taxes: Nullable(Type.Array(WireTax)) })),
  promotions: Nullable(Type.Array(Type.Object({ name: Nullable(Type.String()) }))),
  rooms: Nullable(Type.Integer({ minimum: 1 })),
  adults: Nullable(Type.Integer({ minimum: 0 })),
  children: Nullable(Type.Integer({ minimum: 0 })),
  childrenAges: Nullable(Scalar),
  // A rate for other dates than were asked for says so.
  checkIn: Nullable(Type.String()),
  checkOut: Nullable(Type.String()),
})
export type WireRate = Static<typeof WireRate>

/** Rates are checked one by one afterwards, so that one that cannot be read costs itself and not its hotel. */
const WireRoom = Type.Object({ code: Nullable(Type.String()), name: Nullable(Type.String()), rates: Nullable(Type.Array(Type.Unknown())) })
export type WireRoom = Static<typeof WireRoom>

const WireHotel = Type.Object({
  code: Scalar,
  name: Type.String(),
  currency: Type.String(),
  rooms: Nullable(Type.Array(WireRoom)),
  checkIn: Nullable(Type.String()),
  checkOut: Nullable(Type.String()),
  totalNet: Nullable(Scalar),
  paymentDataRequired: Nullable(Type.Boolean()),
})
export type WireHotel = Static<typeof WireHotel>

const WireBookedRate = Type.Object({ paymentType: Nullable(Type.String()) })
const WireBookedHotel = Type.Object({
  cancellationAmount: Nullable(Scalar),
  currency: Nullable(Type.String()),
  rooms: Nullable(Type.Array(Type.Object({ rates: Nullable(Type.Array(WireBookedRate)) }))),
})

const WireBooking = Type.Object({
  reference: Type.String({ minLength: 1 }),
  clientReference: Nullable(Type.String()),
  cancellationReference: Nullable(Type.String()),
  status: Type.String(),
  totalNet: Nullable(Scalar),
  currency: Nullable(Type.String()),
  hotel: Nullable(WireBookedHotel),
})
export type WireBooking = Static<typeof WireBooking>

const WireContent = Type.Object({ content: Nullable(Type.String()) })
const WireFacility = Type.Object({
  facilityCode: Type.Integer(),
  facilityGroupCode: Type.Integer(),
  indYesOrNo: Nullable(Type.Boolean()),
  indLogic: Nullable(Type.Boolean()),
  number: Nullable(Type.Number()),
  distance: Nullable(Scalar),
  timeFrom: Nullable(Type.String()),
  timeTo: Nullable(Type.String()),
})
export type WireFacility = Static<typeof WireFacility>

const WireImage = Type.Object({ path: Type.String({ minLength: 1 }), order: Nullable(Type.Number()), visualOrder: Nullable(Type.Number()) })
export type WireImage = Static<typeof WireImage>

const WireProperty = Type.Object({
  code: Scalar,
  name: WireContent,
  description: Nullable(WireContent),
  countryCode: Type.String({ minLength: 2 }),
  country: Nullable(Type.Object({ isoCode: Nullable(Type.String()) })),
  zone: Nullable(Type.Object({ name: Nullable(Type.String()) })),
  coordinates: Type.Object({ latitude: Scalar, longitude: Scalar }),
  categoryCode: Nullable(Type.String()),
  categoryGroupCode: Nullable(Type.String()),
  accommodationTypeCode: Nullable(Type.String()),
  address: Nullable(WireContent),
  city: Nullable(WireContent),
  facilities: Nullable(Type.Array(Type.Unknown())),
  images: Nullable(Type.Array(Type.Unknown())),
})
export type WireProperty = Static<typeof WireProperty>

const WireError = Type.Union([Type.Object({ code: Nullable(Type.String()), message: Nullable(Type.String()) }), Type.String()])
export type WireError = Static<typeof WireError>

export const wireAvailability = Compile(
  Type.Object({
    hotels: Type.Object({
      checkIn: Nullable(Type.String()),
      checkOut: Nullable(Type.String()),
      hotels: Nullable(Type.Array(Type.Unknown())),
      total: Nullable(Type.Integer()),
    }),
  }),
)
export const wireCheckedRates = Compile(Type.Object({ hotel: WireHotel }))
export const wireHotel = Compile(WireHotel)
export const wireRate = Compile(WireRate)
export const wireBookingReply = Compile(Type.Object({ booking: WireBooking }))
/** Of the bookings on a page each is looked at alone, so that somebody else's odd one costs nothing. */
export const wireBookingPage = Compile(Type.Object({ bookings: Type.Object({ bookings: Nullable(Type.Array(Type.Unknown())) }) }))
export const wireBooking = Compile(WireBooking)
export const wireContentPage = Compile(
  Type.Object({ from: Type.Integer(), to: Type.Integer(), total: Nullable(Type.Integer()), hotels: Nullable(Type.Array(Type.Unknown())) }),
)
export const wireProperty = Compile(WireProperty)
export const wireFacility = Compile(WireFacility)
export const wireImage = Compile(WireImage)
export const wireErrorReply = Compile(Type.Object({ error: WireError }))
