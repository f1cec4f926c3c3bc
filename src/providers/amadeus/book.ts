import { compareMoney, formatMoney, type Money } from '../../kernel/money.ts'
import { children, descendants, type XmlElement } from '../../platform/xml.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { Call, FlightOrder, RejectionReason, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { createBudget, type Deps } from './deps.ts'
import { describeFailure, type Exchange } from './exchange.ts'
import { describeRefusal, isNoFare, readRefusals, type Refusal } from './faults.ts'
import { NO_LOCATOR, readPnr, readPnrErrors } from './read-pnr.ts'
import { readStoredFares, totalOf } from './read-stored-fares.ts'
import { textAt } from './read-values.ts'
import { inSession, type Session } from './session.ts'
import { writeElements, writeEndTransaction, writePricePnr, writeSell, writeStoreFares } from './write-booking.ts'
import { toHold, type MessageName } from './wire.ts'
import { segmentsOf } from './write-values.ts'

/** The end of a transaction takes a second or two; it is not begun with less than this. */
const END_MS = 5_000

type Rejected = Extract<WriteOutcome<never>, { outcome: 'rejected' }>

/**
 * Sells the flights, puts the travellers in, prices what was sold, stores the fare and ends the transaction, in one conversation.
 *
 * Decision: until the end of the transaction is sent, nothing exists. The host keeps what is sold and put in within the conversation only,
 * and throws it away when it is told to, when the conversation is ended, or when it falls silent. So a reply that is lost
 * before is a rejection without effect, whatever it would have said. From the moment the end of the transaction is sent, a lost
 * reply is unknown, because the record may exist.
 */
export async function book(deps: Deps, order: FlightOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  const budget = createBudget(deps, deps.config.limits.writeTimeoutMs)
  return inSession(deps, call, budget, async (session): Promise<WriteOutcome<Reservation>> => {
    const prepared = await prepare(deps, session, order)
    if ('outcome' in prepared) {
      await session.ignore()
      return prepared
    }
    // With too little time for an answer the outcome would be unknown for sure; so far it is none.
    if (budget.leftMs() < Math.min(END_MS, deps.config.limits.writeTimeoutMs / 4)) {
      await session.ignore()
      return notEnded('too little time was left to end the transaction')
    }
    return end(session, order.offer, prepared.total)
  })
}

/** Everything before the end of the transaction: what was priced, or why there is nothing to end. */
async function prepare(deps: Deps, session: Session, order: FlightOrder): Promise<{ readonly total: Money } | Rejected> {
  try {
    const sold = await askFor(session, 'Air_SellFromRecommendation', writeSell(order.offer))
    if ('outcome' in sold) return sold
    const unsold = outcomeOfSell(sold.reply)
    if (unsold) return unsold

    const filled = await askFor(session, 'PNR_AddMultiElements', writeElements(order))
    if ('outcome' in filled) return filled
    const refusal = readPnrErrors(filled.reply)[0]
    if (refusal) return nothingKept('invalid_passenger', refusal)
    const lost = outcomeOfFilling(filled.reply)
    if (lost) return lost

    return await priceAndStore(deps, session, order.offer)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return {
      outcome: 'rejected',
      reason: error.code === 'infant_without_adult' ? 'invalid_passenger' : 'not_sent',
      code: error.code ?? 'not_prepared',
      message: `nothing was booked: ${error.message}`,
    }
  }
}

async function priceAndStore(deps: Deps, session: Session, offer: FlightOffer): Promise<{ readonly total: Money } | Rejected> {
  const priced = await askFor(session, 'Fare_PricePNRWithBookingClass', writePricePnr(deps.config, offer))
  if ('outcome' in priced) return priced
  const refusal = readRefusals(priced.reply)[0]
  // The flights are sold but not at this fare any more: that is what a price change looks like when the fare is gone.
  if (refusal) return nothingKept(isNoFare(refusal) ? 'price_changed' : 'declined', refusal)
  const fares = readStoredFares(priced.reply)
  const total = totalOf(fares)
  if (!total) return { outcome: 'rejected', reason: 'declined', code: 'not_priced', message: 'nothing was booked: the host priced nothing' }
  if (total.currency !== offer.total.currency || compareMoney(total, offer.total) > 0) {
    return {
      outcome: 'rejected',
      reason: 'price_changed',
      code: 'repriced',
      message: `now ${formatMoney(total)}, agreed were ${formatMoney(offer.total)}; nothing was kept`,
    }
  }
  const stored = await askFor(session, 'Ticket_CreateTSTFromPricing', writeStoreFares(fares.map((fare) => fare.reference)))
  if ('outcome' in stored) return stored
  const notStored = readRefusals(stored.reply)[0]
  return notStored ? nothingKept('declined', notStored) : { total }
}

