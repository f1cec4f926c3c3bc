import type { Amenity } from '../../../travel/property.ts'

/**
 * Amenity codes that we have a word for: those in letters of Travelport Rooms and More, and those in numbers of the OpenTravel
 * Alliance (list HAC), which the host's own hotels have.
 */
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
  LAVA: 'laundry',
  FD24: 'reception_24h',
  '1': 'reception_24h',
  '5': 'air_conditioning',
  '19': 'bar',
  '35': 'gym',
  '41': 'airport_shuttle',
  '42': 'parking',
  '47': 'accessible',
  '48': 'gym',
  '53': 'parking',
  '54': 'pool',
  '58': 'laundry',
  '66': 'pool',
  '68': 'parking',
  '71': 'pool',
  '76': 'restaurant',
  '84': 'spa',
  '165': 'bar',
  '168': 'laundry',
  '179': 'wifi',
  '224': 'pets',
}

/** Our words for their codes, each once. */
export function toAmenities(codes: readonly string[]): readonly Amenity[] {
  return [...new Set(codes.flatMap((code) => AMENITIES[code] ?? []))]
}
