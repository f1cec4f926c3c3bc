import { isCurrency, type Currency } from '../../../kernel/currency.ts'

/** How to reach Stripe. `webhookSecrets` holds one secret, or two while one replaces the other. Time-outs are total. */
export type StripeConfig = {
  readonly secretKey: string
  readonly webhookSecrets: readonly string[]
  readonly apiUrl: string
  readonly readTimeoutMs: number
  readonly writeTimeoutMs: number
}

/** What Stripe charges in, as far as ISO 4217 still has it. https://docs.stripe.com/currencies#presentment-currencies */
export const STRIPE_CURRENCIES: readonly Currency[] = (
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CVE CZK ' +
  'DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD ' +
  'KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN ' +
  'PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST ' +
  'XAF XCD XOF XPF YER ZAR ZMW'
)
  .split(' ')
  .filter(isCurrency)
