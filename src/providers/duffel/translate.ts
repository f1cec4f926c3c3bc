import { parseMoney } from '../../kernel/money.ts'
import type { MessageKind, Translation, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { DUFFEL, statedStatus, findErrors } from './faults.ts'
import { readSeatMaps } from './read-change-reply.ts'
import {
  readBooking,
  readCancellation,
  readPrice,
  readShop,
  readTicketing,
  orMalformed,
  readWriteFailure,
  toReply,
  type Reply,
} from './read-reply.ts'
import { toRefundQuote } from './from-wire-refund.ts'
import { translateByShape } from './translate-change.ts'
import { wireOrderReply } from './wire.ts'

/**
 * Reads one message of Duffel's without calling it. An error reply to a write becomes its outcome; to a read it is thrown
 * as the ProviderError that the read would have thrown. Throws ProviderError('malformed') for what is not Duffel's.
 */
export function translate(kind: MessageKind, message: string): Translation {
  const parsed = toReply(null, message)
  const reply: Reply = { status: findErrors(parsed.body) ? statedStatus(parsed.body) : null, body: parsed.body }
  const byShape = HAVE_A_SHAPE.has(kind) ? undefined : translateByShape(reply)
  if (byShape) return byShape
  switch (kind) {
    case 'shop':
      return { kind: 'offers', ...readShop(reply) }
    case 'price': {
      const price = readPrice(reply, 0)
      return { kind: 'offers', solutions: price.outcome === 'priced' ? 1 : 0, offers: price.outcome === 'priced' ? [price.offer] : [] }
    }
    case 'book':
    case 'retrieve':
      return { kind: 'reservation', result: orThrow(readBooking(reply)) }
    case 'ticket': {
      const result = orThrow(readTicketing(reply))
      if (result.outcome !== 'ok') return { kind: 'tickets', result, total: null, pnr: null }
      const { tickets, order, payment } = result.value
      return {
        kind: 'tickets',
        result: { outcome: 'ok', value: tickets },
        total: order?.total ?? (payment && parseMoney(payment.amount, payment.currency)),
        pnr: order?.pnr ?? null,
      }
    }
    case 'cancel': {
      assertCancellation(reply)
      const result = orThrow(readCancellation(reply))
      if (result.outcome !== 'ok') return { kind: 'cancellation', result, pnr: null }
      const { wire, cancellation } = result.value
      const isDone = Boolean(wire.confirmed_at)
      return {
        kind: 'cancellation',
        result: isDone
          ? { outcome: 'ok', value: cancellation }
          : { outcome: 'unknown', cause: 'pending', message: 'a quote: nothing is cancelled before it is confirmed' },
        pnr: null,
      }
    }
    case 'refund': {
      assertCancellation(reply)
      const result = orThrow(readCancellation(reply))
      if (result.outcome !== 'ok') return { kind: 'cancellation', result, pnr: null }
      const { wire, cancellation } = result.value
      if (wire.confirmed_at) return { kind: 'cancellation', result: { outcome: 'ok', value: cancellation }, pnr: null }
      return { kind: 'refund-quote', quote: orMalformed(() => toRefundQuote(wire, null)) }
    }
    case 'exchange':
      if (isEmptyList(reply)) return { kind: 'exchange-quotes', quotes: [] }
      return { kind: 'reservation', result: orThrow(wireOrderReply.Check(reply.body) ? readBooking(reply) : readWriteFailure(reply)) }
    case 'seat-map':
      return { kind: 'seat-maps', maps: readSeatMaps(reply) }
    case 'fare-rules':
    case 'availability':
    case 'stay-shop':
      throw new ProviderError(DUFFEL, 'malformed', `messages about "${kind}" are not read`)
    case 'void':
      throw new ProviderError(DUFFEL, 'malformed', 'Duffel has no message about voiding a ticket; a cancellation voids where it can')
  }
}

/** The operations whose messages have a shape of their own; under any other name a message is taken for what it is. */
const HAVE_A_SHAPE: ReadonlySet<MessageKind> = new Set(['shop', 'book', 'ticket', 'cancel', 'void', 'stay-shop'])

/** A change of an order has the same ids and confirmation as a cancellation, and speaks of no refund. */
function assertCancellation({ body }: Reply): void {
  const data = (body as { data?: unknown } | null | undefined)?.data
  if (typeof data === 'object' && data !== null && !('refund_amount' in data) && !('refund_to' in data))
    throw new ProviderError(DUFFEL, 'malformed', 'the message does not say what a cancellation gives back')
}

function isEmptyList({ body }: Reply): boolean {
  const data = (body as { data?: unknown } | null | undefined)?.data
  return Array.isArray(data) && data.length === 0
}

/** A message given to us by hand that is nobody's is an error of whoever gave it, not an unknown outcome. */
function orThrow<T>(result: WriteOutcome<T>): WriteOutcome<T> {
  if (result.outcome === 'unknown' && result.cause === 'malformed') throw new ProviderError(DUFFEL, 'malformed', result.message)
  return result
}
