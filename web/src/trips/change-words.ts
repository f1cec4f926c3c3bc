import type { Booking, BookingItem, ScheduleChange } from '../api/types.ts'
import type { NoticeTone } from '../ui/notice.tsx'

/** What the page says of a change; null where it has nothing more to say. */
export type ChangeWords = { readonly tone: NoticeTone; readonly title: string; readonly text: string }

/** The changes that still matter to the traveller, the latest of each item. */
export function currentChanges(booking: Pick<Booking, 'schedule_changes'>): ScheduleChange[] {
  const latest = new Map(booking.schedule_changes.map((change) => [change.item_id, change]))
  return [...latest.values()].filter((change) => wordsOf(change) !== null)
}

export function wordsOf(change: ScheduleChange): ChangeWords | null {
  switch (change.status) {
    case 'superseded':
    case 'withdrawn':
    case 'returned':
      return null
    case 'accepted':
      return { tone: 'ok', title: 'The airline has confirmed the new flight', text: 'Your e-ticket is issued anew and comes by mail.' }
    case 'answering':
      return {
        tone: 'info',
        title: 'We have your answer and are telling the airline',
        text: 'Your ticket stays valid until the airline confirms. You need not do anything.',
      }
    case 'not_taken_back':
      return {
        tone: 'warn',
        title: 'The airline did not take the ticket back',
        text: 'Your ticket is still valid and nothing was refunded. A colleague is taking care of it and writes to you.',
      }
    case 'with_a_person':
      return {
        tone: 'warn',
        title: 'The time to answer has ended',
        text: 'Your ticket stands and nothing was refunded. A colleague is taking care of it and writes to you.',
      }
    case 'told':
    case 'open':
      return openWords(change)
  }
}

function openWords(change: ScheduleChange): ChangeWords {
  if (change.kind === 'cancelled') {
    return {
      tone: 'danger',
      title: 'The airline has cancelled your flight',
      text: change.actions.includes('refund')
        ? 'You can have the full price of this ticket back now. Or wait: a colleague asks the airline for another flight and writes to you.'
        : 'A colleague asks the airline for another flight or your money and writes to you.',
    }
  }
  if (!change.is_material) {
    return {
      tone: 'info',
      title: 'The airline has changed your flight slightly',
      text: 'Your ticket stays valid. You need not do anything.',
    }
  }
  return {
    tone: 'warn',
    title: 'The airline has changed your flight',
    text:
      change.actions.length > 0
        ? 'Your ticket stands until you answer. If you do not answer in time, a colleague writes to you.'
        : 'A colleague is asking the airline what it offers instead and writes to you.',
  }
}

/** What the traveller gets back for the item of a change. */
export function priceOf(booking: Pick<Booking, 'items'>, change: ScheduleChange): BookingItem['offer']['total'] | undefined {
  return booking.items.find((item) => item.id === change.item_id)?.offer.total
}
