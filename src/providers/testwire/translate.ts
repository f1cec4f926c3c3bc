import type { Instant } from '../../kernel/time.ts'
import type { MessageKind, Translation, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { TESTWIRE, toReply, type Reply } from './faults.ts'
import { toRefundQuote, toReservation } from './from-wire-booking.ts'
import { toFareRules, toSeatMap } from './from-wire-flight.ts'
import { readCancelled, readFlightPrice, readFlights, readStays, readThing, readWritten } from './read-reply.ts'
import { wireFareRules, wireQuote, wireSeatMaps, wireError } from './wire.ts'

/** Reads one message of Testwire's without calling it. Throws ProviderError for what is not Testwire's. */
export function translate(kind: MessageKind, message: string, now: Instant): Translation {
  const reply = toReply(null, message)
  switch (kind) {
    case 'shop':
      return { kind: 'offers', ...readFlights(reply) }
    case 'stay-shop':
      return { kind: 'stays', ...readStays(reply, now) }
    case 'price': {
      const price = readFlightPrice(reply, 0)
      return price.outcome === 'priced'
        ? { kind: 'offers', solutions: 1, offers: [price.offer] }
        : { kind: 'offers', solutions: 0, offers: [] }
    }
    case 'book':
    case 'retrieve':
      return { kind: 'reservation', result: orThrow(reply, readWritten(reply, toReservation)) }
    case 'ticket': {
      const result = orThrow(reply, readWritten(reply, toReservation))
      return result.outcome === 'ok'
        ? { kind: 'tickets', result: { outcome: 'ok', value: result.value.tickets }, total: result.value.total, pnr: result.value.pnr }
        : { kind: 'tickets', result, total: null, pnr: null }
    }
    case 'cancel':
    case 'void':
      return { kind: 'cancellation', result: orThrow(reply, readCancelled(reply)), pnr: null }
    case 'refund':
      return { kind: 'refund-quote', quote: readThing(reply, wireQuote, ({ quote }) => toRefundQuote(quote)) }
    case 'seat-map':
      return { kind: 'seat-maps', maps: readThing(reply, wireSeatMaps, ({ seat_maps: maps }) => maps.map((map) => toSeatMap(map, null))) }
    case 'fare-rules':
      return { kind: 'fare-rules', rules: readThing(reply, wireFareRules, ({ fare_rules: rules }) => rules.map(toFareRules)) }
    case 'exchange':
    case 'availability':
      throw new ProviderError(TESTWIRE, 'malformed', `messages about "${kind}" are not read`)
  }
}

/** A message given to us by hand that is nobody's is an error of whoever gave it, not an unknown outcome. */
function orThrow<T>({ body }: Reply, result: WriteOutcome<T>): WriteOutcome<T> {
  if (result.outcome === 'unknown' && result.cause === 'malformed' && !wireError.Check(body))
    throw new ProviderError(TESTWIRE, 'malformed', result.message)
  return result
}
