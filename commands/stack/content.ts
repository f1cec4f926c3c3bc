import { parseCurrency } from '../../src/kernel/currency.ts'
import { systemClock } from '../../src/kernel/time.ts'
import { createPostgres } from '../../src/platform/postgres.ts'
import { createProviders, readProviders } from '../../src/providers/index.ts'
import { createStayContent, type StayContent } from '../../src/search/index.ts'

export type OpenContent = { readonly content: StayContent; readonly close: () => Promise<void> }

/** The static content of the suppliers that this environment switches on, in the database it names. */
export function openContent(
  environment: Readonly<Record<string, string | undefined>> & { readonly DATABASE_URL: string },
  warn: (message: string) => void = () => undefined,
): OpenContent {
  const postgres = createPostgres({ url: environment.DATABASE_URL, connectionsMax: 2 })
  const currency = parseCurrency(environment['DISPLAY_CURRENCY'] ?? 'USD')
  const { providers, close } = createProviders(readProviders(environment), { clock: systemClock, currency })
  const logger = {
    warn: (facts: Record<string, unknown>, message: string) => warn(`${String(facts['provider'])}: ${message}: ${String(facts['error'])}`),
  }
  return {
    content: createStayContent({ db: postgres.db, clock: systemClock, providers, logger }),
    close: async () => {
      await close()
      await postgres.close()
    },
  }
}

/**
 * Imports the content of suppliers of whom there is none, as far as it goes in so many milliseconds, and leaves the rest to
 * the workers: a mock's takes seconds, a real supplier's hours. Returns how many suppliers have any.
 */
export async function importMissingContent(
  environment: Parameters<typeof openContent>[0],
  { waitMs, warn }: { readonly waitMs: number; readonly warn: (message: string) => void },
): Promise<number> {
  const { content, close } = openContent(environment, warn)
  try {
    await content.refresh({ onlyMissing: true, signal: AbortSignal.timeout(waitMs) })
    return content.providers.length
  } finally {
    await close()
  }
}
