import pLimit from 'p-limit'
import type { FlightOffer } from '../../travel/flight.ts'
import type { SeatMap } from '../../travel/seat-map.ts'
import type { Call } from '../contract.ts'
import { ask, createBudget, type Budget, type Deps } from './deps.ts'
import { refused, replyOf } from './exchange.ts'
import type { SoapFault } from './faults.ts'
import { readSeatMaps } from './read-seat-map.ts'
import { writeSeatMap } from './write-after-sales.ts'

/** How many flights are asked about at a time. */
const AT_A_TIME = 3

/**
 * The seats of the flights that have a map, each asked for by itself, because one airline that shows none would fail the
 * request for all. Throws ProviderError when no flight was answered with a map, or one was not answered at all.
 */
export async function seatMaps(deps: Deps, offer: FlightOffer, call: Call): Promise<readonly SeatMap[]> {
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  const limit = pLimit(AT_A_TIME)
  const count = offer.slices.reduce((sum, slice) => sum + slice.segments.length, 0)
  const answers = await Promise.all(
    Array.from({ length: count }, (_, index) => limit(() => askForMap(deps, { offer, index, budget }, call))),
  )
  const maps = answers.flatMap((answer) => ('maps' in answer ? answer.maps : []))
  const refusal = answers.find((answer) => 'fault' in answer)
  if (maps.length === 0 && refusal) throw refused(refusal.fault)
  return maps
}

async function askForMap(
  deps: Deps,
  { offer, index, budget }: { offer: FlightOffer; index: number; budget: Budget },
  call: Call,
): Promise<{ maps: readonly SeatMap[] } | { fault: SoapFault }> {
  const envelope = writeSeatMap(deps.config, offer, index)
  const reply = replyOf(await ask(deps, call, budget, { service: 'AirService', envelope, expects: 'SeatMapRsp' }))
  if ('fault' in reply) return reply
  return { maps: readSeatMaps(reply.body).map((map) => ({ ...map, segmentIndex: index })) }
}
