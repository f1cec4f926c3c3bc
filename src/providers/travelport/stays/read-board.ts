import type { BoardBasis } from '../../../travel/stay.ts'
import { attribute, child, children, type XmlElement } from '../../../platform/xml.ts'

/** Meal plans by the code list MPT of the OpenTravel Alliance that we have a word for. */
const MEAL_PLANS: Readonly<Record<string, BoardBasis>> = {
  '1': 'AI',
  '3': 'BB',
  '4': 'BB',
  '5': 'BB',
  '6': 'BB',
  '7': 'BB',
  '8': 'RO',
  '10': 'FB',
  '11': 'BB',
  '12': 'HB',
  '14': 'RO',
  '19': 'BB',
}

/** What is included to eat, from Inclusions: a code, or else the meals that are told one by one. Null when neither is. */
export function readBoard(rate: XmlElement): BoardBasis | null {
  const plans = child(child(rate, 'Inclusions'), 'MealPlans')
  const coded = children(plans, 'MealPlan').flatMap((plan) => MEAL_PLANS[attribute(plan, 'Code') ?? ''] ?? [])
  if (coded.length === 1) return coded[0]!
  const [breakfast, lunch, dinner] = ['Breakfast', 'Lunch', 'Dinner'].map((meal) => attribute(plans, meal))
  if (breakfast === 'true') return dinner === 'true' ? (lunch === 'true' ? 'FB' : 'HB') : lunch === 'true' ? 'HB' : 'BB'
  return breakfast === 'false' && lunch !== 'true' && dinner !== 'true' ? 'RO' : null
}
