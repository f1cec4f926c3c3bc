/**
 * ISO 4217 active currencies and the number of their minor-unit digits.
 *
 * The table is ours because `Intl.NumberFormat` follows CLDR, which prints the rupiah without decimals and so
 * disagrees with ISO 4217 (two). Only currencies that differ from two digits are listed with their digits.
 * Source: ISO 4217 list one, https://www.six-group.com/en/products-services/financial-information/data-standards.html
 */
const TWO_DIGITS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK ' +
  'DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT ' +
  'LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR ' +
  'RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES ' +
  'WST XCD XCG YER ZAR ZMW ZWG'
const NO_DIGITS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'
const THREE_DIGITS = 'BHD IQD JOD KWD LYD OMR TND'

const digitsByCurrency = new Map<string, number>([
  ...TWO_DIGITS.split(' ').map((code) => [code, 2] as const),
  ...NO_DIGITS.split(' ').map((code) => [code, 0] as const),
  ...THREE_DIGITS.split(' ').map((code) => [code, 3] as const),
])

/** An ISO 4217 alphabetic code that {@link parseCurrency} has accepted. */
export type Currency = string & { readonly brand: 'Currency' }

/** True when `code` is an active ISO 4217 currency. */
export function isCurrency(code: string): code is Currency {
  return digitsByCurrency.has(code)
}

/** Accepts a three-letter code; throws a RangeError for anything that is not an active ISO 4217 currency. */
export function parseCurrency(code: string): Currency {
  if (!isCurrency(code)) throw new RangeError(`"${code}" is not an ISO 4217 currency`)
  return code
}

/** How many minor-unit digits the currency has: 2 for EUR, 0 for JPY and KRW, 3 for KWD. */
export function minorDigits(currency: Currency): number {
  return digitsByCurrency.get(currency) ?? 2
}

/** What customers are asked for is a multiple of so many minor units: nobody has sen of the rupiah, and payment providers refuse them. */
export function payableStep(currency: Currency): number {
  return currency === 'IDR' ? 100 : 1
}
