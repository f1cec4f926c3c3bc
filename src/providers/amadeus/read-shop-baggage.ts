import { children, type XmlElement } from '../../platform/xml.ts'
import type { Baggage } from '../../travel/flight.ts'
import { readAllowance, textAt } from './read-values.ts'

/** The checked allowance of a traveller on a leg of a slice, both counted from 1, under a reference B; empty where nothing is said. */
export type BaggageIndex = (reference: string | undefined, traveller: string | undefined, slice: number, leg: number) => readonly Baggage[]

type Coverage = {
  /** Numbers of travellers; empty is all of them. */
  readonly travellers: ReadonlySet<string>
  /** "1" is the first slice whole, "1.2" its second leg; empty is everything. */
  readonly places: ReadonlySet<string>
  readonly baggage: readonly Baggage[]
}

const NOTHING: readonly Baggage[] = []

/**
 * Baggage stands nowhere near the fares: a segmentFlightRef carries a reference B, which is a serviceCoverageInfoGrp, which says for
 * which travellers and legs which freeBagAllowanceGrp counts. The spelling "freeBagAllownceInfo" is theirs.
 */
export function readBaggageIndex(reply: XmlElement): BaggageIndex {
  const coverages = new Map<string, readonly Coverage[]>()
  for (const group of children(reply, 'serviceFeesGrp')) {
    const type = textAt(group, 'serviceTypeInfo', 'carrierFeeDetails', 'type')
    if (type !== undefined && type !== 'FBA') continue
    const allowances = readAllowances(group)
    for (const coverage of children(group, 'serviceCoverageInfoGrp')) {
      const number = textAt(coverage, 'itemNumberInfo', 'itemNumber', 'number')
      if (number !== undefined)
        coverages.set(
          number,
          children(coverage, 'serviceCovInfoGrp').map((one) => readCoverage(one, allowances)),
        )
    }
  }
  return (reference, traveller, slice, leg) => {
    const list = reference === undefined ? undefined : coverages.get(reference)
    const found = list?.find(
      (one) =>
        (one.travellers.size === 0 || (traveller !== undefined && one.travellers.has(traveller))) &&
        (one.places.size === 0 || one.places.has(String(slice)) || one.places.has(`${slice}.${leg}`)),
    )
    return found?.baggage ?? NOTHING
  }
}

function readAllowances(group: XmlElement): ReadonlyMap<string, readonly Baggage[]> {
  const allowances = new Map<string, readonly Baggage[]>()
  for (const one of children(group, 'freeBagAllowanceGrp')) {
    const number = textAt(one, 'itemNumberInfo', 'itemNumberDetails', 'number')
    const details = children(one, 'freeBagAllownceInfo')[0]?.children.find((inner) => inner.name === 'baggageDetails')
    if (number !== undefined)
      allowances.set(
        number,
        readAllowance(textAt(details, 'freeAllowance'), textAt(details, 'quantityCode'), textAt(details, 'unitQualifier')),
      )
  }
  return allowances
}

function readCoverage(group: XmlElement, allowances: ReadonlyMap<string, readonly Baggage[]>): Coverage {
  const travellers = children(group, 'paxRefInfo').flatMap((info) =>
    children(info, 'travellerDetails').flatMap((one) => textAt(one, 'referenceNumber') ?? []),
  )
  const places = children(group, 'coveragePerFlightsInfo').flatMap((info) => {
    const slice = textAt(info, 'numberOfItemsDetails', 'refNum')
    if (slice === undefined) return []
    const legs = children(info, 'lastItemsDetails').flatMap((one) => textAt(one, 'refOfLeg') ?? [])
    return legs.length === 0 ? [slice] : legs.map((leg) => `${slice}.${leg}`)
  })
  const references = children(group, 'refInfo').flatMap((info) => children(info, 'referencingDetail'))
  const reference = references.find((one) => textAt(one, 'refQualifier') === 'F')
  return {
    travellers: new Set(travellers),
    places: new Set(places),
    baggage: allowances.get(textAt(reference, 'refNumber') ?? '') ?? NOTHING,
  }
}
