import { AMENITIES, type Property } from '../../../travel/property.ts'

/** A house as travellers see it, whoever sells it: what its suppliers say of it put together. */
export type House = Omit<Property, 'provider' | 'code'> & {
  readonly id: string
  /** What each supplier calls it. */
  readonly properties: readonly { readonly provider: string; readonly code: string }[]
}

/**
 * One house out of what suppliers say of it. The one who says most is told; what it does not say, the others do.
 * Amenities are those that anybody names. The same whatever order they come in.
 */
export function mergeHouse(id: string, properties: readonly Property[]): House {
  const [first, ...others] = properties.toSorted(
    (a, b) => saidBy(b) - saidBy(a) || compare(a.provider, b.provider) || compare(a.code, b.code),
  )
  if (first === undefined) throw new RangeError('a house has at least one property')
  const all = [first, ...others]
  const known = <K extends keyof Property>(name: K): Property[K] => all.find((one) => one[name] !== null)?.[name] ?? first[name]
  return {
    id,
    name: first.name,
    stars: known('stars'),
    latitude: first.latitude,
    longitude: first.longitude,
    address: known('address'),
    city: known('city'),
    country: first.country,
    district: known('district'),
    type: all.find((one) => one.type !== 'other')?.type ?? 'other',
    amenities: AMENITIES.filter((amenity) => all.some((one) => one.amenities.includes(amenity))),
    rating: known('rating'),
    images: all.find((one) => one.images.length > 0)?.images ?? [],
    description: known('description'),
    checkInFrom: known('checkInFrom'),
    checkOutUntil: known('checkOutUntil'),
    properties: properties
      .map(({ provider, code }) => ({ provider, code }))
      .toSorted((a, b) => compare(a.provider, b.provider) || compare(a.code, b.code)),
  }
}

/** How much a supplier says of a property. */
function saidBy(one: Property): number {
  const facts = [one.stars, one.address, one.city, one.district, one.rating, one.description].filter((fact) => fact !== null)
  return facts.length + (one.images.length > 0 ? 2 : 0) + Math.min(3, one.amenities.length / 4)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
