import type { Money } from '../../kernel/money.ts'
import type { Reservation, SegmentHold } from '../../travel/reservation.ts'
import type { XmlElement } from '../../platform/xml.ts'
import { readPrices, totalElement, readerOf, type MoneyReader } from './amounts.ts'
import { all, any, at, malformed, value } from './elements.ts'
import type { Lists } from './lists.ts'
import { partsOf, readLists, type Message } from './message.ts'
import { readFare, readItem, type Item } from './read-fares.ts'
import { createItineraries, flightRefs, isAncillary, type Itineraries } from './read-itinerary.ts'
import { readTickets } from './read-tickets.ts'
import { toHold } from './wire.ts'

/** What an order is asked for and acted on by. */
export type OrderRef = {
  readonly order: string
  readonly owner: string
  readonly pnr: string
  /** The airline's keys of the passengers, which 17.2 wants when it tickets. */
  readonly pax: readonly string[]
}

/** An order as the airline shows it. */
export type OrderView = {
  readonly reservation: Reservation
  readonly ref: OrderRef
  readonly items: readonly string[]
  readonly remarks: readonly string[]
}

/** Reads the order in a reply; undefined when the reply holds none. */
export function readOrder(message: Message): OrderView | undefined {
  const order = partsOf(message, 'Order')[0] ?? all(partsOf(message, 'Orders')[0], 'Order')[0]
  const id = value(order, 'OrderID')
  if (!order || id === undefined) return undefined
  const { lists } = readLists(message, () => [])
  const moneyOf = readerOf(message.root)
  const itineraries = createItineraries(lists)
  const items = [...all(any(order, 'OrderItems'), 'OrderItem'), ...all(order, 'OrderItem')].map((item) =>
    readItem(item, 'OrderItemID', moneyOf),
  )
  const tickets = readTickets(message, lists)
  const ref: OrderRef = {
    order: id,
    owner: value(order, 'Owner', 'OwnerCode') ?? '',
    pnr: pnrOf(order, message) ?? id,
    pax: [...lists.travellers.keys()],
  }
  const stated = wordOf(order)
  const segments = readHolds(order, items, { lists, itineraries })
  return {
    ref,
    items: items.map((item) => item.id).filter((key) => key !== ''),
    remarks: remarksOf(message.root),
    reservation: {
      pnr: ref.pnr,
      supplierRef: writeRef(ref),
      status: readStatus(stated, segments),
      segments,
      total: totalOf(order, items, { lists, itineraries, moneyOf }),
      tickets,
      ticketBy: ticketingLimit(order),
    },
  }
}

/** Whether a message shows orders at all. */
export function hasOrder(message: Message): boolean {
  return partsOf(message, 'Order', 'Orders').length > 0
}

/** The reference as one opaque text. */
export function writeRef(ref: OrderRef): string {
  return [ref.order, ref.owner, ref.pnr, ...ref.pax].map(encodeURIComponent).join(':')
}

/** The inverse of {@link writeRef}; throws ProviderError('malformed') on anything else. */
export function readRef(supplierRef: string): OrderRef {
  let parts: readonly string[]
  try {
    parts = supplierRef.split(':').map(decodeURIComponent)
  } catch (error) {
    throw malformed('not a reference to an order', error)
  }
  const [order, owner, pnr, ...pax] = parts
  if (!order || owner === undefined || !pnr) throw malformed(`"${supplierRef.slice(0, 60)}" is not a reference to an order`)
  return { order, owner, pnr, pax }
}

/** The airline's own record before anybody else's; orders without one have only their id. */
function pnrOf(order: XmlElement, message: Message): string | undefined {
  const items = [...all(any(order, 'OrderItems'), 'OrderItem'), ...all(order, 'OrderItem')]
  const holders = [order, ...items, ...items.flatMap((item) => all(item, 'Service'))]
  const references = [
    ...all(any(order, 'BookingReferences'), 'BookingReference'),
    ...holders.flatMap((holder) => all(holder, 'BookingRef', 'BookingReference')),
    ...partsOf(message, 'TicketDocInfo').flatMap((info) => all(info, 'BookingRef')),
  ]
  const idOf = (one: XmlElement | undefined): string | undefined => value(one, 'BookingID', 'ID')
  const isAirlines = (one: XmlElement): boolean =>
    value(one, 'AirlineID') !== undefined || at(one, 'BookingEntity', 'Carrier') !== undefined
  return idOf(references.find((one) => isAirlines(one) && idOf(one) !== undefined)) ?? references.map(idOf).find((id) => id !== undefined)
}

