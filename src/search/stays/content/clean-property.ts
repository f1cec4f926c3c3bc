import type { Property } from '../../../travel/property.ts'
import { AMENITIES } from '../../../travel/property.ts'

const NAME_MAX = 300
const TEXT_MAX = 300
const DESCRIPTION_MAX = 8_000
const IMAGES_MAX = 60
const URL_MAX = 2_000

/**
 * A property as it may be kept, or null for one that cannot be found or told: without code, name, country or a place on
 * earth. Texts are cut to what a page can show; what is not an https address is no image.
 */
export function cleanProperty(property: Property): Property | null {
  const [code, name] = [text(property.code, TEXT_MAX), text(property.name, NAME_MAX)]
  const country = property.country.toUpperCase()
  if (code === null || code !== property.code || name === null || !/^[A-Z]{2}$/.test(country) || !isOnEarth(property)) return null
  return {
    ...property,
    code,
    name,
    country,
    stars: within(property.stars, 0, 5),
    rating: within(property.rating, 0, 10),
    address: text(property.address, TEXT_MAX),
    city: text(property.city, TEXT_MAX),
    district: districtOf(property.district),
    description: text(property.description, DESCRIPTION_MAX),
    checkInFrom: text(property.checkInFrom, TEXT_MAX),
    checkOutUntil: text(property.checkOutUntil, TEXT_MAX),
    amenities: AMENITIES.filter((amenity) => property.amenities.includes(amenity)),
    images: property.images.filter(isImage).slice(0, IMAGES_MAX),
  }
}

/** Nothing stands where both are zero but a buoy: it is what suppliers write for "not known". */
function isOnEarth({ latitude, longitude }: Property): boolean {
  const isKnown = Number.isFinite(latitude) && Number.isFinite(longitude) && (latitude !== 0 || longitude !== 0)
  return isKnown && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
}

// Postgres takes no NUL, and half of a pair of surrogates is no character.
function text(value: string | null, max: number): string | null {
  if (value === null) return null
  const cleaned = wellFormed(wellFormed(value).replaceAll('\0', '').trim().slice(0, max))
  return cleaned === '' ? null : cleaned
}

function wellFormed(value: string): string {
  return Buffer.from(value, 'utf8').toString('utf8')
}

/** A district is chosen from a list whose values are separated by commas, kept among values joined by "+", and named with "|" around. */
function districtOf(value: string | null): string | null {
  return text(value?.replaceAll(/[+,|\s]+/g, ' ') ?? null, 80)
}

function within(value: number | null, min: number, max: number): number | null {
  return value !== null && value >= min && value <= max ? value : null
}

function isImage(url: string): boolean {
  return url.length <= URL_MAX && url.startsWith('https://') && URL.canParse(url)
}
