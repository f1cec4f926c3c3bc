/** A property as static content describes it. Amenities are words of ours, not the supplier's. */
export type Property = {
  readonly provider: string
  readonly code: string
  readonly name: string
  readonly stars: number | null
  readonly latitude: number
  readonly longitude: number
  readonly address: string | null
  readonly city: string | null
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly district: string | null
  readonly type: 'hotel' | 'apartment' | 'hostel' | 'resort' | 'guest_house' | 'other'
  readonly amenities: readonly Amenity[]
  /** Of ten, null when nobody has said. */
  readonly rating: number | null
  /** https addresses, the best first. */
  readonly images: readonly string[]
  readonly description: string | null
  readonly checkInFrom: string | null
  readonly checkOutUntil: string | null
}

export const AMENITIES = [
  'wifi',
  'pool',
  'parking',
  'gym',
  'spa',
  'restaurant',
  'bar',
  'air_conditioning',
  'family_rooms',
  'airport_shuttle',
  'pets',
  'accessible',
  'beach',
  'kitchen',
  'laundry',
  'reception_24h',
] as const

export type Amenity = (typeof AMENITIES)[number]
