import type { Reservation } from '../../travel/reservation.ts'
import type { Translation } from '../contract.ts'
import { toAirlineChange, toChangeTerms, readSlice } from './from-wire-change.ts'
import { toReservation } from './from-wire-order.ts'
import { toServiceOffers } from './from-wire-service.ts'
import { toSeatMaps } from './from-wire-seat-map.ts'
import { readChangeOffers, toExchangeQuotes } from './read-change-reply.ts'
import { orMalformed, type Reply } from './read-reply.ts'
import {
  wireAirlineChangeReply,
  wireAirlineChangesReply,
  wireChangeRequestReply,
  wireChangeTerms,
  wireOrderChangeReply,
  type WireAirlineChange,
  type WireOrderChange,
} from './wire-change.ts'
import { wireSeatMap } from './wire-seat-map.ts'
import { wireOrderReply } from './wire.ts'
import { wireService, type WireService } from './wire-service.ts'

/**
 * Reads a message about changes of an order, seats, services, or several orders. Such a message says itself which of them it is; undefined
 * when it is none, or is an empty list, which says nothing. Throws ProviderError('malformed').
 */
export function translateByShape(reply: Reply): Translation | undefined {
  const { body } = reply
  if (wireChangeRequestReply.Check(body)) return { kind: 'exchange-quotes', quotes: readChangeOffers(reply) }
  if (wireOrderChangeReply.Check(body)) return translateOrderChange(body.data)
  if (wireAirlineChangeReply.Check(body) && isAirlineChange(body.data)) return translateAirlineChanges([body.data])
  const list = listOf(body)
  if (list.length === 0) return undefined
  if (list.some((one) => wireSeatMap.Check(one))) return { kind: 'seat-maps', maps: toSeatMaps(list) }
  if (list.every((one) => wireChangeTerms.Check(one))) return { kind: 'exchange-quotes', quotes: toExchangeQuotes(list, '') }
  if (wireAirlineChangesReply.Check(body) && body.data.every(isAirlineChange)) return translateAirlineChanges(body.data)
  const orders = list.flatMap((one) => readListedOrder(body, one))
  if (orders.length > 0) return translateOrders(orders)
  const services = list.filter((one): one is WireService => wireService.Check(one) && (one.segment_ids ?? one.passenger_ids) !== undefined)
  return services.length > 0 ? translateServices(services) : undefined
}

/** The things of a message, which may be a list of them or one; also where somebody has cut out the "data" around it. */
function listOf(body: unknown): readonly unknown[] {
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : body
  return Array.isArray(data) ? (data as unknown[]) : [data]
}

/** Every field of theirs may be absent, so that it takes one to tell. */
function isAirlineChange(wire: WireAirlineChange): boolean {
  return Array.isArray(wire.added) || Array.isArray(wire.removed)
}

/** A change that waits for its confirmation is a quote; a confirmed one is a deed, and tells no reservation. */
function translateOrderChange(wire: WireOrderChange): Translation {
  if (!wire.confirmed_at) return { kind: 'exchange-quotes', quotes: toExchangeQuotes([wire], wire.order_id) }
  const facts = orMalformed(() => ({
    change: wire.id,
    order: wire.order_id,
    confirmed: wire.confirmed_at,
    ...toChangeTerms(wire),
    removed: (wire.slices.remove ?? []).map(readSlice),
    added: (wire.slices.add ?? []).map(readSlice),
  }))
  return { kind: 'note', message: 'the change of the order is confirmed', facts }
}

function translateAirlineChanges(wire: readonly WireAirlineChange[]): Translation {
  const changes = orMalformed(() =>
    wire.map((change) => ({ ...toAirlineChange(change), order: change.order_id ?? null, actionTaken: change.action_taken ?? null })),
  )
  return { kind: 'note', message: 'changes that the airline has made', facts: { changes } }
}

/** The order, where it stands in a list of them: an order by itself has a reader of its own. */
function readListedOrder(body: unknown, one: unknown): Reservation[] {
  const isListed = Array.isArray((body as { data?: unknown } | null)?.data)
  const reply = { data: one }
  if (!isListed || !wireOrderReply.Check(reply)) return []
  return [orMalformed(() => toReservation(reply.data))]
}

function translateOrders(orders: readonly Reservation[]): Translation {
  const [order] = orders
  if (order && orders.length === 1) return { kind: 'reservation', result: { outcome: 'ok', value: order } }
  return { kind: 'note', message: `${orders.length} orders`, facts: { orders } }
}

function translateServices(services: readonly WireService[]): Translation {
  const passengerIds = [...new Set(services.flatMap((service) => service.passenger_ids ?? []))]
  const segmentIds = [...new Set(services.flatMap((service) => service.segment_ids ?? []))]
  const offers = toServiceOffers(services, { passengerIds, segmentIds })
  return { kind: 'note', message: 'what is sold beside the seats', facts: { services: offers } }
}
