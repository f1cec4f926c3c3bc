import { forgetIdempotencyKeys } from '../gateway/index.ts'
import { armFailpoint } from '../platform/failpoint.ts'
import { createWorkers } from '../workers/index.ts'
import type { Config } from './config.ts'
import { createHttp } from './http.ts'
import { createServices } from './services.ts'

export type Role = 'api' | 'worker'

export type Farewire = {
  /** Where the API listens; empty for a process that only works. */
  readonly url: string
  /** Stops accepting, lets what is under way finish, then lets go of Redis and Postgres. */
  readonly close: () => Promise<void>
}

const REACTIONS_AT_ONCE = 10

/** Starts the given roles in this process. Resolves when it is ready; what was started is stopped again if it fails. */
export async function startFarewire(config: Config, roles: readonly Role[]): Promise<Farewire> {
  armFailpoint(config.failpoint)
  const services = createServices(config)
  const closers: (() => Promise<void>)[] = [services.close]
  const close = async (): Promise<void> => {
    const faults: unknown[] = []
    // One part that fails to stop must not keep the rest running.
    for (const closeOne of closers.splice(0).toReversed()) await closeOne().catch((error: unknown) => faults.push(error))
    if (faults.length > 0) throw new AggregateError(faults, 'not everything stopped cleanly')
  }
  try {
    if (roles.includes('worker')) {
      const { db, clock } = services
      const workers = createWorkers({
        ...services,
        concurrentMax: REACTIONS_AT_ONCE,
        lockMs: config.queueLockMs,
        forgetIdempotencyKeys: () => forgetIdempotencyKeys({ db, clock }),
      })
      closers.push(workers.close)
    }
    let url = ''
    if (roles.includes('api')) {
      const http = await createHttp(config, services)
      closers.push(() => http.close())
      url = await http.listen({ host: config.http.host, port: config.http.port })
    }
    return { url, close }
  } catch (error) {
    await close()
    throw error
  }
}
