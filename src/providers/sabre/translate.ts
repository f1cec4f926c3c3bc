import type { Money } from '../../kernel/money.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { MessageKind, Translation, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { outcomeOfCreation } from './book.ts'
import { outcomeOfCancellation, outcomeOfVoid } from './cancel.ts'
import { toReply, type Reply } from './exchange.ts'
import { SABRE } from './faults.ts'
import { readIssued } from './from-wire-booking.ts'

import { isObject, toObject, toText, type JsonObject } from './json.ts'
import { readRetrieved, readShop } from './read-reply.ts'
import { outcomeOfRefund, readQuote } from './refund.ts'
import { readSeatMaps } from './seats.ts'
import { outcomeOfTicketing } from './ticket.ts'

/**
 * Reads one message of Sabre's without calling it. An error reply to a write becomes its outcome; to a read it is thrown as
 * the ProviderError that the read would have thrown. Throws ProviderError('malformed') for what is not Sabre's.
 */
export function translate(kind: MessageKind, message: string): Translation {
  const reply = toReply(null, message)
  if (!isObject(reply.body)) throw new ProviderError(SABRE, 'malformed', 'a message of Sabre’s is a JSON object')
  switch (kind) {
    case 'shop':
    case 'price':
      return { kind: 'offers', ...readShop(reply) }
    case 'book':
      return { kind: 'reservation', result: orThrow(outcomeOfCreation(reply, null)) }
    case 'retrieve':
      return { kind: 'reservation', result: { outcome: 'ok', value: readRetrieved(reply).reservation } }
    case 'ticket':
      if (Array.isArray(reply.body['flightTickets'])) return translateTickets(readRetrieved(reply).reservation)
      return {
        kind: 'tickets',
        result: orThrow(outcomeOfTicketing(reply, 0)),
        total: totalOf(reply.body),
        pnr: locatorOf(reply.body),
      }
    case 'cancel':
      return { kind: 'cancellation', result: orThrow(outcomeOfCancellation(reply)), pnr: locatorOf(reply.body) }
    case 'void': {
      const result = orThrow(outcomeOfVoid(reply, []))
      const pnr = locatorOf(reply.body)
      return { kind: 'cancellation', result: result.outcome === 'ok' ? { outcome: 'ok', value: { refund: null } } : result, pnr }
    }
    case 'refund':
      return translateRefund(reply)
    case 'seat-map':
      return { kind: 'seat-maps', maps: readSeatMaps(reply) }
    case 'exchange':
    case 'fare-rules':
    case 'availability':
    case 'stay-shop':
      throw new ProviderError(SABRE, 'malformed', `messages about "${kind}" are not read`)
  }
}

/** A booking that is shown with its tickets says of each where its coupons stand. */
function translateTickets({ tickets, total, pnr }: Reservation): Translation {
  return { kind: 'tickets', result: { outcome: 'ok', value: tickets }, total, pnr }
}

/** checkFlightTickets speaks of what would come back, refundFlightTickets of what does. */
function translateRefund(reply: Reply): Translation {
  const body = toObject(reply.body)
  const isDone = 'refundedTickets' in body || !Array.isArray(body['tickets'])
  if (!isDone) return { kind: 'refund-quote', quote: readQuote(reply, [], null) }
  return { kind: 'cancellation', result: orThrow(outcomeOfRefund(reply, [])), pnr: locatorOf(body) }
}

function totalOf(body: JsonObject): Money | null {
  return readIssued(body).total
}

/** Replies repeat what was asked; a booking names its own locator. */
function locatorOf(body: JsonObject): string | null {
  return (
    toText(body['confirmationId']) ?? toText(toObject(body['booking'])['bookingId']) ?? toText(toObject(body['request'])['confirmationId'])
  )
}

/** A message given to us by hand that is nobody's is an error of whoever gave it, not an unknown outcome. */
function orThrow<T>(result: WriteOutcome<T>): WriteOutcome<T> {
  if (result.outcome === 'unknown' && result.cause === 'malformed') throw new ProviderError(SABRE, 'malformed', result.message)
  return result
}
