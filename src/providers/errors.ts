/** Why a supplier could not be read. */
export type ProviderFault = 'timeout' | 'unreachable' | 'throttled' | 'unauthorised' | 'malformed' | 'refused'

/**
 * A read that failed. Never crosses search or booking: search reports it as a fact of the answer, booking as "could
 * not be checked". `code` is the supplier's own, if it gave one; the message holds no personal data.
 */
export class ProviderError extends Error {
  readonly provider: string
  readonly fault: ProviderFault
  readonly code: string | null

  constructor(provider: string, fault: ProviderFault, message: string, options: { code?: string | null; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'ProviderError'
    this.provider = provider
    this.fault = fault
    this.code = options.code ?? null
  }
}
