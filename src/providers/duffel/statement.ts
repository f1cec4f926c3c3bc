import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { parseInstant, plusDays, type LocalDate } from '../../kernel/time.ts'
import type { Call, SupplierStatementLine } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { read, type Deps } from './exchange.ts'
import { DUFFEL, findErrors, toReadError } from './faults.ts'
import { toMoney } from './from-wire-offer.ts'
import { referenceOf } from './from-wire-order.ts'
import { Nullable } from './wire.ts'

const PAGE_SIZE = 100
const PAGES_MAX = 2_000

const wirePage = Compile(
  Type.Object({
    data: Type.Array(
      Type.Object({
        id: Type.String({ minLength: 1 }),
        created_at: Type.String(),
        cancelled_at: Nullable(Type.String()),
        total_amount: Nullable(Type.String()),
        total_currency: Nullable(Type.String()),
        metadata: Nullable(Type.Record(Type.String(), Type.Unknown())),
      }),
    ),
    meta: Nullable(Type.Object({ after: Nullable(Type.String()) })),
  }),
)

/**
 * The orders made on a day (UTC), as they stand now. Duffel lists all orders, the newest first, so that the list is left when a
 * whole page is older. https://duffel.com/docs/api/v2/orders
 */
export async function* statement(deps: Deps, day: LocalDate, call: Call): AsyncGenerator<SupplierStatementLine> {
  const [from, until] = [parseInstant(`${day}T00:00:00Z`), parseInstant(`${plusDays(day, 1)}T00:00:00Z`)]
  let after: string | null = null
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query: URLSearchParams = new URLSearchParams({ limit: String(PAGE_SIZE), ...(after !== null && { after }) })
    const reply = await read(deps, `/air/orders?${query.toString()}`, call)
    if (reply.status !== 200 || !wirePage.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
    let isOver = reply.body.data.length > 0
    for (const order of reply.body.data) {
      const at = parseInstant(order.created_at)
      if (at >= from) isOver = false
      if (at < from || at >= until) continue
      yield {
        lineId: order.id,
        status: order.cancelled_at ? 'cancelled' : 'live',
        reference: referenceOf(order),
        supplierRef: order.id,
        amount: toMoney(order.total_amount, order.total_currency),
        at,
      }
    }
    after = reply.body.meta?.after ?? null
    if (isOver || after === null) return
  }
  throw new ProviderError(DUFFEL, 'refused', `more than ${PAGES_MAX * PAGE_SIZE} orders would have to be looked through`)
}
