import { compareMoney, formatMoney } from '../../kernel/money.ts'
import type { Reservation } from '../../travel/reservation.ts'
import { attribute, child, type XmlElement } from '../../platform/xml.ts'
import type { Call, StayOrder, WriteOutcome } from '../contract.ts'
import { outcomeOfCancellation } from './cancel.ts'
import type { Deps } from './deps.ts'
import { callSoap, isSuccess, outcomeOfSilence } from './exchange.ts'
import { outcomeOfErrors, readWarnings, unknown } from './faults.ts'
import { readReservations } from './read-reservation.ts'
import { writeBooking, writeCancel } from './write-reservation.ts'

/** What is left for cancelling a reservation that is dearer than agreed. */
const CANCEL_MS = 15_000

/**
 * Reserves and commits in one message, which states the total that was agreed. A reservation that comes out dearer all the
 * same is cancelled at once: confirmed, that is a rejection; otherwise unknown, and `find` shows it.
 */
export async function book(deps: Deps, order: StayOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  const { writeTimeoutMs } = deps.config.limits
  const result = await callSoap(deps, 'book', writeBooking(deps.config, order), writeTimeoutMs, call)
  if (result.kind === 'errors') return outcomeOfRefusal(result)
  if (result.kind !== 'reply') return outcomeOfSilence(result)
  const outcome = outcomeOfBooking(result.message, order.reference)
  if (outcome.outcome !== 'ok') return outcome
  const { total, supplierRef } = outcome.value
  const { total: agreed } = order.offer
  if (!total || total.currency !== agreed.currency || compareMoney(total, agreed) <= 0) return outcome
  return giveBack(deps, supplierRef, `reserved at ${formatMoney(total)}, agreed were ${formatMoney(agreed)}`)
}

/** What errors in reply to a booking prove; nothing, when there is a reservation beside them. */
export function outcomeOfRefusal(refusal: {
  readonly errors: Parameters<typeof outcomeOfErrors>[1]
  readonly message: XmlElement | null
}): Exclude<WriteOutcome<Reservation>, { outcome: 'ok' }> {
  const hasReservation = refusal.message !== null && child(refusal.message, 'HotelReservations') !== undefined
  const outcome = outcomeOfErrors('book', refusal.errors)
  return hasReservation && outcome.outcome === 'rejected'
    ? unknown('unrecognised', `errors beside a reservation: ${outcome.message}`)
    : outcome
}

/** What OTA_HotelResRS proves, judged by itself. `reference` is ours, which is not the seller's number; null when it is not known. */
export function outcomeOfBooking(message: XmlElement, reference: string | null): WriteOutcome<Reservation> {
  const warnings = readWarnings(message)
    .map((warning) => `; warned: ${warning.message}`)
    .join('')
  if (!isSuccess(message)) return unknown('unrecognised', `the reply does not say that it succeeded${warnings}`)
  const found = readReservations(message, reference)
  const [first] = found
  if (!first) return unknown('unrecognised', `the reply holds no reservation with a number${warnings}`)
  if (found.length > 1) return unknown('unrecognised', `the reply holds ${found.length} reservations where one was ordered`)
  if (first.reservation.status === 'active') return { outcome: 'ok', value: first.reservation }
  const word = attribute(message, 'ResResponseType') ?? attribute(message, 'ResStatus') ?? 'a status that says neither'
  return unknown(
    /pending|request|wait|hold|initiate/i.test(word) ? 'pending' : 'unrecognised',
    `${first.reservation.supplierRef} is ${word}${warnings}`,
  )
}

async function giveBack(deps: Deps, id: string, why: string): Promise<WriteOutcome<never>> {
  // The caller's signal may be over; what must not stay behind is given back whether anybody waits or not.
  const call = { signal: AbortSignal.timeout(CANCEL_MS) }
  const result = await callSoap(deps, 'cancel', writeCancel(deps.config, id), CANCEL_MS, call)
  const cancelled = result.kind === 'reply' ? outcomeOfCancellation(result.message, null) : null
  return cancelled?.outcome === 'ok'
    ? { outcome: 'rejected', reason: 'price_changed', code: 'dearer_cancelled', message: `${why}; ${id} was cancelled again` }
    : unknown('unrecognised', `${why}, and cancelling ${id} is not confirmed`)
}
