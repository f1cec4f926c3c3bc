import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MoneyText } from '../../src/kernel/money.ts'
import { plusDays, utcDate } from '../../src/kernel/time.ts'
import type { OfferView } from '../../src/travel/offer-view.ts'
import { createApi, Unreachable, type BookingView, type PaymentView, type Reply, type Verification } from '../demo/client.ts'
import { bookingBody, type Traveller } from '../demo/journey.ts'
import { sessionOf } from '../demo/sandbox.ts'
import type { Seeded } from './seeded.ts'
import type { ChaosStack } from './stack.ts'

/** A traveller and how far they came, as they themselves know it: what they were shown, sent and answered. */
export type Journey = {
  readonly traveller: Traveller
  readonly companions: readonly Traveller[]
  /** The price that was shown last and agreed to. */
  shown: MoneyText
  offer: OfferView
  booking: BookingView | null
  payment: PaymentView | null
  /** Whether they have paid on the gateway's page. */
  hasPaid: boolean
}

/** A request with an idempotency key, and the first answer that was one. */
export type Sent = { readonly path: string; readonly body: unknown; readonly key: string; answer: { status: number; body: unknown } | null }

export type Travellers = {
  /** A traveller nobody else is, with a passport nobody else has; the family name is a switch of the supplier's mock. */
  readonly next: (familyName?: string) => Traveller
  /** So many offers, confirmed live and ready to be booked; `fares` is how many different ones at most. */
  readonly verified: (
    count: number,
    route?: { origin?: string; destination?: string; days?: number; fares?: number; adults?: number },
  ) => Promise<OfferView[]>
  /** Books; tries again with the same key, at any API, until there is an answer. Null when there was none in time, or a refusal. */
  readonly book: (offer: OfferView, traveller?: Traveller, companions?: readonly Traveller[]) => Promise<Journey>
  /** Opens the page to pay on. */
  readonly openPayment: (journey: Journey) => Promise<Journey>
  /** Pays on the page, by the gateway's own switch: the fault is never in the traveller's way to it. */
  readonly pay: (journey: Journey, options?: { card?: string; amount?: number; currency?: string; isLate?: boolean }) => string
  /** All of it, for one offer that was verified before. */
  readonly buy: (offer: OfferView, familyName?: string) => Promise<Journey>
  /** Any POST with an idempotency key, kept for the replay. Null when nobody answered in time. */
  readonly post: <T>(path: string, body: unknown, options?: { key?: string; withinMs?: number; via?: string }) => Promise<Reply<T> | null>
  readonly get: <T>(path: string) => Promise<Reply<T> | null>
  readonly journeys: readonly Journey[]
  readonly sent: readonly Sent[]
  /** How many answers said that they repeat an earlier one. */
  readonly replays: () => number
  /** What travellers saw of the fault: how often each status was answered, 0 for nobody; and the longest that one answer took. */
  readonly seen: () => { readonly statuses: Readonly<Record<number, number>>; readonly slowestMs: number }
}

/** Who sells from the first row to the last. */
const SUPPLIER = 'testwire'
const PATIENCE_MS = 45_000
const ROUTES = [
  ['CGK', 'NRT'],
  ['SIN', 'LHR'],
  ['BKK', 'ICN'],
  ['CGK', 'SIN'],
] as const

