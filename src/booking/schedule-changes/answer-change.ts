import { plusMs, toIso } from '../../kernel/time.ts'
import { isUniqueViolation, type Tx } from '../../platform/postgres.ts'
import { itemOf, type Booking } from '../booking.ts'
import { announce } from '../events.ts'
import {
  bookingUnknown,
  changeActionUnavailable,
  changeAlreadyAnswered,
  changeAnswerTooLate,
  scheduleChangeUnknown,
  staleChange,
} from '../problems.ts'
import { withBooking, type BookingWrite } from '../with-booking.ts'
import { latestOf, type AnsweredChange, type ChangeAction, type ChangeSet } from './change-set.ts'
import { soldFlight, type ScheduleChangeDeps } from './deps.ts'

export type ChangeOrder = { readonly bookingId: string; readonly seq: number; readonly action: ChangeAction }

/** Whoever noted an answer carries it out at once; after this it is looked after. */
const CARRIED_OUT_WITHIN_MS = 15_000

/**
 * Notes the traveller's answer to a change. It is carried out afterwards; the same answer again is the same answer. Throws
 * problems: no such change, not the latest, answered otherwise, not offered, or too late.
 */
export async function answerChange(deps: ScheduleChangeDeps, order: ChangeOrder): Promise<void> {
  if (!(await deps.store.findBooking(deps.db, order.bookingId))) throw bookingUnknown({ more: { booking_id: order.bookingId } })
  const isGone = order.action === 'refund' && (await isCancelledThere(deps, order))
  for (let round = 1; ; round += 1) {
    try {
      await withBooking(deps, order.bookingId, async (tx, booking, write) => {
        const changes = await deps.changes.listChanges(tx, booking.id)
        const change = assertAnswerable(booking, changes, order)
        if (change.answer) return
        if (change.respondBy !== null && change.respondBy <= (await deps.records.now(tx)))
          throw changeAnswerTooLate({ moneyMoved: 'captured', more: { seq: change.seq, respond_by: toIso(change.respondBy) } })
        await noteAnswer(deps, tx, { booking, write, change, action: order.action, by: 'traveller', isGone })
      })
      return
    } catch (error) {
      // Another answer came at the same moment: what it was decides what this one is worth.
      if (!isUniqueViolation(error, 'schedule_change_answers_one') || round > 1) throw error
    }
  }
}

function assertAnswerable(booking: Booking, changes: readonly AnsweredChange[], { seq, action }: ChangeOrder): AnsweredChange {
  const change = changes.find((one) => one.seq === seq)
  const more = { booking_id: booking.id, seq }
  if (!change) throw scheduleChangeUnknown({ moneyMoved: 'captured', more })
  const latest = latestOf(changes, change.itemId)!
  if (latest !== change) throw staleChange({ moneyMoved: 'captured', more: { ...more, latest_seq: latest.seq } })
  if (change.answer?.action === action) return change
  if (change.answer) throw changeAlreadyAnswered({ moneyMoved: 'captured', more: { ...more, answer: change.answer.action } })
  const item = itemOf(booking, change.itemId)
  const isPossible = change.actions.includes(action) && item.position === 'ticketed' && !(action === 'refund' && item.isKept)
  if (!isPossible) throw changeActionUnavailable({ moneyMoved: 'captured', more: { ...more, actions: change.actions } })
  return change
}

/** True when the supplier itself shows the reservation as cancelled. Where it does not say, it is asked to cancel, which settles it. */
async function isCancelledThere(deps: ScheduleChangeDeps, { bookingId, seq }: ChangeOrder): Promise<boolean> {
  const change = (await deps.changes.listChanges(deps.db, bookingId)).find((one) => one.seq === seq)
  if (change?.kind !== 'cancelled') return false
  const booking = await deps.store.findBooking(deps.db, bookingId)
  const sold = booking && (await soldFlight(deps, booking, change.itemId))
  if (!sold) return false
  try {
    return (await sold.seller.retrieve(sold.supplierRef, sold.read())).status === 'cancelled'
  } catch {
    return false
  }
}

export type NotedAnswer = {
  readonly booking: Booking
  readonly write: BookingWrite
  readonly change: ChangeSet
  readonly action: ChangeAction
  readonly by: 'traveller' | 'deadline'
  /** Whether the supplier has cancelled it already. */
  readonly isGone: boolean
}

/** Writes the answer and what follows from it; sending it is the reaction to its event. */
export async function noteAnswer(
  deps: ScheduleChangeDeps,
  tx: Tx,
  { booking, write, change, action, by, isGone }: NotedAnswer,
): Promise<void> {
  const now = deps.clock.now()
  const { id: changeId, itemId, seq } = change
  const answer = await deps.changes.insertAnswer(tx, {
    changeId,
    action,
    answeredBy: by,
    answeredAt: now,
    // A refund is carried out, and looked after, by the item it is of.
    nextStepAt: action === 'accept' ? plusMs(now, CARRIED_OUT_WITHIN_MS) : null,
  })
  const actor = by === 'traveller' ? (booking.userId ?? 'traveller') : 'farewire'
  await announce(
    deps,
    tx,
    'booking.schedule_change_answered',
    booking.id,
    { changeId, answerId: answer.id, itemId, seq, action, by },
    actor,
  )
  if (action !== 'refund') return
  const answerPromisedBy = plusMs(now, deps.policy.answerMinutes * 60_000)
  await write.happen({ type: 'cancellation_agreed', itemId, reason: 'schedule_change', isGone }, { answerPromisedBy, actor })
}
