import type { CabinClass, FlightOffer, Slice, SliceQuery } from '../../travel/flight.ts'
import { escapeXml, writeXml } from '../../platform/xml.ts'
import type { Locators } from './wire.ts'
import { envelope, itinerarySegment, namespaces, pccOf, placedSegments, pointOfSale, searchLeg, type Writing } from './to-wire.ts'

const AGENT = (writing: Writing): { TargetBranch: string; AuthorizedBy: string } => ({
  TargetBranch: writing.targetBranch,
  AuthorizedBy: 'user',
})

/** SeatMapReq for one flight of an offer, with prices for each of its passengers. */
export function writeSeatMap(writing: Writing, offer: FlightOffer, segmentIndex: number): string {
  const placed = placedSegments(offer.slices)[segmentIndex]!
  return envelope(
    writeXml(
      'air:SeatMapReq',
      { ...namespaces('air'), ...AGENT(writing), ReturnSeatPricing: true },
      pointOfSale(),
      pccOf(writing),
      itinerarySegment(writing, { ...placed, connects: false }, segmentIndex),
    ),
  )
}

/** AirRefundQuoteReq: what these tickets would pay back today. Asks, and has no effect. */
export function writeRefundQuote(writing: Writing, locators: Locators, ticketNumbers: readonly string[]): string {
  return envelope(
    writeXml(
      'air:AirRefundQuoteReq',
      { ...namespaces('air'), ...AGENT(writing) },
      pointOfSale(),
      pccOf(writing),
      ...ticketNumbers.map(ticketNumber),
      providerReservation(writing, locators),
    ),
  )
}

/** AirRefundReq with the bundles of a quote, as the host has given them. */
export function writeRefund(writing: Writing, bundles: string): string {
  return envelope(writeXml('air:AirRefundReq', { ...namespaces('air'), ...AGENT(writing) }, pointOfSale(), pccOf(writing), bundles))
}

/** AvailabilitySearchReq: flights of a day with their free classes. */
export function writeAvailability(writing: Writing, slice: SliceQuery, cabin: CabinClass): string {
  return envelope(
    writeXml(
      'air:AvailabilitySearchReq',
      { ...namespaces('air'), ...AGENT(writing) },
      pointOfSale(),
      pccOf(writing),
      searchLeg(slice, { cabin }),
      writeXml(
        'air:AirSearchModifiers',
        { IncludeFlightDetails: true },
        writeXml('air:PreferredProviders', {}, writeXml('common:Provider', { Code: writing.providerCode })),
      ),
    ),
  )
}

/** What is to be flown instead: the whole journey, kept slices included. */
export type NewJourney = { readonly slices: readonly Pick<Slice, 'segments'>[]; readonly ticketedOn: string | null }

/** AirExchangeQuoteReq: what it costs to fly this journey, in these classes, on the value of the tickets held. */
export function writeExchangeQuote(
  writing: Writing,
  locators: Locators,
  ticketNumbers: readonly string[],
  { slices, ticketedOn }: NewJourney,
): string {
  const original = { BulkTicket: false, TicketingDate: ticketedOn }
  return envelope(
    writeXml(
      'air:AirExchangeQuoteReq',
      { ...namespaces('air'), ...AGENT(writing) },
      pointOfSale(),
      ...ticketNumbers.map(ticketNumber),
      providerReservation(writing, locators),
      writeXml(
        'air:AirPricingSolution',
        { Key: 'new' },
        ...placedSegments(slices).map((placed, index) => itinerarySegment(writing, placed, index)),
      ),
      writeXml('air:RepricingModifiers', { PriceClassOfService: 'ClassBooked', CreateDate: ticketedOn, BulkTicket: false }),
      writeXml('air:OriginalItineraryDetails', original),
      writing.pseudoCityCode === null ? '' : writeXml('air:PCC', {}, pccOf(writing)),
    ),
  )
}

/** AirExchangeReq: the change as quoted, paid on our account with the host. */
export function writeExchange(writing: Writing, locators: Locators, content: string): string {
  return envelope(
    writeXml(
      'air:AirExchangeReq',
      { ...namespaces('air'), ...AGENT(writing), ReturnReservation: true },
      pointOfSale(),
      pccOf(writing),
      writeXml('air:AirReservationLocatorCode', {}, escapeXml(locators.air)),
      content,
      writeXml('common:FormOfPayment', { Type: 'Cash' }),
    ),
  )
}

function ticketNumber(number: string): string {
  return writeXml('common:TicketNumber', {}, escapeXml(number))
}

function providerReservation(writing: Writing, locators: Locators): string {
  return writeXml('air:ProviderReservationInfo', { ProviderCode: writing.providerCode, ProviderLocatorCode: locators.pnr })
}
