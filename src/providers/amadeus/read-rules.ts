import { children, type XmlElement } from '../../platform/xml.ts'
import type { FareRules, FareRuleText } from '../../travel/fare-rules.ts'
import type { Penalty } from '../../travel/flight.ts'
import { refused } from './exchange.ts'
import { readRefusals } from './faults.ts'
import { readMiniRule, readMiniRules } from './read-penalties.ts'
import { textAt } from './read-values.ts'

/** The letters of filed rules are many: a component has up to fifty paragraphs of a page each. */
const TEXT_CHARACTERS_MAX = 200_000

/**
 * Reads Fare_CheckRulesReply: the rules of each fare component as filed, in the order of the journey. Throws ProviderError for
 * a refusal.
 */
export function readCheckRules(reply: XmlElement): readonly FareRules[] {
  const refusal = readRefusals(reply)[0]
  if (refusal) throw refused(refusal)
  const texts = children(reply, 'tariffInfo').map(readText)
  return children(reply, 'flightDetails').map((details, index, all): FareRules => ({
    fareBasis: textAt(details, 'qualificationFareDetails', 'additionalFareDetails', 'rateClass') ?? null,
    carrier: textAt(details, 'transportService', 'companyIdentification', 'marketingCompany') ?? null,
    origin: textAt(details, 'odiGrp', 'originDestination', 'origin') ?? null,
    destination: textAt(details, 'odiGrp', 'originDestination', 'destination') ?? null,
    penalties: [],
    // The paragraphs stand beside the components, not in them: they belong to the one component that was asked about.
    texts: all.length === 1 || index === 0 ? texts : [],
  }))
}

function readText(info: XmlElement): FareRuleText {
  const lines = children(info, 'fareRuleText').flatMap((one) => children(one, 'freeText').map((line) => line.text.replace(/\s+$/, '')))
  const section = textAt(info, 'fareRuleInfo', 'ruleCategoryCode')
  const title = lines[0]?.trim() ?? ''
  return { category: section?.replace(/[()]/g, '') ?? null, title, text: lines.slice(1).join('\n').slice(0, TEXT_CHARACTERS_MAX) }
}

/**
 * Reads MiniRule_GetFromPricingReply and its relatives: what may be changed and refunded, per fare component, as figures instead of
 * letters. Throws ProviderError for a refusal.
 */
export function readMiniRulesReply(reply: XmlElement): readonly FareRules[] {
  const groups = reply.children.filter((one) => children(one, 'fareComponentInfo').length > 0)
  const refusal = readRefusals(reply)[0]
  if (refusal && groups.length === 0) throw refused(refusal)
  return groups.flatMap((group) => {
    const rules = children(group, 'mnrRulesInfoGrp').map((one) => ({
      components: new Set(componentNumbers(children(one, 'mnrFCInfoGrp'))),
      penalties: readPenalties(one),
    }))
    return children(group, 'fareComponentInfo').map((component): FareRules => {
      const number = numberOf(children(component, 'fareComponentRef'))
      return {
        fareBasis: textAt(component, 'fareQualifierDetails', 'additionalFareDetails', 'rateClass') ?? null,
        carrier: textAt(component, 'fareQualifierDetails', 'movementType') ?? null,
        origin: textAt(component, 'originAndDestination', 'origin') ?? null,
        destination: textAt(component, 'originAndDestination', 'destination') ?? null,
        penalties: rules.flatMap((rule) =>
          rule.components.size === 0 || (number !== undefined && rule.components.has(number)) ? rule.penalties : [],
        ),
        texts: [],
      }
    })
  })
}

function readPenalties(group: XmlElement): readonly Penalty[] {
  const category = textAt(group, 'mnrCatInfo', 'descriptionInfo', 'number') ?? ''
  const money = children(group, 'mnrMonInfoGrp').flatMap((one) => children(one, 'monetaryInfo'))
  const statuses = children(group, 'mnrRestriAppInfoGrp').flatMap((one) => children(one, 'mnrRestriAppInfo'))
  return readMiniRules([readMiniRule(category, money, statuses, undefined)]).penalties
}

function componentNumbers(groups: readonly XmlElement[]): readonly string[] {
  return groups.flatMap((group) =>
    children(group, 'refInfo').flatMap((info) =>
      children(info, 'referenceDetails').flatMap((one) => (textAt(one, 'type') === 'FC' ? (textAt(one, 'value') ?? []) : [])),
    ),
  )
}

function numberOf(references: readonly XmlElement[]): string | undefined {
  return references
    .flatMap((one) => children(one, 'referenceDetails'))
    .filter((one) => textAt(one, 'type') === 'FC')
    .map((one) => textAt(one, 'value'))
    .find((value) => value !== undefined)
}
