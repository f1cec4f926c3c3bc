import { plusDays, utcDate } from '../../../kernel/time.ts'
import { findPlace } from '../../../travel/places.ts'
import type { Property } from '../../../travel/property.ts'
import { attribute, child, children, childText, type XmlElement } from '../../../platform/xml.ts'
import type { Call, ContentPage } from '../../contract.ts'
import { ProviderError } from '../../errors.ts'
import { createBudget } from '../deps.ts'
import { PROVIDER_ID } from '../exchange.ts'
import { readCount } from '../read-values.ts'
import { toAmenities } from './amenities.ts'
import { propertyCode, readNextReference } from './read-search.ts'
import { askHotels, type HotelDeps } from './shop.ts'
import { writeHotelsOfCity } from './write.ts'

/** Pages of one city that are read before it is called endless. */
const PAGES_MAX = 50
/** How far ahead the stay is that content is asked for with; hotels without a room then are told too. */
const DAYS_AHEAD = 60

/**
 * The hotels of one city after the other; the cursor is the city's place in the configured list. The host's own references
 * to further pages do not outlive a session, so a city is read whole. Throws ProviderError.
 */
export async function readContent(deps: HotelDeps, cursor: string | null, call: Call): Promise<ContentPage> {
  const { cities } = deps.config.hotels
  const at = cursor === null ? 0 : Number(cursor)
  const city = cities[at]
  if (!Number.isSafeInteger(at) || city === undefined)
    throw new ProviderError(PROVIDER_ID, 'refused', 'the cursor is not one of Travelport')
  const properties = new Map<string, Property>()
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  const checkIn = plusDays(utcDate(deps.clock.now()), DAYS_AHEAD)
  const stay = { checkIn, checkOut: plusDays(checkIn, 1), rooms: [{ adults: 2, childAges: [] }] }
  let from: string | null = null
  let isWhole = false
  for (let page = 0; page < PAGES_MAX && !isWhole; page += 1) {
    const envelope = writeHotelsOfCity(deps.config, city, stay, from)
    const reply = await askHotels(deps, envelope, { budget, expects: 'HotelSearchAvailabilityRsp' }, call)
    for (const property of reply ? readProperties(reply, city) : []) properties.set(property.code, property)
    from = reply ? readNextReference(reply) : null
    isWhole = from === null
  }
  if (!isWhole) throw new ProviderError(PROVIDER_ID, 'refused', `${city} has more than ${PAGES_MAX} pages of hotels`)
  return { properties: [...properties.values()], total: null, next: at + 1 < cities.length ? String(at + 1) : null }
}

/** The properties in HotelSearchAvailabilityRsp for a city. One without coordinates cannot be put on a map and is left out. */
export function readProperties(reply: XmlElement, city: string): readonly Property[] {
  const place = findPlace(city)
  return children(reply, 'HotelSearchResult').flatMap((result): readonly Property[] => {
    const property = child(result, 'HotelProperty')
    const at = child(property, 'CoordinateLocation')
    const [latitude, longitude] = ['latitude', 'longitude'].map((name) => Number.parseFloat(attribute(at, name) ?? ''))
    if (!property || !isOnEarth(latitude!, longitude!)) return []
    const code = propertyCode(property)
    const lines = children(child(property, 'PropertyAddress'), 'Address').map((line) => line.text.trim())
    const image = attribute(child(result, 'MediaItem'), 'url') ?? ''
    return [
      {
        provider: PROVIDER_ID,
        code,
        name: attribute(property, 'Name') ?? code,
        stars: readStars(property),
        latitude: latitude!,
        longitude: longitude!,
        address: lines.filter((line) => line !== '').join(', ') || null,
        city: place?.city ?? null,
        country: place?.country ?? 'ZZ',
        district: null,
        type: 'hotel',
        amenities: toAmenities(children(child(property, 'Amenities'), 'Amenity').map((one) => attribute(one, 'Code') ?? '')),
        rating: null,
        images: image.startsWith('https://') ? [image] : [],
        description: childText(result, 'PropertyDescription') || null,
        checkInFrom: null,
        checkOutUntil: null,
      },
    ]
  })
}

function isOnEarth(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && !(latitude === 0 && longitude === 0)
}

function readStars(property: XmlElement): number | null {
  const stars = children(property, 'HotelRating')
    .map((rating) => readCount(childText(rating, 'Rating')))
    .find((rating) => rating !== null && rating >= 1 && rating <= 5)
  return stars ?? null
}
