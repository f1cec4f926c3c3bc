import { escapeXml } from '../../platform/xml.ts'
import type { FlightOffer, Segment } from '../../travel/flight.ts'
import type { PassengerCounts, PassengerType } from '../../travel/passenger.ts'
import type { OfferToken } from './wire.ts'

/** An element with text in it. */
export function text(name: string, value: string | number): string {
  return `<${name}>${escapeXml(String(value))}</${name}>`
}

/** An element with elements in it. */
export function element(name: string, ...content: readonly string[]): string {
  return `<${name}>${content.join('')}</${name}>`
}

/** A date as they write it: 2026-12-01 is "011226". */
export function wireDate(date: string): string {
  return `${date.slice(8, 10)}${date.slice(5, 7)}${date.slice(2, 4)}`
}

/** The time of a local date and time as they write it: "1835". */
export function wireTime(local: string): string {
  return `${local.slice(11, 13)}${local.slice(14, 16)}`
}

/** All segments of an offer in the order flown. */
export function segmentsOf(offer: Pick<FlightOffer, 'slices'>): readonly Segment[] {
  return offer.slices.flatMap((slice) => slice.segments)
}

/** How many of each type an offer is for. */
export function countsOf(offer: Pick<FlightOffer, 'passengers'>): PassengerCounts {
  const of = (type: PassengerType): number =>
    offer.passengers.filter((fare) => fare.type === type).reduce((count, fare) => count + fare.count, 0)
  return { adults: of('adult'), children: of('child'), infants: of('infant') }
}

/** The fare bases that an offer's token asks for; none when the token is not one of ours. */
export function fareBasesOf(offer: Pick<FlightOffer, 'supplierToken'>): readonly (string | null)[] {
  try {
    const token = JSON.parse(offer.supplierToken) as Partial<OfferToken>
    return token.v === 1 && Array.isArray(token.fareBasis) ? token.fareBasis : []
  } catch {
    return []
  }
}

/** One option of a pricing: its key, and what it is about. */
export function pricingOption(key: string, ...content: readonly string[]): string {
  return element('pricingOptionGroup', element('pricingOptionKey', text('pricingOptionKey', key)), ...content)
}

/**
 * How an offer is priced again: published and negotiated fares, in our currency, and by the very fare bases that were shown,
 * because a booking class may hold several fares. `reference` names a segment.
 */
export function writePricingOptions(
  offer: FlightOffer,
  currency: string | null,
  reference: { readonly qualifier: string; readonly of: (segment: number) => string },
): string {
  const bases = fareBasesOf(offer)
  const segments = segmentsOf(offer)
  const distinct = [...new Set(bases.filter((basis) => basis !== null))]
  const covers = bases.length === segments.length && bases.every((basis) => basis !== null)
  const overrides = covers
    ? distinct.map((basis) =>
        pricingOption(
          'FBA',
          element('optionDetail', element('criteriaDetails', text('attributeType', basis))),
          element(
            'paxSegTstReference',
            ...bases.flatMap((one, at) =>
              one === basis ? [element('referenceDetails', text('type', reference.qualifier), text('value', reference.of(at)))] : [],
            ),
          ),
        ),
      )
    : []
  const details = (iso: string): string =>
    element('currency', element('firstCurrencyDetails', text('currencyQualifier', 'FCO'), text('currencyIsoCode', iso)))
  return [
    pricingOption('RP'),
    pricingOption('RU'),
    ...(currency === null ? [] : [pricingOption('FCO', details(currency))]),
    ...(offer.validatingCarrier === null
      ? []
      : [
          pricingOption(
            'VC',
            element('carrierInformation', element('companyIdentification', text('otherCompany', offer.validatingCarrier))),
          ),
        ]),
    ...overrides,
  ].join('')
}
