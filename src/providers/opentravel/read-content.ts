import { AMENITIES, type Amenity, type Property } from '../../travel/property.ts'
import { attribute, child, children, childText, descendants, type XmlElement } from '../../platform/xml.ts'
import { readFlag, readText } from './read-values.ts'
import { PROVIDER_ID, toAmenity, toAmenityOfRoom, toPropertyType } from './wire.ts'

/** A property with the chain that it has to be asked for with. */
export type ReadProperty = { readonly property: Property; readonly chain: string | null }

/** The properties of OTA_HotelSearchRS that have a code, a name, a position and a country; the others cannot be shown on a map or sold. */
export function readProperties(message: XmlElement): readonly ReadProperty[] {
  return children(child(message, 'Properties'), 'Property').flatMap((element) => readProperty(element) ?? [])
}

function readProperty(element: XmlElement): ReadProperty | null {
  const code = attribute(element, 'HotelCode')?.trim()
  const place = readPlace(element)
  const name = attribute(element, 'HotelName')?.trim()
  if (!code || !name || !place) return null
  const amenities = children(element, 'HotelAmenity').map((one) => toAmenity(attribute(one, 'Code')))
  return {
    chain: attribute(element, 'ChainCode') || null,
    property: {
      provider: PROVIDER_ID,
      code,
      name,
      stars: readStars(children(element, 'Award')),
      ...place,
      district: null,
      type: toPropertyType(attribute(element, 'PropertyClassCode') ?? attribute(element, 'HotelCategoryCode')),
      amenities: inOrder(amenities),
      rating: null,
      images: readImages(element),
      description: null,
      checkInFrom: null,
      checkOutUntil: null,
    },
  }
}

type Place = Pick<Property, 'latitude' | 'longitude' | 'address' | 'city' | 'country'>

function readPlace(element: XmlElement): Place | null {
  const position = child(element, 'Position')
  const latitude = readDegrees(attribute(position, 'Latitude'), 90)
  const longitude = readDegrees(attribute(position, 'Longitude'), 180)
  const address = child(element, 'Address')
  const country = attribute(child(address, 'CountryName'), 'Code')?.trim().toUpperCase()
  if (latitude === null || longitude === null || country === undefined || !/^[A-Z]{2}$/.test(country)) return null
  const lines = [...children(address, 'StreetNmbr'), ...children(address, 'AddressLine')].map((one) => one.text.trim())
  const postal = childText(address, 'PostalCode')
  const written = [...lines, postal ?? ''].filter((line) => line !== '').join(', ')
  return { latitude, longitude, address: written || null, city: childText(address, 'CityName') || null, country }
}

function readDegrees(text: string | undefined, most: number): number | null {
  const degrees = /^-?\d{1,3}(\.\d+)?$/.test(text?.trim() ?? '') ? Number(text) : Number.NaN
  return Math.abs(degrees) <= most ? degrees : null
}

/** Stars are awards of one to five; other awards have other scales. */
function readStars(awards: readonly XmlElement[]): number | null {
  for (const award of awards) {
    const stars = Number.parseFloat(attribute(award, 'Rating') ?? '')
    if (stars > 0 && stars <= 5) return stars
  }
  return null
}

function inOrder(found: readonly (Amenity | null)[]): readonly Amenity[] {
  const amenities = new Set(found)
  return AMENITIES.filter((amenity) => amenities.has(amenity))
}

const IMAGES_MAX = 30

function readImages(element: XmlElement): readonly string[] {
  const urls = [...descendants(element, 'URL'), ...descendants(element, 'ImageURL')].map((url) => url.text.trim())
  return [...new Set(urls)].filter((url) => /^https:\/\/[^\s<>"]+$/.test(url)).slice(0, IMAGES_MAX)
}

/** What OTA_HotelDescriptiveInfoRS adds to properties: what it says replaces what the list said, amenities are added. */
export function addDescriptions(properties: readonly Property[], message: XmlElement): readonly Property[] {
  const contents = new Map(
    children(child(message, 'HotelDescriptiveContents'), 'HotelDescriptiveContent').map((one) => [attribute(one, 'HotelCode') ?? '', one]),
  )
  return properties.map((property) => {
    const content = contents.get(property.code)
    return content ? describe(property, content) : property
  })
}

function describe(property: Property, content: XmlElement): Property {
  const info = child(content, 'HotelInfo')
  const category = attribute(child(child(info, 'CategoryCodes'), 'HotelCategory'), 'Code')
  const services = descendants(info, 'Service').filter(
    (service) => readFlag(attribute(service, 'Included')) !== false && attribute(service, 'ExistsCode') !== '2',
  )
  const amenities = [
    ...services.map((service) => toAmenity(attribute(service, 'Code'))),
    ...descendants(child(content, 'FacilityInfo'), 'Amenity').map((amenity) => toAmenityOfRoom(attribute(amenity, 'RoomAmenityCode'))),
  ]
  const policy = descendants(child(content, 'Policies'), 'PolicyInfo')[0]
  const images = readImages(content)
  return {
    ...property,
    stars: readStars(descendants(child(content, 'AffiliationInfo'), 'Award')) ?? property.stars,
    type: category === undefined ? property.type : toPropertyType(category),
    amenities: inOrder([...property.amenities, ...amenities]),
    images: images.length > 0 ? images : property.images,
    description: readDescription(info) ?? property.description,
    checkInFrom: readTimeOfDay(attribute(policy, 'CheckInTime')) ?? property.checkInFrom,
    checkOutUntil: readTimeOfDay(attribute(policy, 'CheckOutTime')) ?? property.checkOutUntil,
  }
}

function readDescription(info: XmlElement | undefined): string | null {
  const descriptions = child(info, 'Descriptions')
  const texts = [
    ...children(descriptions, 'DescriptiveText'),
    ...children(descriptions, 'Description'),
    ...descendants(descriptions, 'TextItem').flatMap((item) => children(item, 'Description')),
  ].map(readText)
  return texts.find((text) => text !== null) ?? null
}

function readTimeOfDay(text: string | undefined): string | null {
  return /^([01]\d|2[0-3]):[0-5]\d/.exec(text?.trim() ?? '')?.[0] ?? null
}
