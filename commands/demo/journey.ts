import { setTimeout as sleep } from 'node:timers/promises'
import { randomInt, randomUUID } from 'node:crypto'
import type { MoneyText } from '../../src/kernel/money.ts'
import { plusDays, systemClock, utcDate } from '../../src/kernel/time.ts'
import type { OfferView } from '../../src/travel/offer-view.ts'
import { expectStatus, type Api, type BookingView, type GoodsView, type PaymentView, type Verification } from './client.ts'
import { sessionOf } from './sandbox.ts'
import { isOfSupplier, words, type Scene } from './scene.ts'
import { searchStays } from './search-stays.ts'
import { waitFor } from './story.ts'

/** A traveller nobody else is: suppliers' records and mails are found again by the given name and the address. */
export type Traveller = { readonly givenName: string; readonly familyName: string; readonly email: string; readonly passport?: string }

/** A traveller with a given name of eight random letters; the family name is a switch of the supplier mocks. */
export function newTraveller(familyName = 'SANTOSO'): Traveller {
  const letters = Array.from({ length: 7 }, () => 'abcdefghijklmnopqrstuvwxyz'[randomInt(26)]!).join('')
  const givenName = `B${letters}`
  return { givenName, familyName, email: `${givenName.toLowerCase()}@traveller.example` }
}

type SearchReply = {
  readonly data: readonly OfferView[]
  readonly total: number
  readonly matching: number
  readonly sources: readonly { readonly provider: string; readonly state: string; readonly offers: number; readonly ms: number }[]
  readonly page: { readonly after: string | null }
}

const PAGES_MAX = 20
const SEARCH_MS = 15_000
const SEARCH_AGAIN_MS = 200
const ROUTES = [
  ['CGK', 'NRT'],
  ['SIN', 'LHR'],
  ['BKK', 'ICN'],
] as const

/** Searches, narrows the search down with a filter, and returns the cheapest offers of the scene's supplier. */
export function searchOffers(scene: Scene): Promise<readonly GoodsView[]> {
  return scene.goods === 'stays' ? searchStays(scene) : searchFlights(scene)
}

async function searchFlights(scene: Scene): Promise<readonly OfferView[]> {
  const [origin, destination] = ROUTES[randomInt(ROUTES.length)]!
  const query = `origin=${origin}&destination=${destination}&departure_date=${plusDays(utcDate(systemClock.now()), 30 + randomInt(60))}&adults=1&limit=100`
  const all = await scene.story.step('search', async () => {
    const reply = await search(scene.api, query)
    const sources = reply.sources.map((source) => `${source.provider} ${source.state} ${source.offers} in ${source.ms} ms`)
    return { result: reply, remark: `${origin} to ${destination}, ${reply.total} offers: ${sources.join(', ')}` }
  })
  if (all.total === 0) throw new Error('no supplier has anything to sell')
  return scene.story.step('filter', async () => {
    const first = await search(scene.api, `${query}&max_stops=1`)
    const offers = await offersOf(scene, `${query}&max_stops=1`, first)
    const [cheapest] = offers
    if (!cheapest) throw new Error(`${scene.provider} has no offer with at most one stop`)
    scene.story.check(
      'a filter shows only what it promises',
      first.data.every((offer) => offer.slices.every((slice) => slice.stops <= 1)),
      'an offer with two stops passed max_stops=1',
    )
    return {
      result: offers,
      ids: { offer: cheapest.id },
      remark: `${first.matching} with at most one stop; ${scene.provider} from ${words(cheapest.total)}`,
    }
  })
}

/** Asks until every supplier has been heard: the first answer need not wait for the slow ones. */
async function search(api: Api, query: string): Promise<SearchReply> {
  const deadline = performance.now() + SEARCH_MS
  for (;;) {
    const reply = expectStatus(await api.get<SearchReply>(`/v1/flights/offers?${query}`), 200, 'the search')
    if (reply.sources.every((source) => source.state !== 'asked') || performance.now() > deadline) return reply
    await sleep(SEARCH_AGAIN_MS)
  }
}

/** The supplier's offers of a search, page after page until there are a few. */
async function offersOf(scene: Scene, query: string, first: SearchReply): Promise<OfferView[]> {
  const found: OfferView[] = []
  for (let reply = first, page = 1; ; page += 1) {
    found.push(...reply.data.filter((offer) => isOfSupplier(offer.provider, scene.provider)))
    const { after } = reply.page
    if (found.length >= 5 || after === null || page === PAGES_MAX) return found
    reply = await search(scene.api, `${query}&after=${encodeURIComponent(after)}`)
  }
}

/** Asks the supplier for one of the offers, live, and returns what may now be booked; offers that are gone are passed over. */
export async function verifyOffer(scene: Scene, offers: readonly GoodsView[]): Promise<GoodsView> {
  for (const offer of offers.slice(0, 5)) {
    const verified = await verify(scene, offer)
    if (verified.offer) return verified.offer
  }
  throw new Error('five offers in a row were gone')
}

