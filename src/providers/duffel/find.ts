import type { Reservation } from '../../travel/reservation.ts'
import type { Call, FindQuery, FindReply } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { read, type Deps } from './exchange.ts'
import { DUFFEL, findErrors, toReadError } from './faults.ts'
import { referenceOf } from './from-wire-order.ts'
import { readOrder, type Reply } from './read-reply.ts'
import { toOrderSearch } from './to-wire.ts'
import { wireOrderPage } from './wire.ts'

const FIND_PAGE_SIZE = 100
const FIND_PAGES_MAX = 20

/** Looks through the orders of the first passenger's family name for our reference; Duffel cannot be asked for it. */
export async function find(deps: Deps, query: FindQuery, call: Call): Promise<FindReply> {
  const familyName = query.passengers[0]?.familyName ?? ''
  let after: string | null = null
  let cancelled: Reservation | null = null
  for (let page = 0; page < FIND_PAGES_MAX; page += 1) {
    const reply: Reply = await read(deps, `/air/orders?${toOrderSearch(familyName, FIND_PAGE_SIZE, after)}`, call)
    if (reply.status !== 200 || !wireOrderPage.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
    for (const wire of reply.body.data) {
      if (referenceOf(wire) !== query.reference) continue
      const { reservation } = readOrder({ status: 200, body: { data: wire } })
      if (reservation.status === 'active') return { outcome: 'found', reservation }
      cancelled ??= reservation
    }
    after = reply.body.meta?.after ?? null
    if (!after) return cancelled ? { outcome: 'found', reservation: cancelled } : { outcome: 'absent' }
  }
  throw new ProviderError(DUFFEL, 'refused', `more than ${FIND_PAGES_MAX * FIND_PAGE_SIZE} orders would have to be looked through`)
}
