import { toDate } from '../../kernel/time.ts'
import { isUniqueViolation, type Tx } from '../../platform/postgres.ts'
import { isStay } from '../../travel/offer.ts'
import { itemOf, type Booking, type BookingItem } from '../booking.ts'
import { announce } from '../events.ts'
import { withBooking } from '../with-booking.ts'
import { latestOf, type AnsweredChange, type ChangeSet } from './change-set.ts'
import { SCHEDULE_CHANGE, type ScheduleChangeDeps } from './deps.ts'
import { fingerprintOf, judgeChange, type Found } from './judge-change.ts'

/**
 * Notes what a look found: a new change set, once, however many looks find the same; or that what was open is no longer
 * asked about. Announces it in the same transaction.
 */
export async function noteFound(
  deps: ScheduleChangeDeps,
  watch: { readonly itemId: string; readonly bookingId: string },
  found: Found | null,
): Promise<void> {
  try {
    await withBooking(deps, watch.bookingId, async (tx, booking) => {
      const item = itemOf(booking, watch.itemId)
      if (item.position !== 'ticketed') return
      const latest = latestOf(await deps.changes.listChanges(tx, booking.id), item.id)
      if (found) await noteChange(deps, tx, { booking, item, found, latest })
      else if (latest && latest.answer === null) await withdraw(deps, tx, latest)
    })
  } catch (error) {
    // It was answered at this moment: what the supplier showed before that is out of date.
    if (!isUniqueViolation(error, 'schedule_change_answers_one')) throw error
  }
}

type News = {
  readonly booking: Booking
  readonly item: BookingItem
  readonly found: Found
  readonly latest: AnsweredChange | undefined
}

async function noteChange(deps: ScheduleChangeDeps, tx: Tx, { booking, item, found, latest }: News): Promise<void> {
  const now = deps.clock.now()
  const slices = isStay(item.offer) ? [] : item.offer.slices
  const judged = judgeChange(await deps.changes.findRules(tx, now), found, { slices, now })
  const facts = { bookingId: booking.id, itemId: item.id, foundAt: now, fingerprint: fingerprintOf(found) }
  const change = await deps.changes.insertChange(tx, { ...judged, ...facts })
  if (!change) return
  if (latest) await deps.records.closeWorkItem(tx, SCHEDULE_CHANGE, latest.id, toDate(now))
  const { id: changeId, seq, kind, isMaterial } = change
  await announce(deps, tx, 'booking.schedule_changed', booking.id, { changeId, itemId: item.id, seq, kind, isMaterial })
  // A flight without a successor, or a change that the traveller can do nothing about, needs somebody who looks for one.
  if (kind === 'cancelled' || (isMaterial && change.actions.length === 0)) await askPerson(deps, tx, booking, change)
}

/** Puts a change before a person, once. */
export function askPerson(deps: ScheduleChangeDeps, tx: Tx, booking: Booking, change: ChangeSet): Promise<void> {
  const { provider } = itemOf(booking, change.itemId)
  const what = change.kind === 'cancelled' ? 'has cancelled the flights' : 'has changed the flights'
  return deps.records.openWorkItem(tx, {
    kind: SCHEDULE_CHANGE,
    subjectId: change.id,
    summary: `The airline ${what} of ${booking.reference}. Ask the traveller and ${provider} what is to be done; nothing is refunded by itself.`,
    details: { bookingId: booking.id, itemId: change.itemId, seq: change.seq, kind: change.kind, provider, actions: [...change.actions] },
  })
}

async function withdraw(deps: ScheduleChangeDeps, tx: Tx, change: ChangeSet): Promise<void> {
  const now = deps.clock.now()
  await deps.changes.insertAnswer(tx, {
    changeId: change.id,
    action: 'withdrawn',
    answeredBy: 'airline',
    answeredAt: now,
    nextStepAt: null,
  })
  await deps.records.closeWorkItem(tx, SCHEDULE_CHANGE, change.id, toDate(now))
  const { id: changeId, itemId, seq } = change
  await announce(deps, tx, 'booking.schedule_change_withdrawn', change.bookingId, { changeId, itemId, seq })
}
