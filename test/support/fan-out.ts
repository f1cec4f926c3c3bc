import { createStoppedClock, parseLocalDate, type Clock } from '../../src/kernel/time.ts'
import type { Provider, ShopReply } from '../../src/providers/contract.ts'
import { createFanOut, type FanOut as AnyFanOut, type FanOutDeps as AnyFanOutDeps } from '../../src/search/suppliers/fan-out.ts'
import { silentLogger } from '../../src/search/logger.ts'
import type { SourceAnswer } from '../../src/search/supersets/superset.ts'
import { FLIGHT_TRADE } from '../../src/search/suppliers/trade.ts'
import { createSuppliers, type Suppliers } from '../../src/search/suppliers/suppliers.ts'
import type { FlightQuery } from '../../src/travel/flight.ts'

type FanOutDeps = AnyFanOutDeps<FlightQuery, FlightQuery, ShopReply>
type FanOut = AnyFanOut<FlightQuery>

export const aQuery: FlightQuery = {
  slices: [{ origin: 'CGK', destination: 'NRT', departureDate: parseLocalDate('2026-12-01') }],
  passengers: { adults: 1, children: 0, infants: 0 },
  cabin: 'economy',
}

/** Reads nothing but how many offers there are. */
export const countingReader: FanOutDeps['readReply'] = async (_provider, _query, reply) => {
  const offers = 'unread' in reply ? 0 : reply.offers.length
  return { part: null, offers, solutions: offers, duplicates: 0, unusable: 0 }
}

export type FanOutUnderTest = FanOut & { readonly suppliers: Suppliers; readonly clock: Clock & { advance: (ms: number) => void } }

/** A fan-out to these suppliers, without a shared count of looks. */
export function fanOutTo(
  providers: readonly Provider[],
  options: Partial<Pick<FanOutDeps, 'deadlineMs' | 'readReply'>> & { readonly watched?: (suppliers: Suppliers) => Suppliers } = {},
): FanOutUnderTest {
  const clock = createStoppedClock('2026-11-01T00:00:00Z')
  const common = { clock, logger: silentLogger, deadlineMs: options.deadlineMs ?? 60 }
  const suppliers = createSuppliers({ ...common, providers, redis: null })
  const watched = options.watched?.(suppliers) ?? suppliers
  const fanOut = createFanOut({
    ...common,
    trade: FLIGHT_TRADE,
    suppliers: watched,
    readReply: options.readReply ?? countingReader,
    retentionMs: 1_800_000,
  })
  return { ...fanOut, suppliers, clock }
}

/** All that one search was told, parted by the moment at which it stopped waiting. */
export async function askAll(fanOut: FanOut): Promise<{ inTime: SourceAnswer[]; late: SourceAnswer[] }> {
  const answers: SourceAnswer[] = []
  const asking = fanOut.ask(aQuery, (answer) => answers.push(answer))
  await asking.answered
  const inTime = [...answers]
  await asking.finished
  return { inTime, late: answers.slice(inTime.length) }
}
