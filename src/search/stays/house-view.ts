import type { Static } from 'typebox'
import type { HouseDetailsSchema, HouseSchema } from '../stay-schemas.ts'
import type { House } from './content/house.ts'
import type { NearHouse } from './content/houses.ts'

/** What a list tells of a house. */
export function toHouseView(house: NearHouse): Static<typeof HouseSchema> {
  return {
    id: house.id,
    name: house.name,
    stars: house.stars,
    type: house.type,
    address: house.address,
    city: house.city,
    country: house.country,
    district: house.district,
    latitude: house.latitude,
    longitude: house.longitude,
    distance_m: house.distanceM,
    amenities: [...house.amenities],
    rating: house.rating,
    image: house.images[0] ?? null,
  }
}

/** All there is to tell of a house. */
export function toHouseDetails(house: House): Static<typeof HouseDetailsSchema> {
  return {
    id: house.id,
    name: house.name,
    stars: house.stars,
    type: house.type,
    address: house.address,
    city: house.city,
    country: house.country,
    district: house.district,
    latitude: house.latitude,
    longitude: house.longitude,
    amenities: [...house.amenities],
    rating: house.rating,
    images: [...house.images],
    description: house.description,
    check_in_from: house.checkInFrom,
    check_out_until: house.checkOutUntil,
    suppliers: [...new Set(house.properties.map((property) => property.provider))],
  }
}
