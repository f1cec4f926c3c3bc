import { plusMs } from '../../kernel/time.ts'
import { advanceBooking } from '../advance-booking.ts'
import { probeDelayMs } from '../attempt.ts'
import { withBooking } from '../with-booking.ts'
import { carryOutAnswer, endAnswer, type Accepted } from './carry-out-answer.ts'
import type { AnsweredChange, ChangeAnswer } from './change-set.ts'
import { soldFlight, type ScheduleChangeDeps, type SoldFlight } from './deps.ts'
import { askPerson } from './note-found.ts'

const BATCH = 20
/** Longer than any read deadline: while one asks nobody else does. */
const LEASE_MS = 60_000
/** Longer than the outbox and the queue ever take when they work. */
const UNTOUCHED_MS = 30_000

/**
 * Looks after answers that are not settled: sends those whose sender died before sending, asks about those whose reply is
 * missing, and goes on with tickets that are being given back. Returns how many were looked after.
 */
export async function settleAnswers(deps: ScheduleChangeDeps): Promise<number> {
  const now = deps.clock.now()
  const due = await deps.changes.claimDueAnswers(deps.db, { now, leaseMs: LEASE_MS, limit: BATCH })
  const returning = await deps.changes.listReturning(deps.db, { untouchedSince: plusMs(now, -UNTOUCHED_MS), limit: BATCH })
  const settled = await Promise.allSettled([
    ...due.map((answer) => settleAnswer(deps, answer)),
    ...returning.map((bookingId) => advanceBooking(deps, bookingId)),
  ])
  const failed = settled.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  return settled.length
}

async function settleAnswer(deps: ScheduleChangeDeps, answer: ChangeAnswer & { readonly bookingId: string }): Promise<void> {
  if (answer.state === 'noted') return carryOutAnswer(deps, answer.bookingId, answer.changeId)
  const booking = await deps.store.findBooking(deps.db, answer.bookingId)
  const change = (await deps.changes.listChanges(deps.db, answer.bookingId)).find((one) => one.id === answer.changeId)
  const sold = booking && change && (await soldFlight(deps, booking, change.itemId))
  if (!sold) throw new Error(`the answer ${answer.id} is to nothing`)
  const accepted = await lookUp(sold, change)
  const now = deps.clock.now()
  const isPastHorizon = answer.horizonAt !== null && now >= answer.horizonAt
  // "Still open" proves nothing before the horizon: it may be on its way.
  const isProof = accepted !== null && (accepted.outcome.outcome === 'ok' || isPastHorizon)
  if (isProof) return endAnswer(deps, { change, answer, accepted })
  if (isPastHorizon) await withBooking(deps, booking.id, (tx, current) => askPerson(deps, tx, current, change))
  const probes = answer.probes + 1
  const nextStepAt = plusMs(now, probeDelayMs(probes))
  await deps.changes.updateAnswer(deps.db, answer.id, { state: 'unknown', reason: null, probes, nextStepAt, endedAt: null })
}

/** What the supplier shows of the acceptance; null when it does not answer. */
async function lookUp({ seller, supplierRef, read }: SoldFlight, change: AnsweredChange): Promise<Accepted | null> {
  if (!seller.airlineChanges) return null
  try {
    const open = new Set((await seller.airlineChanges(supplierRef, read())).map((one) => one.id))
    const parts = change.parts.filter((part) => part.supplierChangeId === null || !open.has(part.supplierChangeId))
    const reservation = await seller.retrieve(supplierRef, read())
    if (parts.length === change.parts.length && reservation.status === 'active')
      return { outcome: { outcome: 'ok', value: reservation }, parts }
    const message = reservation.status === 'active' ? 'the change is open still' : `the reservation is ${reservation.status}`
    return { outcome: { outcome: 'rejected', reason: 'not_found', code: 'still-open', message }, parts: [] }
  } catch {
    return null
  }
}