function totalOf(
  order: XmlElement,
  items: readonly Item[],
  scope: { readonly lists: Lists; readonly itineraries: Itineraries; readonly moneyOf: MoneyReader },
): Money | null {
  const stated = any(order, 'TotalOrderPrice', 'TotalPrice')
  const own = readPrices(stated, scope.moneyOf).total ?? scope.moneyOf(totalElement(stated)) ?? scope.moneyOf(any(order, 'TotalAmount'))
  return own ?? readFare(items, { total: null, base: null, taxes: null }, scope).total
}

/** The word by which an order or item says how it stands. Whether it may be used yet ("NOT ENTITLED" until paid) is another thing. */
function wordOf(element: XmlElement | undefined): string | undefined {
  const word =
    value(any(element, 'Status'), 'StatusCode', 'Code') ??
    value(element, 'StatusCode', 'OrderStatus', 'ItemStatus', 'Status', 'OrderStatusCode')
  return word !== undefined && /entitled|^ready\b/i.test(word) ? undefined : word
}

const ACTIVE = new Set(
  'OPEN OPENED ACTIVE CONFIRMED I OK HK K T TICKETED ISSUED PAID HELD HOLD DRAFT CREATED BOOKED COMPLETED FROZEN RESERVED UNPAID'.split(
    ' ',
  ),
)

/**
 * Cancelled when the order says so or nothing in it is flown any more. CLOSED is the end of an order, of one that was flown
 * as of one that was cancelled, and so says nothing by itself.
 */
function readStatus(stated: string | undefined, segments: readonly SegmentHold[]): Reservation['status'] {
  const word = stated?.toUpperCase()
  if (word !== undefined && toHold(word) === 'cancelled') return 'cancelled'
  if (segments.length > 0 && segments.every((segment) => segment.status === 'cancelled')) return 'cancelled'
  if (word === undefined || ACTIVE.has(word)) return 'active'
  return segments.some((segment) => segment.status === 'confirmed') ? 'active' : 'unknown'
}

/** How each flight is held: by its services, or by the item or order they are of where they do not say. */
function readHolds(
  order: XmlElement,
  items: readonly Item[],
  { lists, itineraries }: { readonly lists: Lists; readonly itineraries: Itineraries },
): readonly SegmentHold[] {
  const whole = wordOf(order)
  const words = new Map<string, (string | undefined)[]>()
  for (const item of items) {
    const own = wordOf(item.element) ?? whole
    const services = all(item.element, 'Service').filter((service) => !isAncillary(service))
    const holders = services.map((service) => ({ references: flightRefs(service), word: wordOf(service) ?? own }))
    const flown = holders.some((one) => one.references.length > 0)
      ? holders
      : [{ references: [...item.flights, ...item.details.flatMap((one) => one.components.flatMap(flightRefs))], word: own }]
    for (const { references, word } of flown)
      for (const key of itineraries.segmentsOf(references)) words.set(key, [...(words.get(key) ?? []), word])
  }
  const keys = words.size > 0 ? [...words.keys()] : [...lists.segments.keys()]
  const held = keys.flatMap((key) => {
    const segment = lists.segments.get(key)
    if (!segment) return []
    return [{ segment, status: together((words.get(key) ?? [whole]).map(toHold)) }]
  })
  held.sort((a, b) => (a.segment.departure.local < b.segment.departure.local ? -1 : 1))
  return held.map(({ segment, status }) => ({ carrier: segment.carrier, flightNumber: segment.flightNumber, status }))
}

/** A flight that is held for all passengers alike is held so; a waitlist for one of them is not a confirmation. */
function together(statuses: readonly SegmentHold['status'][]): SegmentHold['status'] {
  const [first] = statuses
  if (first !== undefined && statuses.every((status) => status === first)) return first
  return statuses.includes('waitlisted') ? 'waitlisted' : 'unknown'
}

function ticketingLimit(order: XmlElement): string | null {
  const items = [...all(any(order, 'OrderItems'), 'OrderItem'), ...all(order, 'OrderItem')]
  const holders = [order, ...items]
  for (const holder of holders) {
    const limit = at(holder, 'TimeLimits', 'PaymentTimeLimit') ?? any(holder, 'PaymentTimeLimit')
    const stated = value(limit, 'DateTime', 'Timestamp', 'PaymentTimeLimitDateTime') ?? value(holder, 'PaymentTimeLimitDateTime')
    const dated = value(any(limit, 'PaymentTimeLimitDate'), 'PaymentTimeLimitDateTime')
    if (stated ?? dated) return stated ?? dated ?? null
  }
  return null
}

/** Every remark in a message, wherever the version or the airline has put it. */
function remarksOf(root: XmlElement): readonly string[] {
  const found: string[] = []
  const visit = (element: XmlElement): void => {
    if (/^(?:Remark|RemarkText|Remarks|Text|Description|DescText|OSIText)$/.test(element.name)) {
      const text = element.text.trim()
      if (text !== '') found.push(text)
    }
    for (const inner of element.children) visit(inner)
  }
  visit(root)
  return found
}
