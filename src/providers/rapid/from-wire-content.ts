import type { Property } from '../../travel/property.ts'
import { toAmenities } from './amenities.ts'
import { RAPID } from './faults.ts'
import { wireContent, type WireContent } from './wire.ts'

/** Their properties as ours, in the order of the page. One without a name, a place or a country is left out. */
export function toProperties(page: Readonly<Record<string, unknown>>): readonly Property[] {
  return Object.values(page).flatMap((property) => (wireContent.Check(property) ? toProperty(property) : []))
}

function toProperty(wire: WireContent): Property[] {
  const { address, location, ratings } = wire
  const isHidden = location.obfuscation_required === true
  const at = isHidden ? location.obfuscated_coordinates : (location.coordinates ?? location.obfuscated_coordinates)
  if (!at || Math.abs(at.latitude) > 90 || Math.abs(at.longitude) > 180) return []
  const lines = address.obfuscation_required === true ? [] : [address.line_1, address.line_2, address.postal_code]
  const overall = toNumber(ratings?.guest?.overall, 5)
  return [
    {
      provider: RAPID,
      code: String(wire.property_id),
      name: wire.name,
      stars: toNumber(ratings?.property?.rating, 5),
      latitude: at.latitude,
      longitude: at.longitude,
      address: lines.filter(Boolean).join(', ') || null,
      city: address.city || null,
      country: address.country_code.toUpperCase(),
      district: null,
      type: toType(wire.category?.name ?? ''),
      amenities: toAmenities(namesOf(wire)),
      // They count to five.
      rating: overall === null ? null : Number((overall * 2).toFixed(1)),
      images: toImages(wire.images ?? []),
      description: toDescription(wire.descriptions ?? {}),
      checkInFrom: toClock(wire.checkin?.begin_time),
      checkOutUntil: toClock(wire.checkout?.time),
    },
  ]
}

/** "3.5" of at most `max`; zero and nothing are "no rating". */
function toNumber(text: string | number | null | undefined, max: number): number | null {
  const value = text === null || text === undefined || text === '' ? Number.NaN : Number(text)
  return value > 0 && value <= max ? value : null
}

const TYPES: readonly (readonly [Property['type'], RegExp])[] = [
  ['hostel', /hostel|backpacker/i],
  ['guest_house', /guest ?house|bed (&|and) breakfast|\bb&b\b|pension|homestay|ryokan|minshuku|\binn\b/i],
  ['resort', /resort|all-inclusive/i],
  ['apartment', /apart|condo|residence/i],
  ['hotel', /hotel|motel/i],
]

function toType(category: string): Property['type'] {
  return TYPES.find(([, pattern]) => pattern.test(category))?.[0] ?? 'other'
}

/** Amenities of the house, its attributes ("Pets allowed") and a desk that never closes. */
function namesOf({ amenities, attributes, checkin }: WireContent): readonly string[] {
  const named = [amenities ?? {}, ...Object.values(attributes ?? {})].flatMap((group) =>
    typeof group === 'object' && group !== null ? Object.values(group as Readonly<Record<string, unknown>>) : [],
  )
  const names = named.flatMap((one) => {
    const { name } = (one ?? {}) as { name?: unknown }
    return typeof name === 'string' ? [name] : []
  })
  return checkin?.['24_hour'] ? [...names, '24-hour front desk'] : names
}

const IMAGES_MAX = 30

/** The largest size of each, the hero first. */
function toImages(images: NonNullable<WireContent['images']>): readonly string[] {
  return images
    .toSorted((a, b) => Number(b.hero_image === true) - Number(a.hero_image === true))
    .flatMap(({ links }) => {
      const sizes = Object.entries(links ?? {}).toSorted(([a], [b]) => Number.parseInt(b, 10) - Number.parseInt(a, 10))
      const href = sizes[0]?.[1].href
      return href?.startsWith('https://') ? [href] : []
    })
    .slice(0, IMAGES_MAX)
}

/** The first that is told, without its markup. */
function toDescription(descriptions: Readonly<Record<string, unknown>>): string | null {
  const told = ['location', 'general', 'headline', 'amenities'].flatMap((part) => {
    const text = descriptions[part]
    return typeof text === 'string' ? [toPlainText(text)] : []
  })
  return told.find((text) => text !== '') ?? null
}

function toPlainText(html: string): string {
  return html
    .replace(/<[^>]{0,200}>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39|apos|nbsp);/g, (_, name: string) => ENTITIES[name] ?? ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", apos: "'", nbsp: ' ' }

/** "3:00 PM" is "15:00"; words such as "noon" stay as they are. */
function toClock(time: string | null | undefined): string | null {
  if (!time) return null
  const match = /^(\d{1,2})(?::(\d{2}))?\s*([AP])M$/i.exec(time.trim())
  if (!match) return time.trim() || null
  const hour = (Number(match[1]) % 12) + (match[3]!.toUpperCase() === 'P' ? 12 : 0)
  return `${String(hour).padStart(2, '0')}:${match[2] ?? '00'}`
}
