import { parseCurrency } from '../../kernel/currency.ts'
import type { ProviderLimits } from '../contract.ts'
import { agentOfClient, SABRE_LIMITS, type SabreSettings } from './config.ts'

/** The mock as a test's adapter sees it. */
type MockAddress = {
  readonly url: string
  readonly soapUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly pcc: string
}

/** Settings for a mock server, with limits short enough for a test. */
export function settingsFor(mock: MockAddress, limits: Partial<ProviderLimits> = {}): SabreSettings {
  return {
    url: mock.url,
    soapUrl: mock.soapUrl,
    clientId: mock.clientId,
    clientSecret: mock.clientSecret,
    pcc: mock.pcc,
    agent: agentOfClient(mock.clientId, mock.clientSecret)!,
    currency: parseCurrency('EUR'),
    ticketCountry: null,
    printerProfile: null,
    limits: { ...SABRE_LIMITS, ...limits },
  }
}
