import { money, type Money } from '../../kernel/money.ts'
import type { Baggage, FlightOffer, PassengerFare } from '../../travel/flight.ts'
import type { PassengerType } from '../../travel/passenger.ts'

/** What a shown price is made of, beside the supplier's total. */
export type NetFare = Pick<FlightOffer, 'solution' | 'base' | 'taxes' | 'passengers'>

/** Minor units in the currency of the total, or with a currency of its own. */
type Amount = number | readonly [amount: number, currency: string] | null
type WrittenBag = readonly [kind: Baggage['kind'], pieces: number | null, weightKg: number | null]
/** The last two only where one of them is stated; earlier releases wrote neither. */
type WrittenFare = readonly [
  type: PassengerType,
  count: number,
  total: Amount,
  base: Amount,
  taxes: Amount,
  fees?: Amount,
  baggage?: readonly (readonly WrittenBag[])[] | null,
]
type Written = readonly [solution: number, base: Amount, taxes: Amount, passengers: readonly WrittenFare[]]

/** The fare of an offer as short as JSON can be: every superset that is read holds thousands. */
export function writeNetFare({ solution, base, taxes, passengers, total }: NetFare & Pick<FlightOffer, 'total'>): string {
  const amount = (value: Money | null): Amount =>
    value === null ? null : value.currency === total.currency ? value.amount : [value.amount, value.currency]
  const written: Written = [
    solution,
    amount(base),
    amount(taxes),
    passengers.map((fare): WrittenFare => {
      const always = [fare.type, fare.count, amount(fare.total), amount(fare.base), amount(fare.taxes)] as const
      const [fees, baggage] = [amount(fare.fees ?? null), writeBaggage(fare)]
      return fees === null && baggage === null ? always : [...always, fees, baggage]
    }),
  ]
  return JSON.stringify(written)
}

function writeBaggage({ baggage }: PassengerFare): readonly (readonly WrittenBag[])[] | null {
  return baggage?.map((allowance) => allowance.map((bag) => [bag.kind, bag.pieces, bag.weightKg] as const)) ?? null
}

/** What {@link writeNetFare} wrote of an offer whose total is in this currency. */
export function readNetFare(text: string, currency: string): NetFare {
  const [solution, base, taxes, passengers] = JSON.parse(text) as Written
  const toMoney = (value: Amount): Money | null =>
    value === null ? null : typeof value === 'number' ? money(value, currency) : money(value[0], value[1])
  return {
    solution,
    base: toMoney(base),
    taxes: toMoney(taxes),
    passengers: passengers.map((fare) => ({
      type: fare[0],
      count: fare[1],
      total: toMoney(fare[2]),
      base: toMoney(fare[3]),
      taxes: toMoney(fare[4]),
      fees: toMoney(fare[5] ?? null),
      baggage: fare[6]?.map((allowance) => allowance.map(([kind, pieces, weightKg]) => ({ kind, pieces, weightKg }))) ?? null,
    })),
  }
}
