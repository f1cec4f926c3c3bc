import type { Instant } from '../kernel/time.ts'
import { clockWords, dateWords, dayOf, flightWords, momentWords, placeWords, type FlightNames } from '../travel/flight-words.ts'
import type { Segment, Slice } from '../travel/flight.ts'
import { toJourneys, type Letter } from './letter.ts'
import { common, type Notice, type Writing } from './letters.ts'

/** What the airline has changed about flights that were ticketed. */
export type ScheduleChanged = Notice & {
  readonly kind: 'changed' | 'cancelled'
  /** Whether the traveller is asked; otherwise there is nothing to do. */
  readonly isMaterial: boolean
  readonly removed: readonly Slice[]
  readonly added: readonly Slice[]
  readonly actions: readonly ('accept' | 'refund')[]
  readonly respondBy: Instant | null
}

/** The airline has changed or cancelled flights: what was, what is now, what can be done, and by when. */
export function toScheduleChangedLetter(writing: Writing, news: ScheduleChanged): Letter {
  const { names } = writing
  const base = { ...common(writing, news), journeys: toJourneys(news.added, [], names) }
  const before = news.removed
    .flatMap(({ segments }) => segments)
    .map((segment) => ({ label: 'Before', value: segmentWords(names, segment) }))
  const where = routeWords(names, news.removed)
  const answer = news.respondBy === null ? [] : [{ label: 'Answer', value: `by ${momentWords(news.respondBy)}` }]
  if (news.kind === 'cancelled') {
    return {
      ...base,
      subject: `Flight cancelled: ${where} (${news.bookingReference})`,
      headline: 'The airline has cancelled your flight',
      paragraphs: [
        news.actions.includes('refund')
          ? 'You can have the full price of the ticket back: say so on the page of your trip. Or wait: one of our colleagues asks the airline for another flight and writes to you.'
          : 'One of our colleagues is asking the airline for another flight or your money and writes to you.',
        'Nothing is refunded or booked without your word.',
      ],
      facts: [...before, ...answer],
    }
  }
  if (!news.isMaterial) {
    return {
      ...base,
      subject: `Small change of your flight: ${where} (${news.bookingReference})`,
      headline: 'The airline has changed your flight slightly',
      paragraphs: ['Your ticket stays valid. The flight as it is now stands below.'],
      facts: [...before, { label: 'What you have to do', value: 'nothing; note the new times' }],
    }
  }
  return {
    ...base,
    subject: `Your answer is needed: flight ${where} has changed (${news.bookingReference})`,
    headline: 'The airline has changed your flight',
    paragraphs: [
      actionWords(news.actions),
      'Until you answer, your ticket stands. If you do not answer in time, one of our colleagues writes to you.',
    ],
    facts: [...before, ...answer],
  }
}

function actionWords(actions: ScheduleChanged['actions']): string {
  const [accept, refund] = [actions.includes('accept'), actions.includes('refund')]
  if (accept && refund)
    return 'On the page of your trip you can take the new flight, or give the ticket back and get its full price refunded.'
  if (accept) return 'On the page of your trip you can take the new flight. For anything else, reply to this mail.'
  if (refund)
    return 'On the page of your trip you can give the ticket back and get its full price refunded. For anything else, reply to this mail.'
  return 'One of our colleagues is asking the airline what it offers instead and writes to you.'
}

function routeWords(names: FlightNames, slices: readonly Slice[]): string {
  const first = slices[0]
  return first ? `${placeWords(names, first.origin)} to ${placeWords(names, first.destination)}` : 'your journey'
}

function segmentWords(names: FlightNames, segment: Segment): string {
  const { departure, origin } = segment
  return `${flightWords(names, segment)}, ${dateWords(dayOf(departure))}, ${clockWords(departure)} from ${placeWords(names, origin)}`
}
