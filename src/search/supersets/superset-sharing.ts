import type { Clock } from '../../kernel/time.ts'
import type { RequestRedis } from '../../platform/redis.ts'
import type { SearchLogger } from '../logger.ts'
import { createSharedCache } from './shared-cache.ts'
import { createLeases, freeLeases, type Leases } from './superset-lease.ts'
import { createSupersetNotices, type SupersetNotices } from './superset-notices.ts'
import { createSupersetStore, emptyStore, type SupersetStore } from './superset-store.ts'

/** What the processes of a deployment have in common. */
export type SupersetSharing = { readonly store: SupersetStore; readonly leases: Leases; readonly notices: SupersetNotices }

/** Shared through this Redis; a process without one shares nothing and waits for nobody. */
export function createSupersetSharing(deps: { redis: RequestRedis | null; clock: Clock; logger: SearchLogger }): SupersetSharing {
  const notices = createSupersetNotices(deps.redis)
  if (deps.redis === null) return { store: emptyStore, leases: freeLeases, notices }
  const cache = createSharedCache({ redis: deps.redis, logger: deps.logger })
  return { store: createSupersetStore({ cache, clock: deps.clock, logger: deps.logger }), leases: createLeases(cache), notices }
}
