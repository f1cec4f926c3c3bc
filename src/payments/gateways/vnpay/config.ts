/**
 * How to reach VNPay. `hashSecret` signs everything, both ways; VNPay gives a terminal no second one. `payUrl` is the page
 * customers are sent to, `apiUrl` where we ask. `serverIp` stands in where a payment is opened on behalf of no browser.
 * Time-outs are total.
 */
export type VnpayConfig = {
  readonly tmnCode: string
  readonly hashSecret: string
  readonly payUrl: string
  readonly apiUrl: string
  readonly serverIp: string
  readonly readTimeoutMs: number
  readonly writeTimeoutMs: number
}
