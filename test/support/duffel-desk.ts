import { startDuffelMock, type DuffelMock } from '../../fixtures/duffel/index.ts'
import { compareMoney } from '../../src/kernel/money.ts'
import { createStoppedClock, parseLocalDate } from '../../src/kernel/time.ts'
import { createPartner, toPartnerReply, type PartnerRequest, type Send } from '../../src/platform/partner.ts'
import type { FlightOrder, FlightSupplier, Provider, WriteOutcome } from '../../src/providers/contract.ts'
import { createDuffel } from '../../src/providers/duffel/index.ts'
import type { FlightOffer, FlightQuery } from '../../src/travel/flight.ts'
import type { Reservation } from '../../src/travel/reservation.ts'
import { shop } from './shop.ts'

/** Duffel's adapter over a mock of its own, whose clock stands still, with every request that was sent. */
export type DuffelDesk = {
  readonly mock: DuffelMock
  readonly clock: ReturnType<typeof createStoppedClock>
  readonly provider: Provider
  readonly flights: FlightSupplier
  readonly requests: PartnerRequest[]
  readonly call: { readonly signal: AbortSignal }
  /** Verified offers of a return journey for one adult, the cheapest first, of which `suits` likes one. */
  readonly offer: (suits?: (offer: FlightOffer) => boolean) => Promise<FlightOffer>
  readonly order: (offer: FlightOffer, familyName?: string) => FlightOrder
  readonly booked: (suits?: (offer: FlightOffer) => boolean, familyName?: string) => Promise<Reservation>
  readonly close: () => Promise<void>
}

export const DUFFEL_QUERY: FlightQuery = {
  slices: [
    { origin: 'SIN', destination: 'LHR', departureDate: parseLocalDate('2027-01-15') },
    { origin: 'LHR', destination: 'SIN', departureDate: parseLocalDate('2027-01-25') },
  ],
  passengers: { adults: 1, children: 0, infants: 0 },
  cabin: 'economy',
}

/** Starts the mock. Reads and writes are given up after a second, searches after five. */
export async function openDuffelDesk(seed: number): Promise<DuffelDesk> {
  const clock = createStoppedClock('2026-11-21T08:00:00Z')
  const mock = await startDuffelMock({ seed, clock })
  const partner = createPartner({ name: 'duffel', concurrentMax: 20, breakAfter: 1_000 })
  const requests: PartnerRequest[] = []
  const call = { signal: new AbortController().signal }
  const provider = createDuffel({
    config: {
      enabled: true,
      url: mock.url,
      accessToken: mock.token,
      limits: { shopTimeoutMs: 5_000, readTimeoutMs: 3_000, writeTimeoutMs: 1_000 },
    },
    send: (request, signal) => {
      requests.push(request)
      return partner.send(request, signal)
    },
    clock,
  })
  const flights = provider.flights!
  let sequence = 0
  const offer = async (suits: (offer: FlightOffer) => boolean = () => true) => {
    const { offers } = await shop(flights, DUFFEL_QUERY, call)
    const wanted = offers.toSorted((a, b) => compareMoney(a.total, b.total)).find(suits)
    if (!wanted) throw new Error('no offer suits')
    requests.length = 0
    return wanted
  }
  const order = (wanted: FlightOffer, familyName = 'SANTOSO'): FlightOrder => {
    sequence += 1
    return {
      reference: `FWDESK${seed}${sequence}`,
      offer: wanted,
      passengers: [
        {
          type: 'adult',
          title: 'mr',
          givenName: 'BUDI',
          familyName,
          bornOn: parseLocalDate('1990-04-18'),
          gender: 'male',
          document: null,
        },
      ],
      contact: { email: 'budi@example.com', phone: '+62812345678' },
    }
  }
  return {
    mock,
    clock,
    provider,
    flights,
    requests,
    call,
    offer,
    order,
    booked: async (suits, familyName) => okay(await flights.book(order(await offer(suits), familyName), call)),
    close: async () => {
      await partner.close()
      await mock.close()
    },
  }
}

/** What a write that had to go well brought. */
export function okay<T>(outcome: WriteOutcome<T>): T {
  if (outcome.outcome !== 'ok') throw new Error(`expected ok, got ${JSON.stringify(outcome)}`)
  return outcome.value
}

/** An adapter whose Duffel answers what the test says, and the requests it got, as "POST /air/payments". */
export function answeringDuffel(answer: (path: string, request: PartnerRequest) => { status: number; body: unknown }) {
  const paths: string[] = []
  const send: Send = async (request) => {
    const path = request.url.replace('http://duffel', '')
    paths.push(`${request.method} ${path}`)
    const { status, body } = answer(path, request)
    return toPartnerReply(status, {}, Buffer.from(JSON.stringify(body)))
  }
  const clock = createStoppedClock('2026-11-21T08:00:00Z')
  return { paths, flights: createDuffel({ config: { enabled: true, url: 'http://duffel', accessToken: 'token' }, send, clock }).flights! }
}