/** One step whose effect nobody would see: what goes wrong with it is a rejection. */
async function askFor(session: Session, message: MessageName, body: string): Promise<{ readonly reply: XmlElement } | Rejected> {
  const result: Exchange = await session.ask(message, body)
  if (result.kind === 'reply') return { reply: result.body }
  const rejected = notEnded(`${message}: ${describeFailure(result)}`)
  return result.kind === 'fault' ? { ...rejected, code: result.fault.code } : rejected
}

async function end(session: Session, offer: FlightOffer, total: Money): Promise<WriteOutcome<Reservation>> {
  const result = await session.ask('PNR_AddMultiElements', writeEndTransaction())
  if (result.kind === 'never_sent') {
    await session.ignore()
    return notEnded(result.message)
  }
  if (result.kind === 'no_answer') return { outcome: 'unknown', cause: result.cause, message: result.message }
  if (result.kind === 'fault') return { outcome: 'unknown', cause: 'unrecognised', message: describeRefusal(result.fault) }
  return outcomeOfEnd(result.body, segmentsOf(offer).length, total)
}

/**
 * What a sell reply proves; null when every flight is held. One flight that is not makes the whole sale none: a reply can mix OK
 * with UNS (unable) and X (cancelled with another). It is no message of a finished booking, so it rejects and confirms nothing.
 */
export function outcomeOfSell(reply: XmlElement): Rejected | null {
  const statuses = children(reply, 'itineraryDetails')
    .flatMap((details) => children(details, 'segmentInformation'))
    .map((segment) => textAt(segment, 'actionDetails', 'statusCode') ?? '?')
  const refusal = readRefusals(reply)[0]
  if (statuses.length > 0 && statuses.every((status) => status === 'OK' || status === 'HK')) {
    if (!refusal) return null
    return nothingKept('declined', refusal)
  }
  const isUnable = statuses.some((status) => status !== 'OK' && status !== 'HK') || refusal?.code === '288'
  const message =
    statuses.length > 0
      ? `the flights were answered with ${statuses.join(', ')}`
      : refusal
        ? describeRefusal(refusal)
        : 'no flight was sold'
  return {
    outcome: 'rejected',
    reason: isUnable ? 'sold_out' : 'declined',
    code: refusal?.code ?? (statuses.join('+') || 'not_sold'),
    message: `${message}; nothing was kept`,
  }
}

/** What the record under work shows; null while the airlines hold every flight. One may take its seat back before the end. */
export function outcomeOfFilling(reply: XmlElement): Rejected | null {
  const statuses = children(reply, 'originDestinationDetails')
    .flatMap((one) => children(one, 'itineraryInfo'))
    .flatMap((one) => textAt(one, 'relatedProduct', 'status') ?? [])
  const lost = statuses.filter((status) => toHold(status) !== 'confirmed')
  if (lost.length === 0) return null
  return {
    outcome: 'rejected',
    reason: 'sold_out',
    code: lost.join('+'),
    message: `a flight is held as ${lost.join(', ')}; nothing was kept`,
  }
}

/** What the reply to the end of the transaction proves: ok only for a record with a locator and every flight confirmed. */
export function outcomeOfEnd(reply: XmlElement, segments: number, total: Money | null): WriteOutcome<Reservation> {
  const view = readPnr(reply)
  const errors = readPnrErrors(reply)
  if (!view || view.reservation.pnr === NO_LOCATOR) {
    const message = errors.map(describeRefusal).join('; ')
    return { outcome: 'unknown', cause: 'unrecognised', message: message === '' ? 'the reply shows no record' : message }
  }
  const held = view.reservation.segments
  const isWhole = held.length >= segments && held.every((segment) => segment.status === 'confirmed')
  if (isWhole && errors.length === 0 && !isUnderChange(reply)) return { outcome: 'ok', value: { ...view.reservation, total } }
  const flaw =
    errors.length > 0
      ? errors.map(describeRefusal).join('; ')
      : `${held.length} of ${segments} flights, ${held.map((one) => one.status).join(', ')}`
  return { outcome: 'unknown', cause: 'unrecognised', message: `${view.reservation.pnr} is shown but not whole: ${flaw}` }
}

/** True when a record is shown as it would be if the transaction were ended, and is not. */
function isUnderChange(reply: XmlElement): boolean {
  return descendants(reply, 'isPNRModifDuringTrans').some((one) => one.text.trim() !== '')
}

function nothingKept(reason: RejectionReason, refusal: Refusal): Rejected {
  return { outcome: 'rejected', reason, code: refusal.code, message: `${describeRefusal(refusal)}; nothing was kept` }
}

function notEnded(message: string): Rejected {
  return {
    outcome: 'rejected',
    reason: 'not_sent',
    code: 'not_ended',
    message: `nothing was booked, because the transaction was not ended: ${message}`,
  }
}
