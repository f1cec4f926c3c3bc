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

/** A mock's content takes a second. A real supplier's takes hours, which the workers go on with. */
const WAIT_MS = 10_000

/** Imports the content of suppliers of whom there is none, as far as it goes in 10 s; returns how many suppliers have any. */
export async function importMissingContent(
  environment: Parameters<typeof openContent>[0],
  warn: (message: string) => void,
): Promise<number> {
  const { content, close } = openContent(environment, warn)
  try {
    await content.refresh({ onlyMissing: true, signal: AbortSignal.timeout(WAIT_MS) })
    return content.providers.length
  } finally {
    await close()
  }
}