/** One verification, told. */
export function verify(scene: Scene, offer: GoodsView): Promise<Verification> {
  return scene.story.step('verify', async () => {
    const verified = expectStatus(await scene.api.post<Verification>(`/v1/offers/${offer.id}/verifications`, {}), 200, 'the verification')
    const remark =
      verified.delta && verified.outcome === 'changed'
        ? `${verified.outcome}, ${words(verified.delta)}, now ${words(verified.offer!.total)}`
        : verified.outcome
    return { result: verified, ids: { offer: verified.offer?.id ?? offer.id }, remark }
  })
}

/** The body that books the offer for the traveller. */
export function bookingBody(offer: GoodsView, traveller: Traveller, expectedTotal: MoneyText = offer.total): object {
  const name = { title: 'mr', given_name: traveller.givenName, family_name: traveller.familyName }
  const passenger = {
    type: 'adult',
    ...name,
    born_on: '1990-04-18',
    gender: 'male',
    document: {
      kind: 'passport',
      number: traveller.passport ?? 'C1234567',
      issuing_country: 'ID',
      nationality: 'ID',
      expires_on: '2034-01-01',
    },
  }
  return {
    offer_id: offer.id,
    expected_total: expectedTotal,
    ...('slices' in offer ? { passengers: [passenger] } : { guests: offer.rooms.map((_, room) => ({ room, ...name })) }),
    contact: { email: traveller.email, phone: '+6281234567890' },
  }
}

/** Places the booking; nothing is charged and the supplier does not know of it yet. */
export function placeBooking(scene: Scene, offer: GoodsView, traveller: Traveller): Promise<BookingView> {
  return scene.story.step('book', async () => {
    const booking = expectStatus(
      await scene.api.post<BookingView>('/v1/bookings', bookingBody(offer, traveller), randomUUID()),
      201,
      'the booking',
    )
    scene.story.keep(booking)
    return {
      result: booking,
      ids: { booking: booking.id, reference: booking.reference },
      remark: `${booking.status}, ${words(booking.total)}`,
    }
  })
}

/** Opens the payment page of a booking and pays on it as the customer would. */
export async function payBooking(scene: Scene, booking: BookingView): Promise<PaymentView> {
  const payment = await scene.story.step('open payment page', async () => {
    const opened = expectStatus(
      await scene.api.post<PaymentView>(`/v1/bookings/${booking.id}/payments`, { expected_total: booking.total }, randomUUID()),
      201,
      'the payment',
    )
    return { result: opened, ids: { payment: opened.id }, remark: words(opened.amount) }
  })
  await payOnPage(scene, payment)
  return payment
}

/** Pays on the page of an open payment. */
export function payOnPage(scene: Scene, payment: PaymentView): Promise<void> {
  return scene.story.step('pay', async () => {
    const session = sessionOf(payment)
    await scene.sandbox.pay(session)
    return { result: undefined, ids: { session } }
  })
}

/** Waits until the booking has the status; checks on the way that its version only ever grows with its state. */
export function awaitStatus(scene: Scene, bookingId: string, status: string, withinMs = 60_000): Promise<BookingView> {
  return scene.story.step(`wait for ${status}`, async () => {
    const seen: BookingView[] = []
    const isThere = (booking: BookingView): boolean => booking.status === status
    const last = await waitFor(
      status,
      withinMs,
      async () => {
        const booking = await getBooking(scene.api, bookingId)
        if (seen.at(-1)?.status !== booking.status || seen.at(-1)?.version !== booking.version) seen.push(booking)
        // The reason to stop waiting early: another final state will not change any more.
        if (!isThere(booking) && ['TICKETED', 'REFUNDED', 'CANCELLED'].includes(booking.status))
          throw new Error(`the booking became ${booking.status} instead of ${status}`)
        return booking
      },
      isThere,
      (booking) => `${booking.status}, ${booking.timeline.at(-1)?.text ?? 'nothing happened'}`,
    )
    scene.story.keep(last)
    const grows = seen.every((booking, i) => i === 0 || booking.version > seen[i - 1]!.version)
    scene.story.check(
      'every change of the booking raises its version',
      grows,
      seen.map((booking) => `${booking.status} v${booking.version}`).join(', '),
    )
    return {
      result: last,
      ids: {
        booking: bookingId,
        ...(last.pnr ? { pnr: last.pnr } : {}),
        ...Object.fromEntries(last.tickets.map((ticket, i) => [`ticket${i === 0 ? '' : i + 1}`, ticket.number])),
      },
      remark: last.timeline.at(-1)?.text ?? '',
    }
  })
}

/** The booking as it stands. */
export async function getBooking(api: Api, bookingId: string): Promise<BookingView> {
  return expectStatus(await api.get<BookingView>(`/v1/bookings/${bookingId}`), 200, 'the booking')
}
