import { AMENITIES, type Amenity } from '../../travel/property.ts'
import { wireFacility, type WireFacility } from './wire.ts'

/**
 * Their facilities that we have a word for, as "group/code": a code means something only within its group (10 is air
 * conditioning in group 70 and American Express in group 30). From `GET /types/facilities` of the Content API;
 * https://developer.hotelbeds.com/documentation/hotels/content-api/some-tips-understand-main-features-within-facility
 */
const FACILITIES: Readonly<Record<string, Amenity>> = {
  '70/550': 'wifi',
  '60/261': 'wifi',
  '73/360': 'pool',
  '73/361': 'pool',
  '73/362': 'pool',
  '73/363': 'pool',
  '73/364': 'pool',
  '73/365': 'pool',
  '73/615': 'pool',
  '60/306': 'pool',
  '60/313': 'pool',
  '70/320': 'parking',
  '70/330': 'parking',
  '70/500': 'parking',
  '70/560': 'parking',
  '70/470': 'gym',
  '90/295': 'gym',
  '60/308': 'gym',
  '74/620': 'spa',
  '74/460': 'spa',
  '71/200': 'restaurant',
  '71/130': 'bar',
  '73/140': 'bar',
  '60/170': 'air_conditioning',
  '60/180': 'air_conditioning',
  '70/10': 'air_conditioning',
  '10/131': 'family_rooms',
  '70/562': 'airport_shuttle',
  '70/535': 'pets',
  '70/540': 'pets',
  '70/295': 'accessible',
  '60/250': 'accessible',
  '10/124': 'accessible',
  '60/110': 'kitchen',
  '60/115': 'kitchen',
  '70/280': 'laundry',
  '70/30': 'reception_24h',
}
const BEACH = '40/40'
const BEACH_METRES_MAX = 300
const CHECK_IN = '70/260'
const CHECK_OUT = '70/390'

export type Facilities = {
  readonly amenities: readonly Amenity[]
  readonly checkInFrom: string | null
  readonly checkOutUntil: string | null
}

/** What a property has. A facility is also listed to say that it is not there; one that cannot be read is none. */
export function toFacilities(list: readonly unknown[]): Facilities {
  const present = list.filter((one): one is WireFacility => wireFacility.Check(one)).filter(isPresent)
  const keyOf = ({ facilityGroupCode, facilityCode }: WireFacility): string => `${facilityGroupCode}/${facilityCode}`
  const named = new Set(present.flatMap((facility) => amenityOf(keyOf(facility), facility)))
  const timeOf = (key: string, time: 'timeFrom' | 'timeTo'): string | null => {
    const stated = present.find((facility) => keyOf(facility) === key)?.[time]
    return stated && /^\d{2}:\d{2}/.test(stated) ? stated.slice(0, 5) : null
  }
  return {
    amenities: AMENITIES.filter((amenity) => named.has(amenity)),
    checkInFrom: timeOf(CHECK_IN, 'timeFrom'),
    checkOutUntil: timeOf(CHECK_OUT, 'timeTo'),
  }
}

function isPresent({ indYesOrNo, indLogic, number }: WireFacility): boolean {
  return indYesOrNo !== false && indLogic !== false && number !== 0
}

function amenityOf(key: string, { distance }: WireFacility): Amenity[] {
  if (key === BEACH) return distance !== null && distance !== undefined && Number(distance) <= BEACH_METRES_MAX ? ['beach'] : []
  return Object.hasOwn(FACILITIES, key) ? [FACILITIES[key]!] : []
}
