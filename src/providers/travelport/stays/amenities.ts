import type { Amenity } from '../../../travel/property.ts'

/** Travelport's amenity codes that we have a word for. Source: the amenity code table of Travelport Rooms and More. */
const AMENITIES: Readonly<Record<string, Amenity>> = {
  INWI: 'wifi',
  HWFR: 'wifi',
  POOL: 'pool',
  INPL: 'pool',
  OUPL: 'pool',
  PARK: 'parking',
  FPRK: 'parking',
  FEPK: 'parking',
  CVPK: 'parking',
  INPK: 'parking',
  OUPK: 'parking',
  SEPA: 'parking',
  VAPK: 'parking',
  V2PK: 'parking',
  HECL: 'gym',
  HESP: 'gym',
  SPAA: 'spa',
  RTNT: 'restaurant',
  LUGE: 'bar',
  PLBR: 'bar',
  MPBR: 'bar',
  AICO: 'air_conditioning',
  AICA: 'air_conditioning',
  FARM: 'family_rooms',
  SHFR: 'airport_shuttle',
  SHFE: 'airport_shuttle',
  SPAL: 'pets',
  HAFA: 'accessible',
  BECH: 'beach',
  KTCN: 'kitchen',
  LAVA: 'laundry',
  FD24: 'reception_24h',
}

/** Our words for their codes, each once. */
export function toAmenities(codes: readonly string[]): readonly Amenity[] {
  return [...new Set(codes.flatMap((code) => AMENITIES[code] ?? []))]
}