/** Travellers who use the public API over HTTP, as clients that repeat a request under its key until it is answered. */
export function createTravellers(stack: ChaosStack, seeded: Seeded): Travellers {
  const journeys: Journey[] = []
  const sent: Sent[] = []
  let replays = 0
  let slowestMs = 0
  const statuses: Record<number, number> = {}
  const saw = (status: number, begunAt: number): void => {
    statuses[status] = (statuses[status] ?? 0) + 1
    slowestMs = Math.max(slowestMs, performance.now() - begunAt)
  }

  const apiUrls = (): readonly string[] => stack.processes('api').map(({ url }) => url)
  /** Asks until somebody gives an answer that settles it; null when nobody does in time. */
  const untilAnswered = async <T>(ask: (url: string) => Promise<Reply<T>>, withinMs: number, via?: string): Promise<Reply<T> | null> => {
    const deadline = performance.now() + withinMs
    for (let pauseMs = 40; performance.now() < deadline; pauseMs = Math.min(500, pauseMs * 2)) {
      const urls = via === undefined ? apiUrls() : [via]
      const url = urls[Math.floor(Math.random() * urls.length)]
      if (url !== undefined) {
        const begunAt = performance.now()
        try {
          const reply = await ask(url)
          saw(reply.status, begunAt)
          if (reply.replayed) replays += 1
          const isInFlight = reply.problem?.code === 'request-in-flight'
          if (reply.status < 500 && reply.status !== 429 && !isInFlight) return reply
        } catch (error) {
          if (!(error instanceof Unreachable) && !(error instanceof TypeError)) throw error
          saw(0, begunAt)
        }
      }
      await sleep(pauseMs)
    }
    return null
  }
  const get: Travellers['get'] = (path) => untilAnswered((url) => createApi(url).get(path), PATIENCE_MS)
  const post: Travellers['post'] = async <T>(
    path: string,
    body: unknown,
    { key = randomUUID(), withinMs = PATIENCE_MS, via }: { key?: string; withinMs?: number; via?: string } = {},
  ) => {
    let note = sent.find((one) => one.key === key && one.path === path)
    if (!note) sent.push((note = { path, body, key, answer: null }))
    const reply = await untilAnswered((url) => createApi(url).post<T>(path, body, key), withinMs, via)
    if (reply && !note.answer) note.answer = { status: reply.status, body: reply.body }
    return reply
  }

  const search = async (origin: string, destination: string, days: number, adults: number): Promise<readonly OfferView[]> => {
    const date = plusDays(utcDate(stack.clock.now()), days)
    const query = `/v1/flights/offers?origin=${origin}&destination=${destination}&departure_date=${date}&adults=${adults}&limit=50`
    for (let round = 0; round < 40; round += 1) {
      const reply = await get<{ data: OfferView[]; sources: { state: string }[] }>(query)
      // Other suppliers come and go with a row; what was found of them stays in caches for a while.
      const own = reply?.status === 200 ? reply.body.data.filter(({ provider }) => provider === SUPPLIER) : []
      if (own.length > 0) return own
      await sleep(150)
    }
    throw new Error(`nothing to be had from ${origin} to ${destination}`)
  }
  const verified: Travellers['verified'] = async (count, route) => {
    const [origin, destination] = route?.origin && route.destination ? [route.origin, route.destination] : seeded.pick(ROUTES)
    const found = await search(origin, destination, route?.days ?? 30 + seeded.int(60), route?.adults ?? 1)
    const offers = found.slice(0, route?.fares ?? found.length)
    const verifyOne = async (at: number): Promise<OfferView> => {
      for (let turn = 0; turn < 8; turn += 1) {
        const offer = offers[(at + turn) % offers.length]!
        const reply = await untilAnswered(
          (url) => createApi(url).post<Verification>(`/v1/offers/${offer.id}/verifications`, {}),
          PATIENCE_MS,
        )
        if (reply?.status === 200 && reply.body.offer) return reply.body.offer as OfferView
      }
      throw new Error('eight offers in a row could not be verified')
    }
    return Promise.all(Array.from({ length: count }, (_, at) => verifyOne(at)))
  }
  const next: Travellers['next'] = (familyName = 'SANTOSO') => {
    const givenName = `B${seeded.letters(9)}`
    return { givenName, familyName, email: `${givenName.toLowerCase()}@traveller.example`, passport: `X${seeded.digits(8)}` }
  }
  const book: Travellers['book'] = async (offer, traveller = next(), companions = []) => {
    const journey: Journey = { traveller, companions, offer, shown: offer.total, booking: null, payment: null, hasPaid: false }
    journeys.push(journey)
    const reply = await post<BookingView>('/v1/bookings', partyBody(offer, [traveller, ...companions]))
    if (reply?.status === 201) journey.booking = reply.body
    return journey
  }
  const openPayment: Travellers['openPayment'] = async (journey) => {
    if (!journey.booking) return journey
    const reply = await post<PaymentView>(`/v1/bookings/${journey.booking.id}/payments`, { expected_total: journey.booking.total })
    if (reply?.status === 201) journey.payment = reply.body
    return journey
  }
  const pay: Travellers['pay'] = (journey, options = {}) => {
    if (!journey.payment?.redirect_url) return 'no page'
    const { outcome } = stack.gateway.control.pay(sessionOf(journey.payment), options)
    if (outcome === 'paid') journey.hasPaid = true
    return outcome
  }
  return {
    next,
    verified,
    book,
    openPayment,
    pay,
    buy: async (offer, familyName) => {
      const journey = await openPayment(await book(offer, next(familyName)))
      pay(journey)
      return journey
    },
    post,
    get,
    journeys,
    sent,
    replays: () => replays,
    seen: () => ({ statuses, slowestMs }),
  }
}

/** The body that books the offer for all of them; the first is who is written to. */
function partyBody(offer: OfferView, party: readonly [Traveller, ...Traveller[]]): object {
  const passengers = party.flatMap((one) => (bookingBody(offer, one) as { passengers: object[] }).passengers)
  return { ...bookingBody(offer, party[0]), passengers }
}
