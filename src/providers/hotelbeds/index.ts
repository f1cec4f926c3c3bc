import type { StayOffer, StayQuery } from '../../travel/stay.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type {
  Call,
  Cancellation,
  ContentPage,
  FindReply,
  Provider,
  StayOrder,
  StayPriceReply,
  StayShopReply,
  UnreadShop,
  WriteOutcome,
} from '../contract.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Send } from '../../platform/partner.ts'
import { ProviderError } from '../errors.ts'
import { nobody, NOWHERE, type ProviderModule } from '../module.ts'
import { HOTELBEDS_LIMITS, toSettings, type HotelbedsConfig } from './config.ts'
import { isFailure, read, readRaw, write, type Deps } from './exchange.ts'
import { findRefusal, HOTELBEDS, isAlreadyCancelled, isOutage, unknown } from './faults.ts'
import { toCancellation } from './from-wire-booking.ts'
import { readToken } from './offer-token.ts'
import { readBooked, readBooking, readBookingPage, readCancelled, readContent, readPrice, readShop, toReply } from './read-reply.ts'
import { BOOKINGS_PER_PAGE, isUnsendable, toAvailability, toBooking, toBookingSearch, toContentSearch, toRateCheck } from './to-wire.ts'
import { statement } from './statement.ts'
import { translate } from './translate.ts'

export { isOutage } from './faults.ts'

/** Hotelbeds, a bedbank. */
export const hotelbeds: ProviderModule = {
  id: HOTELBEDS,
  name: 'Hotelbeds',
  environment: {
    HOTELBEDS_URL: { description: 'Hotelbeds APIs', example: 'https://api.hotelbeds.com' },
    HOTELBEDS_API_KEY: { description: 'Hotelbeds API key' },
    HOTELBEDS_SECRET: { description: 'secret of the Hotelbeds API key' },
  },
  create: ({ read: valueOf }, { clock, over }) => [
    over({ name: 'Hotelbeds', concurrentMax: HOTELBEDS_LIMITS.concurrentMax, isOutage }, (send) =>
      createHotelbeds({
        config: { url: valueOf('HOTELBEDS_URL'), apiKey: valueOf('HOTELBEDS_API_KEY'), secret: valueOf('HOTELBEDS_SECRET') },
        send,
        clock,
      }),
    ),
  ],
  createTranslator: (clock) => createHotelbeds({ config: { url: NOWHERE, apiKey: 'none', secret: 'none' }, send: nobody, clock }),
}

/** How many hotels an availability may name. */
const PROPERTIES_MAX = 2_000

/** Hotelbeds as a provider. Every confirmation is instant, and the confirmed booking is the voucher. */
export function createHotelbeds({ config, send, clock }: { config: HotelbedsConfig; send: Send; clock: Clock }): Provider {
  const deps: Deps = { settings: toSettings(config), send, clock }
  return {
    id: HOTELBEDS,
    name: 'Hotelbeds',
    limits: deps.settings.limits,
    stays: {
      propertiesMax: PROPERTIES_MAX,
      shop: (query, call) => shop(deps, query, call),
      readShop: ({ unread, status }, query) => {
        const text = Buffer.from(unread.buffer, unread.byteOffset, unread.byteLength).toString('utf8')
        return readShop(toReply(status, text), { ...query, now: clock.now() })
      },
      price: (offer, call) => price(deps, offer, call),
      book: (order, call) => book(deps, order, call),
      retrieve: async (supplierRef, call) => (await retrieve(deps, supplierRef, call)).reservation,
      find: (order, call) => find(deps, order, call),
      cancel: (reservation, call) => cancel(deps, reservation, call),
      content: (cursor, call) => content(deps, cursor, call),
    },
    statement: (day, call) => statement(deps, day, call),
    translate: (kind, message) => translate(kind, message, clock.now()),
  }
}

async function shop(deps: Deps, query: StayQuery, call: Call): Promise<UnreadShop | StayShopReply> {
  const body = toAvailability(query)
  if (body.hotels.hotel.length === 0) return { solutions: 0, offers: [] }
  const timeoutMs = deps.settings.limits.shopTimeoutMs
  const reply = await readRaw(deps, { method: 'POST', path: '/hotel-api/1.0/hotels', body, timeoutMs }, call)
  return { unread: reply.bytes, status: reply.status }
}

