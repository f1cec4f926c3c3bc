import type { Property } from '../../travel/property.ts'
import { toFacilities } from './facilities.ts'
import { HOTELBEDS } from './faults.ts'
import { wireImage, type WireImage, type WireProperty } from './wire.ts'

/** Pictures 800 pixels wide. https://developer.hotelbeds.com/documentation/hotels/content-api/use-images/ */
const PHOTOS = 'https://photos.hotelbeds.com/giata/bigger/'
const IMAGES_MAX = 30

/** Their country codes that are not ISO 3166's. */
const COUNTRIES: Readonly<Record<string, string>> = { UK: 'GB' }

/** Their hotel as ours; undefined without a place on the map or a country, for then nobody could find it. */
export function toProperty(wire: WireProperty): Property | undefined {
  const latitude = toDegrees(wire.coordinates.latitude, 90)
  const longitude = toDegrees(wire.coordinates.longitude, 180)
  const name = textOf(wire.name)
  const country = wire.country?.isoCode ?? COUNTRIES[wire.countryCode] ?? wire.countryCode
  if (latitude === undefined || longitude === undefined || !name || !/^[A-Z]{2}$/.test(country)) return undefined
  return {
    provider: HOTELBEDS,
    code: String(wire.code),
    name,
    stars: toStars(wire),
    latitude,
    longitude,
    address: textOf(wire.address),
    city: textOf(wire.city),
    country,
    district: wire.zone?.name ?? null,
    type: toType(wire.accommodationTypeCode ?? ''),
    rating: null,
    images: toImages(wire.images ?? []),
    description: textOf(wire.description),
    ...toFacilities(wire.facilities ?? []),
  }
}

function toDegrees(value: string | number, most: number): number | undefined {
  const degrees = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value)
  return Number.isFinite(degrees) && Math.abs(degrees) <= most ? degrees : undefined
}

function textOf(text: { readonly content?: string | null } | null | undefined): string | null {
  return text?.content?.trim() || null
}

/** "4EST", "4LUX" and "4LL" (keys of apartments) are four, "H4_5" is four and a half; otherwise what the group says, "GRUPO4". */
function toStars({ categoryCode, categoryGroupCode }: WireProperty): number | null {
  const half = /^H([1-4])_5$/.exec(categoryCode ?? '')
  if (half) return Number(half[1]) + 0.5
  const whole = /^([1-5])(?!\d)/.exec(categoryCode ?? '') ?? /^GRUPO([1-5])$/.exec(categoryGroupCode ?? '')
  return whole ? Number(whole[1]) : null
}

/** Words in the messages of today, letters in those of before. */
const TYPES: Readonly<Record<string, Property['type']>> = {
  HOTEL: 'hotel',
  H: 'hotel',
  APARTMENT: 'apartment',
  APTHOTEL: 'apartment',
  A: 'apartment',
  P: 'apartment',
  HOSTEL: 'hostel',
  S: 'hostel',
  RESORT: 'resort',
  RURAL: 'guest_house',
}

function toType(code: string): Property['type'] {
  return Object.hasOwn(TYPES, code) ? TYPES[code]! : 'other'
}

/** `visualOrder` is the order for showing; the same picture may be listed for several rooms. */
function toImages(list: readonly unknown[]): string[] {
  const images = list.filter((one): one is WireImage => wireImage.Check(one))
  const place = ({ visualOrder, order }: WireImage): number => visualOrder ?? order ?? Number.MAX_SAFE_INTEGER
  const paths = images.toSorted((a, b) => place(a) - place(b)).map(({ path }) => path.replace(/^\/+/, ''))
  return [...new Set(paths)]
    .filter((path) => /^[\w./-]+$/.test(path))
    .slice(0, IMAGES_MAX)
    .map((path) => PHOTOS + path)
}
