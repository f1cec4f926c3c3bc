import { setTimeout as pause } from 'node:timers/promises'
import { forgetIdempotencyKeys } from '../gateway/index.ts'
import { armFailpoint } from '../platform/failpoint.ts'
import { createWorkers } from '../workers/index.ts'
import type { Config } from './config.ts'
import { createDraining } from './draining.ts'
import { createHttp } from './http.ts'
import { createServices } from './services.ts'

export type Role = 'api' | 'worker'

export type Farewire = {
  /** Where the API listens; empty for a process that only works. */
  readonly url: string
  /**
   * Says at once that it is not ready and takes no more jobs; serves on for DRAIN_MS, so that load balancers notice; then
   * stops accepting, lets what is under way finish, and lets go of Redis and Postgres.
   */
  readonly close: () => Promise<void>
}

/** A reaction holds a connection while it reads and writes, never while it waits for a partner: most of the time. */
const REACTIONS_PER_CONNECTION = 2

/** Starts the given roles in this process. Resolves when it is ready; what was started is stopped again if it fails. */
export async function startFarewire(config: Config, roles: readonly Role[]): Promise<Farewire> {
  armFailpoint(config.failpoint)
  const services = createServices(config)
  const closers: (() => Promise<void>)[] = [services.close]
  const draining = createDraining()
  const close = async (): Promise<void> => {
    const faults: unknown[] = []
    // One part that fails to stop must not keep the rest running.
    for (const closeOne of closers.splice(0).toReversed()) await closeOne().catch((error: unknown) => faults.push(error))
    if (faults.length > 0) throw new AggregateError(faults, 'not everything stopped cleanly')
  }
  let stopWork = async (): Promise<void> => undefined
  try {
    await services.clockReady
    if (roles.includes('worker')) {
      const { clock, work } = services
      const workers = createWorkers({
        ...services,
        ...work,
        concurrentMax: config.database.workerConnectionsMax * REACTIONS_PER_CONNECTION,
        lockMs: config.queueLockMs,
        forgetIdempotencyKeys: () => forgetIdempotencyKeys({ db: work.db, clock }),
      })
      closers.push(workers.close)
      stopWork = workers.close
    }
    let url = ''
    if (roles.includes('api')) {
      const http = await createHttp(config, services, draining)
      closers.push(async () => {
        draining.begin()
        const stopping = stopWork()
        // Told with the others when it is its turn.
        stopping.catch(() => undefined)
        await pause(config.drainMs)
        draining.move()
        await http.close()
      })
      url = await http.listen({ host: config.http.host, port: config.http.port })
    }
    return { url, close }
  } catch (error) {
    await close()
    throw error
  }
}
