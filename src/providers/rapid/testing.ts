import type { ProviderLimits } from '../contract.ts'
import { RAPID_LIMITS, toSettings, type Settings } from './config.ts'

type Mock = { readonly url: string; readonly account: { readonly apiKey: string; readonly sharedSecret: string } }

/** For tests: settings for a mock, with whatever else the environment would say. */
export function settingsFor(
  { url, account }: Mock,
  limits: ProviderLimits = RAPID_LIMITS,
  more: Readonly<Record<string, string>> = {},
): Settings {
  const values: Readonly<Record<string, string>> = {
    RAPID_URL: url,
    RAPID_API_KEY: account.apiKey,
    RAPID_SHARED_SECRET: account.sharedSecret,
    ...more,
  }
  return toSettings({ read: (name) => values[name]!, find: (name) => values[name] }, limits)
}
