import { plusDays, systemClock, utcDate } from '../../src/kernel/time.ts'
import { CONTACT } from '../../src/providers/conformance-shared.ts'
import { passengersFor } from '../../src/providers/conformance.ts'
import { readShopReply, type Call, type Provider, type WriteOutcome } from '../../src/providers/contract.ts'
import { guestsFor } from '../../src/providers/stay-conformance.ts'
import type { FlightQuery } from '../../src/travel/flight.ts'
import type { TapedProvider } from './tape.ts'
import type { PartnerReply } from '../../src/platform/partner.ts'

/** One operation, with what the supplier replied when it went well. `work` may be done again with other replies. */
export type Scene = {
  readonly name: string
  readonly isWrite: boolean
  readonly replies: readonly PartnerReply[]
  readonly work: () => Promise<unknown>
}

/** Routes of which every seller of flights flies one. */
const ROUTES = ['LHR JFK', 'SIN LHR', 'CGK NRT', 'BKK ICN', 'CGK DPS'].map((route) => route.split(' ') as [string, string])
const call = (): Call => ({ signal: new AbortController().signal })

/** The life of a reservation, played once against the mock: a scene for each operation. */
export async function playScenes(taped: TapedProvider): Promise<Scene[]> {
  const { flights, stays } = taped.provider
  return [...(flights ? await flightScenes(taped, flights) : []), ...(stays ? await stayScenes(taped, stays) : [])]
}

type Stage = { readonly scenes: Scene[]; readonly act: <T>(name: string, isWrite: boolean, work: () => Promise<T>) => Promise<T> }

function stageOf({ record }: TapedProvider, kind: string): Stage {
  const scenes: Scene[] = []
  const act = async <T>(name: string, isWrite: boolean, work: () => Promise<T>): Promise<T> => {
    const { result, replies } = await record(work)
    scenes.push({ name: `${kind} ${name}`, isWrite, replies, work })
    return result
  }
  return { scenes, act }
}

async function flightScenes(taped: TapedProvider, flights: NonNullable<Provider['flights']>): Promise<Scene[]> {
  const { scenes, act } = stageOf(taped, 'flights')
  const query = await soldBy(taped)
  const { offers } = await act('shop', false, async () => readShopReply(taped.provider, query, await flights.shop(query, call())))
  const offer = offers.find(({ slices }) => slices.every(({ segments }) => segments.length === 1)) ?? offers[0]!
  const priced = await act('price', false, () => flights.price(offer, call()))
  if (priced.outcome !== 'priced') throw new Error(`the mock of ${taped.provider.id} does not sell its own offer`)
  const order = { reference: 'FWFUZZ0001', offer: priced.offer, passengers: passengersFor(query, 1), contact: CONTACT }
  const reservation = valueOf(await act('book', true, () => flights.book(order, call())))
  await act('find', false, () => flights.find(order, call()))
  let held = await act('retrieve', false, () => flights.retrieve(reservation.supplierRef, call()))
  if (flights.ticket) {
    const ticket = { reference: order.reference, reservation, total: order.offer.total }
    valueOf(await act('ticket', true, () => flights.ticket!(ticket, call())))
    held = await flights.retrieve(reservation.supplierRef, call())
  }
  valueOf(await act('cancel', true, () => flights.cancel(held, call())))
  return scenes
}

async function stayScenes(taped: TapedProvider, stays: NonNullable<Provider['stays']>): Promise<Scene[]> {
  const { scenes, act } = stageOf(taped, 'stays')
  const { properties } = await act('content', false, () => stays.content(null, call()))
  const checkIn = plusDays(utcDate(systemClock.now()), 30)
  const query = {
    properties: properties.slice(0, Math.min(20, stays.propertiesMax)).map(({ code }) => code),
    ...{ checkIn, checkOut: plusDays(checkIn, 2), rooms: [{ adults: 2, childAges: [] }], guestCountry: 'DE', currency: 'EUR' as const },
  }
  const { offers } = await act('shop', false, async () => {
    const reply = await stays.shop(query as never, call())
    return 'unread' in reply ? stays.readShop!(reply, query as never) : reply
  })
  const offer = offers.find(({ isPackageOnly }) => !isPackageOnly)!
  const priced = await act('price', false, () => stays.price(offer, call()))
  if (priced.outcome !== 'priced') throw new Error(`the mock of ${taped.provider.id} does not sell its own room`)
  const order = { reference: 'FWFUZZ0002', offer: priced.offer, guests: guestsFor(query as never, 1), contact: CONTACT }
  const reservation = valueOf(await act('book', true, () => stays.book(order, call())))
  await act('find', false, () => stays.find(order, call()))
  const held = await act('retrieve', false, () => stays.retrieve(reservation.supplierRef, call()))
  valueOf(await act('cancel', true, () => stays.cancel(held, call())))
  return scenes
}

/** A search that the mock answers with offers. */
async function soldBy({ provider }: TapedProvider): Promise<FlightQuery> {
  const departureDate = plusDays(utcDate(systemClock.now()), 30)
  for (const [origin, destination] of ROUTES) {
    const query: FlightQuery = {
      slices: [{ origin, destination, departureDate }],
      passengers: { adults: 1, children: 0, infants: 0 },
      cabin: 'economy',
    }
    try {
      const { offers } = readShopReply(provider, query, await provider.flights!.shop(query, call()))
      if (offers.length > 0) return query
    } catch {
      continue
    }
  }
  throw new Error(`the mock of ${provider.id} flies none of the routes`)
}

function valueOf<T>(outcome: WriteOutcome<T>): T {
  if (outcome.outcome !== 'ok') throw new Error(`expected ok, got ${JSON.stringify(outcome)}`)
  return outcome.value
}