/** Only RECHECK rates have to be checked; a verification is always live, so all are. */
async function price(deps: Deps, offer: StayOffer, call: Call): Promise<StayPriceReply> {
  const body = toRateCheck(readToken(offer.supplierToken))
  const timeoutMs = deps.settings.limits.readTimeoutMs
  return readPrice(await read(deps, { method: 'POST', path: '/hotel-api/1.0/checkrates', body, timeoutMs }, call), offer, deps.clock.now())
}

async function book(deps: Deps, order: StayOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  const body = toBooking(order)
  if (isUnsendable(body)) return { outcome: 'rejected', reason: body.reason, code: 'unsendable', message: body.problem }
  const reply = await write(deps, { method: 'POST', path: '/hotel-api/1.0/bookings', body }, call)
  return isFailure(reply) ? reply : readBooked(reply)
}

async function retrieve(deps: Deps, reference: string, call: Call): Promise<ReturnType<typeof readBooking>> {
  const timeoutMs = deps.settings.limits.readTimeoutMs
  return readBooking(await read(deps, { method: 'GET', path: bookingPath(reference), timeoutMs }, call))
}

const FIND_PAGES_MAX = 20

/** Looks through the bookings under our reference that begin on the day: one that stands, otherwise a cancelled one. */
async function find(deps: Deps, order: StayOrder, call: Call): Promise<FindReply> {
  const timeoutMs = deps.settings.limits.readTimeoutMs
  let other: Reservation | undefined
  for (let page = 0; page < FIND_PAGES_MAX; page += 1) {
    const path = `/hotel-api/1.0/bookings?${toBookingSearch(order, 1 + page * BOOKINGS_PER_PAGE)}`
    const { ours, count } = readBookingPage(await read(deps, { method: 'GET', path, timeoutMs }, call), order.reference)
    const active = ours.find(({ status }) => status === 'active')
    if (active) return { outcome: 'found', reservation: active }
    other ??= ours[0]
    if (count < BOOKINGS_PER_PAGE) return other ? { outcome: 'found', reservation: other } : { outcome: 'absent' }
  }
  throw new ProviderError(HOTELBEDS, 'refused', `more than ${FIND_PAGES_MAX * BOOKINGS_PER_PAGE} bookings would have to be looked through`)
}

async function cancel(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  const path = `${bookingPath(reservation.supplierRef)}?cancellationFlag=CANCELLATION`
  const reply = await write(deps, { method: 'DELETE', path }, call)
  if (isFailure(reply)) return reply
  if (isAlreadyCancelled(findRefusal(reply.body))) return settleCancelled(deps, reservation, call)
  const result = readCancelled(reply)
  return result.outcome === 'ok' ? { outcome: 'ok', value: toCancellation(result.value, paidFor(reservation)) } : result
}

/** What was wanted is already so; the booking says what it gave back. */
async function settleCancelled(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  try {
    const { reservation: current, wire } = await retrieve(deps, reservation.supplierRef, call)
    if (current.status !== 'cancelled') return unknown('unrecognised', 'Hotelbeds calls the booking cancelled and shows it confirmed')
    return { outcome: 'ok', value: toCancellation(wire, paidFor(reservation)) }
  } catch (error) {
    if (error instanceof ProviderError) return unknown('unrecognised', error.message)
    throw error
  }
}

/** A booking that was read after it was cancelled no longer tells what it had cost. */
function paidFor({ status, total }: Reservation): Reservation['total'] {
  return status === 'cancelled' ? null : total
}

async function content(deps: Deps, cursor: string | null, call: Call): Promise<ContentPage> {
  const from = cursor === null ? 1 : Number(cursor)
  if (!Number.isSafeInteger(from) || from < 1) throw new ProviderError(HOTELBEDS, 'refused', 'the cursor is not one of Hotelbeds')
  const path = `/hotel-content-api/1.0/hotels?${toContentSearch(from)}`
  return readContent(await read(deps, { method: 'GET', path, timeoutMs: deps.settings.limits.readTimeoutMs }, call), from)
}

function bookingPath(reference: string): string {
  return `/hotel-api/1.0/bookings/${encodeURIComponent(reference)}`
}
