import type { BoardBasis, StayOffer } from '../../travel/stay.ts'
import { attribute, child, children, descendants, type XmlElement } from '../../platform/xml.ts'
import { readFlag, readText } from './read-values.ts'
import { toBoard } from './wire.ts'

/**
 * What is included to eat, by the first of these elements that says so: codes of meal plans, or a flag for each meal. All
 * flags false is room only; a meal plan that names no board of ours is kept as text.
 */
export function readBoard(holders: readonly (XmlElement | undefined)[]): {
  readonly board: BoardBasis | null
  readonly text: string | null
} {
  for (const holder of holders) {
    const meals = child(holder, 'MealsIncluded')
    if (!meals) continue
    const codes = (attribute(meals, 'MealPlanCodes') ?? attribute(meals, 'MealPlanCode') ?? '')
      .split(/[\s,]+/)
      .filter((code) => code !== '')
    const text = readText(meals) ?? attribute(meals, 'MealPlanName') ?? null
    const board = boardOfCodes(codes) ?? boardOfFlags(meals)
    if (board || text) return { board, text }
  }
  return { board: null, text: null }
}

/** Most generous first: of several plans that are included, the one that includes the others. */
const BY_GENEROSITY: readonly BoardBasis[] = ['AI', 'FB', 'HB', 'BB', 'RO']

function boardOfCodes(codes: readonly string[]): BoardBasis | null {
  const meals = new Set(codes)
  if (meals.has('24') && meals.has('19')) return 'FB'
  if (meals.has('19') && meals.has('21') && meals.has('22')) return 'FB'
  if (meals.has('19') && meals.has('22')) return 'HB'
  const boards = new Set(codes.map((code) => toBoard(code)))
  return BY_GENEROSITY.find((board) => boards.has(board)) ?? null
}

function boardOfFlags(meals: XmlElement): BoardBasis | null {
  const [breakfast, lunch, dinner] = ['Breakfast', 'Lunch', 'Dinner'].map((name) => readFlag(attribute(meals, name)))
  if (breakfast && lunch && dinner) return 'FB'
  if (breakfast && (dinner || lunch)) return 'HB'
  if (breakfast) return 'BB'
  // Dinner without breakfast has no name of ours; that breakfast alone is denied says nothing about a meal plan.
  if (lunch || dinner || readFlag(attribute(meals, 'MealPlanIndicator')) === true) return null
  return breakfast === false ? 'RO' : null
}

const WE_TAKE = /^(pre-?pay(ment)?|pre-?paid|prepayrequired|merchant(payment)?|agency)$/i
const HOTEL_TAKES =
  /^(cc\/?dc\/?voucher|ccdcvoucher|guaranteerequired|guarantee|creditcard|directpayment|payathotel|payatproperty|none|notrequired)$/i

/**
 * Who takes the guest's money. A prepaid rate is paid by us; one that wants only a guarantee, or none, is paid at the
 * hotel. A deposit says neither, because it is the hotel that takes it, before the guest is there.
 */
export function readPayAt(ratePlan: XmlElement | undefined, others: readonly (XmlElement | undefined)[]): StayOffer['payAt'] {
  const policies = others.flatMap((one) => children(child(one, 'PaymentPolicies'), 'GuaranteePayment'))
  const guarantees = [ratePlan, ...others].flatMap((one) => children(one, 'Guarantee'))
  const words = [...policies, ...guarantees].flatMap((one) =>
    ['GuaranteeType', 'PaymentCode', 'GuaranteeCode'].flatMap((name) => attribute(one, name)?.trim() || []),
  )
  const prepaid = [ratePlan, ...others].map((one) => readFlag(attribute(one, 'PrepaidIndicator'))).find((flag) => flag !== null)
  if (prepaid === true || words.some((word) => WE_TAKE.test(word))) return 'booking'
  if (words.some((word) => HOTEL_TAKES.test(word)) && !words.some((word) => /deposit/i.test(word))) return 'property'
  return null
}

const REMARKS_MAX = 20

/** What the guest must be shown before booking: the words about the rate and its cancellation, each once. */
export function readRemarks(holders: readonly (XmlElement | undefined)[], penalties: readonly XmlElement[]): readonly string[] {
  const texts = holders.flatMap((holder) => [
    ...children(holder, 'RoomRateDescription').map(readText),
    ...children(holder, 'RateDescription').map(readText),
    ...children(holder, 'RatePlanDescription').map(readText),
    ...descendants(child(holder, 'AdditionalDetails'), 'DetailDescription').map(readText),
  ])
  const conditions = penalties.flatMap((penalty) => children(penalty, 'PenaltyDescription').map(readText))
  return [...new Set([...texts, ...conditions].filter((text) => text !== null))].slice(0, REMARKS_MAX)
}
