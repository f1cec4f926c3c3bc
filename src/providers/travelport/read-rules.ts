import type { FareRules, FareRuleText } from '../../travel/fare-rules.ts'
import type { Penalty } from '../../travel/flight.ts'
import { attribute, child, children, descendants, type XmlElement } from '../../platform/xml.ts'
import { readMoneyOrNull } from './read-values.ts'
import { readPenalties } from './read-penalties.ts'

/** What ATPCO's categories are about, by number: https://www.atpco.net (rule categories). */
const CATEGORIES: Readonly<Record<string, string>> = {
  '0': 'APPLICATION',
  '1': 'ELIGIBILITY',
  '2': 'DAY AND TIME',
  '3': 'SEASONALITY',
  '4': 'FLIGHT APPLICATION',
  '5': 'ADVANCE RESERVATIONS AND TICKETING',
  '6': 'MINIMUM STAY',
  '7': 'MAXIMUM STAY',
  '8': 'STOPOVERS',
  '9': 'TRANSFERS',
  '10': 'COMBINATIONS',
  '11': 'BLACKOUT DATES',
  '12': 'SURCHARGES',
  '13': 'ACCOMPANIED TRAVEL',
  '14': 'TRAVEL RESTRICTIONS',
  '15': 'SALES RESTRICTIONS',
  '16': 'PENALTIES',
  '17': 'HIGHER INTERMEDIATE POINT',
  '18': 'TICKET ENDORSEMENTS',
  '19': 'CHILDREN DISCOUNTS',
  '20': 'TOUR CONDUCTOR DISCOUNTS',
  '21': 'AGENT DISCOUNTS',
  '22': 'OTHER DISCOUNTS',
  '23': 'MISCELLANEOUS',
  '25': 'FARE BY RULE',
  '26': 'GROUPS',
  '27': 'TOURS',
  '28': 'VISIT ANOTHER COUNTRY',
  '29': 'DEPOSITS',
  '31': 'VOLUNTARY CHANGES',
  '33': 'VOLUNTARY REFUNDS',
  '35': 'NEGOTIATED FARES',
  '50': 'APPLICATION AND OTHER CONDITIONS',
}

/** Reads the fare rules of AirFareRulesRsp: what they belong to, only whoever has asked knows. */
export function readFareRules(reply: XmlElement): readonly FareRules[] {
  return children(reply, 'FareRule').map((rule) => toRules(rule, { fareBasis: null, carrier: null, origin: null, destination: null }, []))
}

/** Reads the fare rules that stand in AirPriceRsp or AirExchangeQuoteRsp, with the fare component that each belongs to. */
export function readPricedRules(reply: XmlElement): readonly FareRules[] {
  const infos = descendants(reply, 'AirPricingInfo')
  const rules = [reply, ...children(reply, 'AirPriceResult')].flatMap((holder) => children(holder, 'FareRule'))
  return rules.map((rule) => {
    const ref = attribute(rule, 'FareInfoRef')
    const info = infos.find((one) => children(one, 'FareInfo').some((fare) => attribute(fare, 'Key') === ref))
    const fare = children(info, 'FareInfo').find((one) => attribute(one, 'Key') === ref)
    const component = {
      fareBasis: attribute(fare, 'FareBasis') ?? null,
      carrier: readCarrier(reply, info, ref),
      origin: attribute(fare, 'Origin') ?? null,
      destination: attribute(fare, 'Destination') ?? null,
    }
    return toRules(rule, component, info ? readPenalties(info, readMoneyOrNull) : [])
  })
}

/** The one carrier of the flights that are booked at this fare; null where there are several. */
function readCarrier(reply: XmlElement, info: XmlElement | undefined, fareInfo: string | undefined): string | null {
  const booked = new Set(
    children(info, 'BookingInfo')
      .filter((booking) => attribute(booking, 'FareInfoRef') === fareInfo)
      .map((booking) => attribute(booking, 'SegmentRef')),
  )
  const carriers = new Set(
    descendants(reply, 'AirSegment')
      .filter((segment) => booked.has(attribute(segment, 'Key')))
      .map((segment) => attribute(segment, 'Carrier')),
  )
  return carriers.size === 1 ? ([...carriers][0] ?? null) : null
}

function toRules(rule: XmlElement, component: Omit<FareRules, 'penalties' | 'texts'>, known: readonly Penalty[]): FareRules {
  const stated = readCharges(rule)
  const long = children(rule, 'FareRuleLong').map((one) => toText(attribute(one, 'Category'), one.text))
  const short = children(rule, 'FareRuleShort').map((one) =>
    toText(
      attribute(one, 'Category'),
      children(one, 'FareRuleNameValue')
        .map((pair) => `${attribute(pair, 'Name') ?? ''}: ${attribute(pair, 'Value') ?? ''}`)
        .join('\n'),
    ),
  )
  const others = known.filter((penalty) => !stated.some(({ kind }) => kind === penalty.kind))
  return { ...component, penalties: [...stated, ...others], texts: [...long, ...short] }
}

function toText(category: string | undefined, text: string): FareRuleText {
  return { category: category ?? null, title: CATEGORIES[category ?? ''] ?? `CATEGORY ${category ?? '?'}`, text: unindent(text) }
}

/** The host's lines without the indentation that they all have in common. */
function unindent(text: string): string {
  const lines = text.trim().split(/\r?\n/)
  const rest = lines.slice(1).filter((line) => line.trim() !== '')
  const common = rest.reduce((least, line) => Math.min(least, line.length - line.trimStart().length), Number.POSITIVE_INFINITY)
  return lines.map((line, index) => (index === 0 ? line : line.slice(common)).trimEnd()).join('\n')
}

/** RuleCharges of the form "Cancel"/"Change"; what is none of them is left to the text. */
function readCharges(rule: XmlElement): readonly Penalty[] {
  const charges = child(rule, 'RuleCharges')
  const type = attribute(charges, 'PenaltyType') ?? ''
  const kind = /refund|cancel/i.test(type) ? 'refund' : /change|exchange|reissue/i.test(type) ? 'change' : null
  if (kind === null) return []
  const status = attribute(charges, 'DepartureStatus') ?? ''
  const share = Number.parseFloat(attribute(charges, 'Percent') ?? '')
  const amount = readMoneyOrNull(attribute(charges, 'Amount'))
  return [
    {
      kind,
      allowed: amount ? true : Number.isFinite(share) ? share < 100 : null,
      amount,
      percent: !amount && Number.isFinite(share) ? Math.round(share * 100) : null,
      when: /before/i.test(status) ? 'before_departure' : /after/i.test(status) ? 'after_departure' : null,
    },
  ]
}
