/** The words of OpenTravel's hotel messages that we use: namespaces and code lists. Element names stand where they are read. */
import type { Amenity, Property } from '../../travel/property.ts'
import type { BoardBasis, StayCharge } from '../../travel/stay.ts'

/** The one provider id; it names the folder, the config and the mock. */
export const PROVIDER_ID = 'opentravel'

export const NAMESPACES = {
  soap: 'http://schemas.xmlsoap.org/soap/envelope/',
  ota: 'http://www.opentravel.org/OTA/2003/05',
} as const

/** Age qualifying codes (AQC): an adult, a child, an infant. */
export const AGE_CODES = { adult: '10', child: '8', infant: '7' } as const

/** Unique id types (UIT): a reservation, a cancellation, a reference. */
export const ID_TYPES = { reservation: '14', cancellation: '15', reference: '16' } as const

/** How our reference is told from the seller's own number, which has the same type. */
export const REFERENCE_CONTEXT = 'FAREWIRE'

/** By what a room's rate is asked for again. Null where the reply gave none. */
export type RateKey = {
  readonly roomTypeCode: string | null
  readonly roomId: string | null
  readonly ratePlanCode: string | null
  readonly ratePlanId: string | null
  readonly bookingCode: string | null
}

/** What an offer's token holds: the rate of each room, in the order of the rooms. */
export type OfferToken = { readonly v: 1; readonly chain: string | null; readonly rooms: readonly RateKey[] }

/**
 * Meal plan types (MPT). 13, "as brochured", 9 and 20 to 24 name no board of ours.
 * https://developer.siteminder.com/siteminder-apis/additional-resources/reference-tables/meal-plan-type
 */
const MEAL_PLANS: Readonly<Record<string, BoardBasis>> = {
  '1': 'AI',
  '2': 'FB',
  '3': 'BB',
  '4': 'BB',
  '5': 'BB',
  '6': 'BB',
  '7': 'BB',
  '8': 'RO',
  '10': 'FB',
  '11': 'BB',
  '12': 'HB',
  '14': 'RO',
  '15': 'RO',
  '16': 'BB',
  '17': 'HB',
  '19': 'BB',
  RO: 'RO',
  BB: 'BB',
  HB: 'HB',
  FB: 'FB',
  AI: 'AI',
}

/** A meal plan code as a board; null for one that says less, or that we do not know. */
export function toBoard(code: string): BoardBasis | null {
  return MEAL_PLANS[code.toUpperCase()] ?? null
}

/**
 * Hotel amenity codes (HAC). Codes above 5000 are extensions of single sellers and are not read.
 * https://github.com/SAP-docs/preview.developer.concur.com/blob/main/src/api-reference/direct-connects/hotel-service-4/v4.supported-ota-codes.md
 */
const AMENITY_LISTS: Readonly<Record<Amenity, readonly number[]>> = {
  wifi: [179, 222, 261, 286, 344],
  pool: [49, 54, 66, 71],
  parking: [42, 53, 63, 64, 65, 68, 97, 184, 185, 186],
  gym: [35, 48, 345],
  spa: [84],
  restaurant: [76],
  bar: [85, 158, 165],
  air_conditioning: [5],
  family_rooms: [],
  airport_shuttle: [41, 282],
  pets: [224],
  accessible: [47, 74, 101, 258],
  beach: [238, 239],
  kitchen: [262],
  laundry: [58, 108, 168],
  reception_24h: [1],
}
const AMENITIES_BY_CODE = new Map(
  Object.entries(AMENITY_LISTS).flatMap(([amenity, codes]) => codes.map((code) => [String(code), amenity as Amenity] as const)),
)
/** Room amenity codes (RMA) that say something of the whole house. */
const ROOM_AMENITIES: Readonly<Record<string, Amenity>> = {
  '2': 'air_conditioning',
  '59': 'kitchen',
  '61': 'kitchen',
  '123': 'wifi',
  '126': 'air_conditioning',
  '185': 'family_rooms',
  '226': 'wifi',
}

/** A hotel amenity code as a word of ours. */
export function toAmenity(hotelAmenityCode: string | undefined): Amenity | null {
  return AMENITIES_BY_CODE.get(hotelAmenityCode?.replace(/^0+/, '') ?? '') ?? null
}

/** A room amenity code as a word of ours. */
export function toAmenityOfRoom(roomAmenityCode: string | undefined): Amenity | null {
  return ROOM_AMENITIES[roomAmenityCode?.replace(/^0+/, '') ?? ''] ?? null
}

/** Property class types (PCT), https://developers.booking.com/connectivity/docs/codes-pct/. */
const PROPERTY_TYPES: Readonly<Record<string, Property['type']>> = {
  '3': 'apartment',
  '29': 'apartment',
  '5000': 'apartment',
  '4': 'guest_house',
  '16': 'guest_house',
  '40': 'guest_house',
  '19': 'hostel',
  '20': 'hotel',
  '21': 'hotel',
  '27': 'hotel',
  '30': 'resort',
}

/** A property class as a type of ours; a hotel when the message does not say, "other" for a class we do not know. */
export function toPropertyType(code: string | undefined): Property['type'] {
  return code === undefined || code === '' ? 'hotel' : (PROPERTY_TYPES[code] ?? 'other')
}

/**
 * Fee and tax types (FTT) by number, for lines that have no words of their own.
 * https://developer.siteminder.com/siteminder-apis/additional-resources/reference-tables/fee-tax-type
 */
const CHARGE_NAMES = (
  'Bed tax,City hotel fee,City tax,County tax,Energy tax,Federal tax,Food and beverage tax,Lodging tax,Maintenance fee,Occupancy tax,Package fee,' +
  'Resort fee,Sales tax,Service charge,State tax,Surcharge,Total tax,Tourism tax,VAT/GST,Surplus lines tax,Insurance premium tax,Application fee,' +
  'Express handling fee,Exempt,Standard,Zero-rated,Miscellaneous,Room tax,Early checkout fee,Country tax,Extra person charge,Banquet service fee,' +
  'Room service fee,Local fee,Goods and services tax,Value added tax,Crib fee,Rollaway fee,Licence tax,Pet sanitation fee'
).split(',')

/** What a tax or a fee is called by its code; null for a code that has no name here. */
export function chargeName(code: string | undefined): string | null {
  return /^\d{1,2}$/.test(code ?? '') ? (CHARGE_NAMES[Number(code) - 1] ?? null) : null
}

/** Fee and tax types that are not simply a tax or a fee. */
const CITY_TAXES = new Set(['1', '2', '3', '18', '34', '59', '66', 'CIT'])
const RESORT_FEES = new Set(['12', '55', '58'])

/** What a tax or a fee is by its code, else by its name. */
export function toChargeKind(element: 'tax' | 'fee', code: string | undefined, name: string): StayCharge['kind'] {
  if (CITY_TAXES.has(code ?? '') || /\b(city|tourist|tourism) (tax|fee|levy)\b/i.test(name)) return 'city_tax'
  if (RESORT_FEES.has(code ?? '') || /\b(resort|amenity|destination) fee\b/i.test(name)) return 'resort_fee'
  return element
}
