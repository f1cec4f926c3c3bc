import { setTimeout as sleep } from 'node:timers/promises'
import type { Instant } from '../../src/kernel/time.ts'
import type { ChaosStack } from './stack.ts'
import type { Journey } from './travellers.ts'

/** When each booking came to its end, on the sandbox's clock. */
export type Settled = { readonly endedAt: ReadonlyMap<string, Instant>; readonly unsettled: readonly string[] }

const POLL_MS = 100
/** Nothing moved for so long: then time is what is waited for, and it is put forward to when something is due. */
const STILL_MS = 1_500
const JUMP_SECONDS_MAX = 900
const REAL_MS_MAX = 75_000
/** As far as it may take: past every horizon and promise. */
const AHEAD_SECONDS_MAX = 4 * 3_600

/**
 * Waits until everything that was begun has come to its end: bookings that were paid for, reactions, refunds. Where only time
 * is missing, it is put forward. Bookings that wait for a person have ended when there is a case for one.
 */
export async function settle(stack: ChaosStack, journeys: readonly Journey[], mayWait: readonly string[]): Promise<Settled> {
  const endedAt = new Map<string, Instant>()
  const begun = performance.now()
  let ahead = 0
  let last = ''
  let movedAt = performance.now()
  for (;;) {
    const left = await unsettled(stack, journeys, mayWait, endedAt).catch((error: unknown) => [
      `the books cannot be read: ${String(error)}`,
    ])
    if (left.length === 0) return { endedAt, unsettled: [] }
    const seen = left.join()
    if (seen !== last) movedAt = performance.now()
    last = seen
    if (performance.now() - begun > REAL_MS_MAX || ahead > AHEAD_SECONDS_MAX) return { endedAt, unsettled: left }
    if (performance.now() - movedAt > STILL_MS) {
      const seconds = await secondsToNext(stack)
      await stack.advance(seconds)
      ahead += seconds
      movedAt = performance.now()
    }
    await sleep(POLL_MS)
  }
}

/** What has not come to its end, with its status and version; bookings that have are noted with the time. */
async function unsettled(
  stack: ChaosStack,
  journeys: readonly Journey[],
  mayWait: readonly string[],
  endedAt: Map<string, Instant>,
): Promise<string[]> {
  const ids = journeys.flatMap(({ booking }) => (booking ? [booking.id] : []))
  const bookings = await stack.sql<{ id: string; status: string; version: number; has_case: boolean; refunds: string }>(
    `select id, status, version,
       exists (select from platform.work_items item where state <> 'done' and (subject_id = booking.id or details::text like '%' || booking.id || '%'
         or subject_id in (select id from payments.payments where booking_id = booking.id)
         or subject_id in (select id from payments.refunds where booking_id = booking.id))) as has_case,
       (select coalesce(string_agg(status || checks, ','), '') from payments.refunds where booking_id = booking.id and status in ('requested', 'pending')) as refunds
     from booking.bookings booking where id = any($1)`,
    [ids],
  )
  const truth = stack.gateway.control.ledger()
  const payments = await stack.sql<{ id: string; booking_id: string }>(
    'select id, booking_id from payments.payments where booking_id = any($1)',
    [ids],
  )
  const left: string[] = []
  for (const { id, status, version, has_case: hasCase, refunds } of bookings) {
    const own = new Set(payments.filter((one) => one.booking_id === id).map((one) => one.id))
    const lines = truth.filter(({ reference }) => reference !== null && own.has(reference))
    const captured = lines.reduce((sum, line) => sum + line.captured, 0)
    const held = captured - lines.reduce((sum, line) => sum + line.refunded + line.charged_back, 0)
    const isOver =
      (mayWait.includes(id) && hasCase) ||
      (refunds === '' && (status === 'TICKETED' || status === 'REFUNDED' || (status === 'CANCELLED' && held === 0))) ||
      (captured === 0 && (status === 'INIT' || status === 'PENDING_PAYMENT'))
    if (!isOver) left.push(`${id} ${status} v${version} ${refunds}`)
    else if (!endedAt.has(id)) endedAt.set(id, stack.clock.now())
  }
  const [row] = await stack.sql<{ pending: string; untold: string }>(
    `select (select count(*) from platform.pending_reactions)::text as pending, (select count(*) from platform.events where published_at is null)::text as untold`,
  )
  if (row!.pending !== '0' || row!.untold !== '0') left.push(`${row!.pending} reactions, ${row!.untold} events`)
  return left
}

/** How long it is until something is due, a little more, and never less than a second. */
async function secondsToNext(stack: ChaosStack): Promise<number> {
  const [row] = await stack.sql<{ seconds: number | null }>(`
    select extract(epoch from min(due) - platform.now())::float as seconds from (
      select next_probe_at as due from booking.attempts where state in ('sent', 'unknown')
      union all select next_check_at from payments.payments where next_check_at is not null
      union all select next_check_at from payments.refunds where next_check_at is not null
      union all select queued_at + interval '15 seconds' from platform.pending_reactions
      union all select updated_at + interval '30 seconds' from booking.bookings where status in ('PAID', 'PENDING_TICKET')
      union all select payment_required_by from booking.bookings where status in ('INIT', 'PENDING_PAYMENT')
    ) dues where due > platform.now()`)
  const seconds = row?.seconds ?? 30
  return Math.max(1, Math.min(JUMP_SECONDS_MAX, Math.ceil(seconds + 0.5)))
}
