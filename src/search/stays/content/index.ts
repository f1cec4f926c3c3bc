import type { Clock } from '../../../kernel/time.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { Provider } from '../../../providers/contract.ts'
import type { SearchLogger } from '../../logger.ts'
import { createHouses, type Houses } from './houses.ts'
import { importContent, type Imported, type ImportInput } from './import-content.ts'
import { lastCompleted } from './import-store.ts'

export type { Imported, ImportProgress } from './import-content.ts'
export type { Houses } from './houses.ts'

export type StayContentDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly providers: readonly Provider[]
  readonly logger: SearchLogger
}

/** The static content of the suppliers of stays. */
export type StayContent = {
  readonly houses: Houses
  /** The suppliers that have any. */
  readonly providers: readonly Provider[]
  readonly importFrom: (input: ImportInput) => Promise<Imported>
  /**
   * Imports what has never been imported, was interrupted, or is a day old, all suppliers at once. A supplier that fails is told in the
   * log and tried again the next time; `signal` ends it between two pages.
   */
  readonly refresh: (options?: { readonly signal?: AbortSignal; readonly onlyMissing?: boolean }) => Promise<void>
}

/** Suppliers change their content daily. */
const KEPT_MS = 24 * 3_600_000

export function createStayContent(deps: StayContentDeps): StayContent {
  const { db, clock, logger } = deps
  const providers = deps.providers.filter((provider) => provider.stays !== undefined)
  const importFrom = (input: ImportInput) => importContent({ db, clock }, input)

  async function refreshOne(provider: Provider, signal: AbortSignal | undefined, onlyMissing: boolean): Promise<void> {
    const completedAt = await lastCompleted(db, provider.id)
    if (completedAt !== null && (onlyMissing || clock.now() < completedAt + KEPT_MS)) return
    await importFrom({ provider, ...(signal !== undefined && { signal }) })
  }

  return {
    houses: createHouses(db),
    providers,
    importFrom,
    async refresh({ signal, onlyMissing = false } = {}) {
      await Promise.all(
        providers.map((provider) =>
          refreshOne(provider, signal, onlyMissing).catch((error: unknown) =>
            logger.warn({ provider: provider.id, error: (error as Error).message }, 'the content of a supplier could not be imported'),
          ),
        ),
      )
    },
  }
}
