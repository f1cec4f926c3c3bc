import { addMoney, compareMoney, money, subtractMoney, type Money } from '../../kernel/money.ts'
import type { StayCharge } from '../../travel/stay.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import { readFlag, readText, type MoneyReader } from './read-values.ts'
import { chargeName, toChargeKind } from './wire.ts'

type Line = {
  readonly element: 'tax' | 'fee'
  readonly charge: Omit<StayCharge, 'due'>
  readonly isExclusive: boolean
  readonly isAtHotel: boolean
}

/**
 * The taxes and fees told with a total, and with the rates beside it. Inclusive ones are in the total. An exclusive one is
 * exclusive of the amount before tax; whether it is in the amount after tax the sums tell: when before and all exclusive
 * lines make up after, all are in it; when only the taxes do, the fees are taken at the hotel; when after is no more than
 * before, every exclusive line is taken there. Where the sums tell nothing, taxes are in the total and fees are not.
 */
export function readCharges(total: XmlElement, others: readonly XmlElement[], amounts: MoneyReader, paid: Money): readonly StayCharge[] {
  const lists = [total, ...others].filter((one, index, all) => all.indexOf(one) === index)
  const lines = lists.flatMap((one) => readLines(one, amounts, paid.currency))
  const isIn = inTotal(total, lines, amounts, paid)
  return mergeCharges(
    lines.map(({ element, charge, isExclusive, isAtHotel }) => ({
      ...charge,
      due: isAtHotel || (isExclusive && !isIn[element]) ? 'property' : 'booking',
    })),
  )
}

/** The same charge of several rooms or nights as one; an amount that is not known makes the sum unknown. */
export function mergeCharges(charges: readonly StayCharge[]): readonly StayCharge[] {
  const merged = new Map<string, StayCharge>()
  for (const charge of charges) {
    const key = `${charge.kind} ${charge.name} ${charge.due}`
    const before = merged.get(key)
    merged.set(key, before ? { ...before, amount: add(before.amount, charge.amount) } : charge)
  }
  return [...merged.values()]
}

function add(a: Money | null, b: Money | null): Money | null {
  return a && b && a.currency === b.currency ? addMoney(a, b) : null
}

function readLines(holder: XmlElement, amounts: MoneyReader, currency: string): readonly Line[] {
  return [
    ...children(child(holder, 'Taxes'), 'Tax').map((tax) => readLine('tax', tax, amounts, currency)),
    ...children(child(holder, 'Fees'), 'Fee').map((fee) => readLine('fee', fee, amounts, currency)),
  ].filter((line) => line.charge.amount?.amount !== 0)
}

function readLine(element: 'tax' | 'fee', line: XmlElement, amounts: MoneyReader, currency: string): Line {
  const code = attribute(line, 'Code')
  const described = child(line, 'TaxDescription') ?? child(line, 'Description')
  const name =
    readText(described) ??
    attribute(described, 'Name') ??
    attribute(line, 'Name') ??
    chargeName(code) ??
    code ??
    (element === 'tax' ? 'Tax' : 'Fee')
  return {
    element,
    charge: { kind: toChargeKind(element, code, name), name: name.slice(0, 200), amount: amounts.amount(line, 'Amount', currency) },
    isExclusive: attribute(line, 'Type') === 'Exclusive',
    isAtHotel:
      readFlag(attribute(line, 'PayableAtHotel')) === true || /^(pay at|payable at|due at)/i.test(attribute(line, 'CollectionType') ?? ''),
  }
}

function inTotal(total: XmlElement, lines: readonly Line[], amounts: MoneyReader, paid: Money): Record<'tax' | 'fee', boolean> {
  const usual = { tax: true, fee: false }
  const before = amounts.amount(total, 'AmountBeforeTax', paid.currency)
  if (!before || before.currency !== paid.currency) return usual
  const difference = subtractMoney(paid, before)
  const sumOf = (element: 'tax' | 'fee'): Money | null =>
    lines
      .filter((line) => line.element === element && line.isExclusive && !line.isAtHotel)
      .reduce<Money | null>((sum, line) => add(sum, line.charge.amount), money(0, paid.currency))
  const [taxes, fees] = [sumOf('tax'), sumOf('fee')]
  if (!taxes || !fees) return usual
  if (compareMoney(difference, addMoney(taxes, fees)) >= 0) return { tax: true, fee: true }
  if (compareMoney(difference, taxes) >= 0) return usual
  return { tax: false, fee: false }
}
