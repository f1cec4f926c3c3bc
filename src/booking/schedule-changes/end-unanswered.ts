import { isUniqueViolation } from '../../platform/postgres.ts'
import { itemOf } from '../booking.ts'
import { announce } from '../events.ts'
import { withBooking } from '../with-booking.ts'
import { noteAnswer } from './answer-change.ts'
import { latestOf } from './change-set.ts'
import type { ScheduleChangeDeps } from './deps.ts'
import { askPerson } from './note-found.ts'

const BATCH = 50

/** Does what each change set says for the case that nobody answers in time: accepts it, or puts it before a person. Returns how many. */
export async function endUnanswered(deps: ScheduleChangeDeps): Promise<number> {
  const due = await deps.changes.listUnanswered(deps.db, BATCH)
  for (const change of due) {
    try {
      await endOne(deps, change)
    } catch (error) {
      // It was answered at this moment.
      if (!isUniqueViolation(error, 'schedule_change_answers_one')) throw error
    }
  }
  return due.length
}

async function endOne(deps: ScheduleChangeDeps, { id, bookingId }: { readonly id: string; readonly bookingId: string }): Promise<void> {
  await withBooking(deps, bookingId, async (tx, booking, write) => {
    const changes = await deps.changes.listChanges(tx, booking.id)
    const change = changes.find((one) => one.id === id)
    if (!change || change.answer || latestOf(changes, change.itemId) !== change) return
    if (change.respondBy === null || change.respondBy > (await deps.records.now(tx))) return
    const isStanding = itemOf(booking, change.itemId).position === 'ticketed'
    if (change.defaultAction === 'accept' && isStanding)
      return noteAnswer(deps, tx, { booking, write, change, action: 'accept', by: 'deadline', isGone: false })
    const { id: changeId, itemId, seq } = change
    await deps.changes.insertAnswer(tx, {
      changeId,
      action: 'ask_person',
      answeredBy: 'deadline',
      answeredAt: deps.clock.now(),
      nextStepAt: null,
    })
    if (change.defaultAction === 'none' || !isStanding) return
    await askPerson(deps, tx, booking, change)
    await announce(deps, tx, 'booking.schedule_change_unanswered', booking.id, { changeId, itemId, seq })
  })
}
