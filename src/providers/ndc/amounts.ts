import { addMoney, isSameMoney, parseMoney, sumMoney, type Money } from '../../kernel/money.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import { at, any, count, value } from './elements.ts'

/** An amount as it is written. */
export type RawAmount = { readonly text: string; readonly currency: string }

/** What one element asks for. An amount that is absent, or cannot be read without guessing, is null. */
export type Prices = { readonly total: Money | null; readonly base: Money | null; readonly taxes: Money | null }

/** How the amounts of one message are read. */
export type MoneyReader = (element: XmlElement | undefined) => Money | null

const INSIDE = ['DetailCurrencyPrice', 'SimpleCurrencyPrice', 'EncodedCurrencyPrice', 'CurrencyAmountValue', 'Total', 'TotalAmount']
const AMOUNT = /^-?\d+(?:\.\d*)?$/

/** The amount that an element is, or holds: 17.2 wraps amounts in up to three elements. */
export function rawAmount(element: XmlElement | undefined): RawAmount | undefined {
  if (!element) return undefined
  const inner = any(element, ...INSIDE)
  if (inner) return rawAmount(inner)
  const currency = attribute(element, 'Code') ?? attribute(element, 'CurCode') ?? attribute(element, 'CurrencyCode')
  const text = element.text.trim()
  return currency && AMOUNT.test(text) ? { text, currency: currency.trim().toUpperCase() } : undefined
}

/**
 * The reader of a message's amounts. A message may say that its amounts of a currency are written without the decimal
 * point ("BHD", 3 decimals: 60000 is 60.000). It is believed only if none of `samples` has a point, because others say so
 * and write one.
 */
export function createMoneyReader(root: XmlElement, samples: () => Iterable<RawAmount>): MoneyReader {
  const implied = impliedDecimals(root)
  if (implied.size > 0) for (const { text, currency } of samples()) if (text.includes('.')) implied.delete(currency)
  const known = new Map<string, Money | null>()
  return (element) => {
    const raw = rawAmount(element)
    if (!raw) return null
    const key = `${raw.currency}${raw.text}`
    let money = known.get(key)
    if (money === undefined) known.set(key, (money = toMoney(raw, implied.get(raw.currency) ?? 0)))
    return money
  }
}

/** The reader of a message that has few amounts: an order, a seat map. */
export function readerOf(root: XmlElement): MoneyReader {
  return createMoneyReader(root, function* () {
    const visit = function* (element: XmlElement): Generator<RawAmount> {
      const raw = element.children.length === 0 ? rawAmount(element) : undefined
      if (raw) yield raw
      for (const inner of element.children) yield* visit(inner)
    }
    yield* visit(root)
  })
}

function impliedDecimals(root: XmlElement): Map<string, number> {
  const implied = new Map<string, number>()
  const other = at(root, 'Metadata', 'Other') ?? at(root, 'Response', 'Metadata', 'Other')
  for (const metadata of children(other, 'OtherMetadata'))
    for (const one of children(child(metadata, 'CurrencyMetadatas'), 'CurrencyMetadata')) {
      const currency = attribute(one, 'MetadataKey')
      const decimals = count(value(one, 'Decimals'))
      if (currency && decimals !== null && decimals > 0 && decimals <= 4) implied.set(currency.toUpperCase(), decimals)
    }
  return implied
}

function toMoney({ text, currency }: RawAmount, impliedDecimals: number): Money | null {
  const sign = text.startsWith('-') ? '-' : ''
  const digits = text.slice(sign.length).padStart(impliedDecimals + 1, '0')
  const decimal = impliedDecimals === 0 ? text : `${sign}${digits.slice(0, -impliedDecimals)}.${digits.slice(-impliedDecimals)}`
  try {
    return parseMoney(decimal, currency)
  } catch {
    return null
  }
}

/** Reads a price: its total, which counts, and what it is made of in the same currency. Parts that do not add up are not told. */
export function readPrices(element: XmlElement | undefined, moneyOf: MoneyReader): Prices {
  const total = moneyOf(totalElement(element))
  const inTotal = (money: Money | null): Money | null => (!total || money?.currency === total.currency ? money : null)
  const detail = any(element, 'DetailCurrencyPrice') ?? at(element, 'TotalAmount', 'DetailCurrencyPrice')
  const base = inTotal(moneyOf(any(element, 'BaseAmount'))) ?? inTotal(moneyOf(any(element, 'EquivAmount')))
  const taxes =
    inTotal(moneyOf(at(element, 'TaxSummary', 'TotalTaxAmount'))) ??
    inTotal(moneyOf(at(element, 'Taxes', 'Total'))) ??
    inTotal(moneyOf(at(detail, 'Taxes', 'Total')))
  if (!total || !base || !taxes) return { total, base, taxes }
  if (isSameMoney(addMoney(base, taxes), total)) return { total, base, taxes }
  const fees =
    inTotal(moneyOf(at(element, 'Surcharges', 'Surcharge', 'Total'))) ?? inTotal(moneyOf(at(element, 'Surcharge', 'TotalAmount')))
  if (fees && isSameMoney(addMoney(addMoney(base, taxes), fees), total)) return { total, base, taxes: addMoney(taxes, fees) }
  return { total, base, taxes: null }
}

/** Where a price element has its total. */
export function totalElement(element: XmlElement | undefined): XmlElement | undefined {
  return any(element, 'TotalAmount', 'DetailCurrencyPrice', 'SimpleCurrencyPrice', 'EncodedCurrencyPrice', 'Total')
}

/** The sum of amounts in one currency, or null when one of them is not known or there is none. */
export function sumKnown(amounts: readonly (Money | null)[]): Money | null {
  const currency = amounts[0]?.currency
  if (currency === undefined) return null
  const known = amounts.filter((amount) => amount?.currency === currency)
  return known.length === amounts.length ? sumMoney(known as Money[], currency) : null
}
