import { compareMoney, formatMoney } from '../../../kernel/money.ts'
import type { Reservation } from '../../../travel/reservation.ts'
import type { StayOffer } from '../../../travel/stay.ts'
import { attribute, child, type XmlElement } from '../../../platform/xml.ts'
import type { Call, StayOrder, WriteOutcome } from '../../contract.ts'
import { ProviderError } from '../../errors.ts'
import { giveBack } from '../book.ts'
import { ask, createBudget, type Budget } from '../deps.ts'
import { outcomeOfSilence } from '../exchange.ts'
import { outcomeOfFault } from '../faults.ts'
import type { Flaw } from '../read-reservation.ts'
import { readStayRecord, type StayRecord } from './read-reservation.ts'
import { priceStayLive, type HotelDeps } from './shop.ts'
import { readStayToken } from './token.ts'
import { writeStayBooking } from './write.ts'

/**
 * Asks for the rate once more, because the host wants its newest token back, and books it if it is not dearer than agreed.
 * A record that comes out unconfirmed or dearer is cancelled at once: confirmed, that is a rejection; otherwise unknown.
 */
export async function bookStay(deps: HotelDeps, order: StayOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  const budget = createBudget(deps, deps.config.limits.writeTimeoutMs)
  const envelope = await prepare(deps, order, call, budget)
  if (typeof envelope !== 'string') return envelope
  const result = await ask(deps, call, budget, { service: 'HotelService', envelope, expects: 'HotelCreateReservationRsp' })
  if (result.kind === 'fault') return outcomeOfFault('book-stay', result.fault)
  if (result.kind !== 'reply') return outcomeOfSilence(result)
  const created = readCreation(result.body, order.offer)
  if ('outcome' in created) return created
  return giveBack(deps, { record: created.held.locators.record, version: created.held.version }, created.flaw, call)
}

/** What HotelCreateReservationRsp says, judged by itself: for whoever only reads the message. */
export function outcomeOfStayBooking(reply: XmlElement): WriteOutcome<Reservation> {
  const created = readCreation(reply, null)
  if ('outcome' in created) return created
  return {
    outcome: 'unknown',
    cause: 'unrecognised',
    message: `${created.held.locators.record} is held and not confirmed: ${created.flaw.message}`,
  }
}

type Incomplete = { readonly held: StayRecord; readonly flaw: Flaw }

function readCreation(reply: XmlElement, offer: StayOffer | null): WriteOutcome<Reservation> | Incomplete {
  let held: StayRecord | undefined
  try {
    held = readStayRecord(reply)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { outcome: 'unknown', cause: 'malformed', message: error.message }
  }
  const change = child(reply, 'HotelRateChangedInfo')
  if (!held) {
    if (!change) return { outcome: 'unknown', cause: 'unrecognised', message: 'the reply holds neither a record nor a reason' }
    const now = attribute(child(change, 'HotelRateDetail'), 'Total')
    const message = `${attribute(change, 'Reason') ?? 'the rate has changed'}${now === undefined ? '' : `, now ${now}`}; nothing was kept`
    return { outcome: 'rejected', reason: 'price_changed', code: 'HotelRateChanged', message }
  }
  const flaw = findFlaw(held, change !== undefined, offer)
  return flaw ? { held, flaw } : { outcome: 'ok', value: held.reservation }
}

function findFlaw({ reservation }: StayRecord, hasChanged: boolean, offer: StayOffer | null): Flaw | null {
  const { status, total } = reservation
  if (status !== 'active') return { soldOut: true, message: `the room is ${status === 'cancelled' ? 'not confirmed' : 'on request'}` }
  if (!offer) return hasChanged ? { soldOut: false, message: 'the rate has changed' } : null
  if (!total) return hasChanged ? { soldOut: false, message: 'the rate has changed' } : null
  if (total.currency === offer.total.currency && compareMoney(total, offer.total) <= 0) return null
  return { soldOut: false, message: `the booked rate is ${formatMoney(total)}, agreed were ${formatMoney(offer.total)}` }
}

/** The request, or why none may be sent. Until it is sent nothing has happened at the host, so every failure is certain. */
async function prepare(deps: HotelDeps, order: StayOrder, call: Call, budget: Budget): Promise<string | WriteOutcome<never>> {
  try {
    const live = await priceStayLive(deps, order.offer, call, budget)
    if (live === 'gone') return { outcome: 'rejected', reason: 'sold_out', code: 'no_rate', message: 'the rate is no longer sold' }
    const { total } = live.offer
    if (total.currency !== order.offer.total.currency || compareMoney(total, order.offer.total) > 0) {
      const message = `now ${formatMoney(total)}, agreed were ${formatMoney(order.offer.total)}`
      return { outcome: 'rejected', reason: 'price_changed', code: 'repriced', message }
    }
    return writeStayBooking(deps.config, order, { token: readStayToken(live.offer.supplierToken), hostToken: live.hostToken })
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    const message = `not booked, because the rate could not be confirmed: ${error.message}`
    return { outcome: 'rejected', reason: 'not_sent', code: 'not_priced', message }
  }
}
