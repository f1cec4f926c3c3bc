import { compareMoney, formatMoney } from '../../kernel/money.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import { attribute, children } from '../../platform/xml.ts'
import type { Call, FlightOrder, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { ask, createBudget, type Budget, type Deps } from './deps.ts'
import { outcomeOfSilence } from './exchange.ts'
import { outcomeOfFault } from './faults.ts'
import { priceLive } from './read-operations.ts'
import { findFlaw, readRecord, readSolutionChange, type Flaw, type RecordView } from './read-reservation.ts'
import { writeCancelRecord } from './to-wire.ts'
import { travellersOfOrder, writeBooking } from './write-booking.ts'
import type { XmlElement } from '../../platform/xml.ts'

/** What is left for cancelling an incomplete reservation is never less than this. */
const CANCEL_MS = 10_000

/**
 * Prices once more, because the host wants back the very solution it has just priced, and creates the reservation if it
 * is not dearer than agreed. One that comes out incomplete is cancelled at once: confirmed, that is a rejection;
 * otherwise unknown, and `find` shows it.
 */
export async function book(deps: Deps, order: FlightOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  const budget = createBudget(deps, deps.config.limits.writeTimeoutMs)
  const envelope = await prepare(deps, order, call, budget)
  if (typeof envelope !== 'string') return envelope

  const result = await ask(deps, call, budget, { service: 'AirService', envelope, expects: 'AirCreateReservationRsp' })
  if (result.kind === 'fault') return outcomeOfFault('book', result.fault)
  if (result.kind !== 'reply') return outcomeOfSilence(result)

  const created = readCreation(result.body, order.offer)
  if ('outcome' in created) return created
  return giveBack(deps, { record: created.view.locators.record, version: created.view.version }, created.flaw, call)
}

/** What AirCreateReservationRsp says, judged by itself: for whoever only reads the message. */
export function outcomeOfBooking(reply: XmlElement, offer: FlightOffer | null): WriteOutcome<Reservation> {
  const created = readCreation(reply, offer)
  if ('outcome' in created) return created
  return {
    outcome: 'unknown',
    cause: 'unrecognised',
    message: `${created.view.locators.record} is held but not whole: ${created.flaw.message}`,
  }
}

type Incomplete = { readonly view: RecordView; readonly flaw: Flaw }

function readCreation(reply: XmlElement, offer: FlightOffer | null): WriteOutcome<Reservation> | Incomplete {
  let view: RecordView | undefined
  try {
    view = readRecord(reply)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { outcome: 'unknown', cause: 'malformed', message: error.message }
  }
  const change = readSolutionChange(reply)
  if (!view) {
    if (!change) return { outcome: 'unknown', cause: 'unrecognised', message: 'the reply holds neither a record nor a reason' }
    const message = `${change.reason.toLowerCase()} changed${change.total ? `, now ${change.total}` : ''}; nothing was kept`
    return {
      outcome: 'rejected',
      reason: change.reason === 'Schedule' ? 'offer_expired' : 'price_changed',
      code: `AirSolutionChanged.${change.reason}`,
      message,
    }
  }
  const segments = offer ? offer.slices.reduce((count, slice) => count + slice.segments.length, 0) : null
  const flaw = change
    ? { soldOut: false, message: `${change.reason.toLowerCase()} changed` }
    : (findFlaw(reply, view, segments) ?? dearer(view, offer))
  return flaw ? { view, flaw } : { outcome: 'ok', value: view.reservation }
}

function dearer(view: RecordView, offer: FlightOffer | null): Flaw | null {
  const stored = view.reservation.total
  if (!offer || !stored || (stored.currency === offer.total.currency && compareMoney(stored, offer.total) <= 0)) return null
  return { soldOut: false, message: `the stored fare is ${formatMoney(stored)}, agreed were ${formatMoney(offer.total)}` }
}

/** The request, or why none may be sent. Until it is sent nothing has happened at the host, so every failure is certain. */
async function prepare(deps: Deps, order: FlightOrder, call: Call, budget: Budget): Promise<string | WriteOutcome<never>> {
  try {
    const live = await priceLive(deps, order.offer, travellersOfOrder(order), call, budget)
    if ('gone' in live) return { outcome: 'rejected', reason: 'sold_out', code: live.gone.code, message: live.gone.message }
    const { offer } = live.priced
    if (flightsOf(offer) !== flightsOf(order.offer))
      return {
        outcome: 'rejected',
        reason: 'offer_expired',
        code: 'schedule_changed',
        message: 'the flights are no longer those that were agreed',
      }
    if (offer.total.currency !== order.offer.total.currency || compareMoney(offer.total, order.offer.total) > 0) {
      return {
        outcome: 'rejected',
        reason: 'price_changed',
        code: 'repriced',
        message: `now ${formatMoney(offer.total)}, agreed were ${formatMoney(order.offer.total)}`,
      }
    }
    return writeBooking(deps.config, order, live.priced, deps.clock.now())
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return {
      outcome: 'rejected',
      reason: 'not_sent',
      code: 'not_priced',
      message: `not booked, because the price could not be confirmed: ${error.message}`,
    }
  }
}

function flightsOf(offer: FlightOffer): string {
  return offer.slices
    .flatMap((slice) => slice.segments.map((s) => `${s.carrier}${s.flightNumber}.${s.origin}${s.destination}.${s.departure.local}`))
    .join('+')
}

/** Cancels a record that was made and cannot be used: confirmed, that is a rejection; otherwise unknown. */
export async function giveBack(
  deps: Deps,
  { record, version }: { readonly record: string; readonly version: string },
  flaw: Flaw,
  call: Call,
): Promise<WriteOutcome<never>> {
  const result = await ask(deps, { signal: call.signal }, createBudget(deps, Math.min(CANCEL_MS, deps.config.limits.writeTimeoutMs)), {
    service: 'UniversalRecordService',
    envelope: writeCancelRecord(deps.config, record, version),
    expects: 'UniversalRecordCancelRsp',
  })
  if (result.kind === 'reply' && isRecordCancelled(result.body)) {
    return {
      outcome: 'rejected',
      reason: flaw.soldOut ? 'sold_out' : 'price_changed',
      code: 'incomplete_cancelled',
      message: `${flaw.message}; ${record} was cancelled again`,
    }
  }
  return {
    outcome: 'unknown',
    cause: 'unrecognised',
    message: `${record} is held but not whole (${flaw.message}), and cancelling it is not confirmed`,
  }
}

/** True when UniversalRecordCancelRsp says of every reservation in the record that it is cancelled. */
export function isRecordCancelled(reply: XmlElement): boolean {
  const statuses = children(reply, 'ProviderReservationStatus')
  return statuses.length > 0 && statuses.every((status) => attribute(status, 'Cancelled') === 'true')
}
