import { parseLocalDate, systemClock, type Clock } from '../../src/kernel/time.ts'
import { createRequestRedis, type ClusterAddress, type RequestRedis } from '../../src/platform/redis.ts'
import { encodeFlightPart } from '../../src/search/flights/flight-part.ts'
import { FLIGHT_QUERIES } from '../../src/search/flights/flight-query-kind.ts'
import { silentLogger } from '../../src/search/logger.ts'
import { createSingleflight } from '../../src/search/supersets/singleflight.ts'
import { createSupersetMemory, type SupersetMemory } from '../../src/search/supersets/superset-memory.ts'
import { createSupersetSharing, type SupersetSharing } from '../../src/search/supersets/superset-sharing.ts'
import {
  createSupersets,
  type Obtained,
  type Supersets as AnySupersets,
  type SupersetsDeps as AnySupersetsDeps,
} from '../../src/search/supersets/supersets.ts'
import type { SourceAnswer, SourceFact, SourceState } from '../../src/search/supersets/superset.ts'
import type { FlightOffer, FlightQuery } from '../../src/travel/flight.ts'

type Supersets = AnySupersets<FlightQuery>
type SupersetsDeps = AnySupersetsDeps<FlightQuery>

export const MINUTE = 60_000

/** A query of a month ahead; another number of adults is another query. */
export function queryFor(adults = 1): FlightQuery {
  return {
    slices: [{ origin: 'CGK', destination: 'NRT', departureDate: parseLocalDate('2026-12-31') }],
    passengers: { adults, children: 0, infants: 0 },
    cabin: 'economy',
  }
}

export function factOf(provider: string, state: SourceState, change: Partial<SourceFact> = {}): SourceFact {
  return {
    ...{ provider, name: provider.toUpperCase(), state, offers: 0, solutions: 0, ms: 0, fault: null, answeredAt: null },
    ...{ retentionMs: 30 * MINUTE, duplicates: 0, unusable: 0, ...change },
  }
}

export async function answerOf(provider: string, offers: readonly FlightOffer[], clock: Clock, ms = 0): Promise<SourceAnswer> {
  const part = await encodeFlightPart(provider, offers)
  return { fact: factOf(provider, 'answered', { answeredAt: clock.now(), offers: offers.length, ms }), part }
}

/** Says its offers, or why not, whenever it likes. */
export type FakeSupplier = () => Promise<readonly FlightOffer[]>
export type FakeSuppliers = SupersetsDeps['fanOut'] & { readonly asked: FlightQuery[]; readonly close: () => void }

/** A fan-out that keeps its promises: everyone is heard of once by the deadline, and late answers come after it. */
export function fakeSuppliers(suppliers: Record<string, FakeSupplier>, options: { clock: Clock; deadlineMs: number }): FakeSuppliers {
  const asked: FlightQuery[] = []
  const closing = createGate<never[]>()
  return {
    asked,
    close: () => closing.open([]),
    sources: () => Object.keys(suppliers).map((provider) => factOf(provider, 'asked')),
    ask(query, onAnswer) {
      asked.push(query)
      const began = performance.now()
      const deadline = new Promise((resolve) => setTimeout(resolve, options.deadlineMs).unref())
      const told = new Set<string>()
      const calls = Object.entries(suppliers).map(async ([provider, supplier]) => {
        const answer = await Promise.race([supplier(), closing.opened]).then(
          (offers) => answerOf(provider, offers, options.clock, Math.round(performance.now() - began)),
          (): SourceAnswer => ({ fact: factOf(provider, 'failed', { fault: 'unavailable' }), part: null }),
        )
        if (!told.has(provider) || answer.part !== null) onAnswer(answer)
        told.add(provider)
      })
      const late = deadline.then(() => {
        for (const provider of Object.keys(suppliers)) {
          if (told.has(provider)) continue
          told.add(provider)
          onAnswer({ fact: factOf(provider, 'timed_out', { fault: 'timeout', ms: options.deadlineMs }), part: null })
        }
      })
      const finished = Promise.all(calls).then(() => undefined)
      return { answered: Promise.race([finished, late]), finished }
    },
  }
}

/** Supersets as one process has them: its own memory and connections, the cache of all. */
export type FakeProcess = Supersets & {
  readonly suppliers: FakeSuppliers
  readonly memory: SupersetMemory
  readonly sharing: SupersetSharing
  /** Cuts it off from the cache for good, as its death would. */
  readonly cutOff: () => void
  readonly end: () => Promise<void>
}

export type ProcessOptions = {
  readonly redis?: string | readonly ClusterAddress[] | null
  readonly suppliers?: Record<string, FakeSupplier>
  readonly clock?: Clock
  readonly deadlineMs?: number
  readonly random?: () => number
  readonly fanOutsAloneMax?: number
  /** Takes a guard away, to show what it is there for. */
  readonly without?: (sharing: SupersetSharing) => Partial<SupersetSharing>
  readonly isReady?: boolean
  readonly onBuilt?: SupersetsDeps['onBuilt']
}

export async function startProcess(options: ProcessOptions = {}): Promise<FakeProcess> {
  const { clock = systemClock, deadlineMs = 2_000 } = options
  const redis: RequestRedis | null = options.redis == null ? null : createRequestRedis(options.redis)
  if (redis !== null && options.isReady !== false) await new Promise((resolve) => redis.once('ready', resolve))
  const shared = createSupersetSharing({ redis, clock, logger: silentLogger })
  const sharing = { ...shared, ...options.without?.(shared) }
  const memory = createSupersetMemory({ bytesMax: 50_000_000 })
  const suppliers = fakeSuppliers(options.suppliers ?? {}, { clock, deadlineMs })
  const supersets = createSupersets({
    kind: FLIGHT_QUERIES,
    ...{ clock, fanOut: suppliers, memory, ...sharing, deadlineMs, singleflight: createSingleflight<Obtained>() },
    random: options.random ?? (() => 0.5),
    ...(options.onBuilt && { onBuilt: options.onBuilt }),
    ...(options.fanOutsAloneMax !== undefined && { fanOutsAloneMax: options.fanOutsAloneMax }),
  })
  const cutOff = () => {
    shared.notices.close()
    redis?.disconnect()
  }
  const end = async () => {
    suppliers.close()
    await supersets.close()
    cutOff()
  }
  return { ...supersets, suppliers, memory, sharing, cutOff, end }
}

/** A promise and the way to settle it. */
export function createGate<T>(): { readonly opened: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => undefined
  const opened = new Promise<T>((resolve) => (open = resolve))
  return { opened, open }
}
