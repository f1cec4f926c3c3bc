import { minorDigits, parseCurrency, type Currency } from '../kernel/currency.ts'
import { parseLocalDate, type LocalDate } from '../kernel/time.ts'
import Big from 'big.js'

/** How many units of each currency one unit of `base` buys, as decimal strings, on the day `asOf`. */
export type RateTable = { readonly asOf: LocalDate; readonly base: string; readonly perBase: Readonly<Record<string, string>> }

/** Rates that have been read once: whole currencies only, every rate above zero. */
export type Rates = { readonly asOf: LocalDate; readonly find: (currency: Currency) => Big | undefined }

/**
 * Reads a table; throws a RangeError that names the first currency that is unknown or whose rate is not a decimal above
 * zero, so that a bad table stops a start and never a search.
 */
export function parseRates(table: RateTable): Rates {
  const rates = new Map<Currency, Big>([[parseCurrency(table.base), new Big(1)]])
  for (const [code, text] of Object.entries(table.perBase)) {
    const currency = parseCurrency(code)
    if (!/^\d+(\.\d+)?$/.test(text) || new Big(text).lte(0))
      throw new RangeError(`the rate of ${code}, "${text}", is not a decimal above zero`)
    if (code === table.base && !new Big(text).eq(1)) throw new RangeError(`one ${code} is one ${code}, not ${text}`)
    rates.set(currency, new Big(text))
  }
  return { asOf: table.asOf, find: (currency) => rates.get(currency) }
}

/** A power of ten that turns units of the currency into minor units. */
export function minorUnitsPerUnit(currency: Currency): Big {
  return new Big(10).pow(minorDigits(currency))
}

/**
 * Rates for a system that has no feed of its own: rounded mid-market figures of one day, good enough to compare offers
 * in a sandbox, not to settle with a bank. A live table is handed to {@link parseRates} in its place.
 */
export const DEFAULT_RATES: RateTable = {
  asOf: parseLocalDate('2026-01-02'),
  base: 'USD',
  perBase: {
    AED: '3.6725',
    AUD: '1.4980',
    BDT: '122.30',
    BGN: '1.6690',
    BHD: '0.3760',
    BRL: '5.4800',
    CAD: '1.3720',
    CHF: '0.7930',
    CLP: '905.00',
    CNY: '6.9900',
    COP: '3780.00',
    CZK: '20.650',
    DKK: '6.3720',
    EGP: '47.650',
    EUR: '0.8530',
    GBP: '0.7430',
    GEL: '2.6950',
    HKD: '7.7850',
    HUF: '328.50',
    IDR: '16690',
    ILS: '3.1900',
    INR: '89.950',
    ISK: '125.60',
    JOD: '0.7090',
    JPY: '156.70',
    KES: '129.00',
    KRW: '1443.0',
    KWD: '0.3070',
    KZT: '506.00',
    LKR: '309.50',
    MAD: '9.1200',
    MXN: '17.980',
    MYR: '4.0600',
    NGN: '1446.0',
    NOK: '10.070',
    NZD: '1.7360',
    OMR: '0.3845',
    PEN: '3.3650',
    PHP: '58.850',
    PKR: '280.10',
    PLN: '3.5950',
    QAR: '3.6400',
    RON: '4.3450',
    RSD: '100.10',
    SAR: '3.7505',
    SEK: '9.2150',
    SGD: '1.2850',
    THB: '31.450',
    TRY: '42.960',
    TWD: '31.400',
    UAH: '42.250',
    VND: '26290',
    ZAR: '16.560',
  },
}
