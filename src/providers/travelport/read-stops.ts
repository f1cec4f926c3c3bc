import { attribute, type XmlElement } from '../../platform/xml.ts'
import { readCount } from './read-values.ts'

/**
 * Where an AirSegment lands before its destination: FlightDetails has an entry for each take-off, and NumberOfStops counts
 * where no places are named. Null when the message does not say where, and when one must leave the plane there
 * (ChangeOfPlane, air.xsd): that is no stop without a change.
 */
export function readTechnicalStops(segment: XmlElement, details: readonly (XmlElement | undefined)[]): readonly string[] | null {
  if (attribute(segment, 'ChangeOfPlane') === 'true') return null
  const stops = readCount(attribute(segment, 'NumberOfStops'))
  const landings = details.map((flown) => attribute(flown, 'Destination'))
  const isWhole = landings.length > 0 && landings[landings.length - 1] === attribute(segment, 'Destination')
  const places = landings.slice(0, -1).filter((place) => place !== undefined)
  if (!isWhole || places.length < landings.length - 1) return stops === 0 ? [] : null
  return places.length > 0 || stops === null || stops === 0 ? places : null
}
