import type { Booking } from '../../src/booking/index.ts'
import { Problem } from '../../src/kernel/problems.ts'
import { plusMs } from '../../src/kernel/time.ts'
import type { StartedPayment } from '../../src/payments/index.ts'
import { CONTACT, offerOf, priceOf, travellersOf } from './goods.ts'
import type { Session } from './gateway.ts'
import type { Violation } from './invariants.ts'
import { start, stateOf, type Clients, type World } from './scene.ts'
import type { TaskEnd } from './scheduler.ts'

/** A traveller with a browser: orders once, clicks as often as it takes, pays if it likes. */
type Client = {
  readonly seats: number
  /** One flight, or two that are had both or not at all. */
  readonly offerIds: readonly string[]
  bookingId: string | null
  /** How many requests to place or to pay are under way. */
  placing: number
  paying: number
  attempts: number
  /** Payment pages it has been sent to. */
  readonly pages: Set<string>
  hasGivenUp: boolean
  /** Pays when it is too late. */
  readonly isSlow: boolean
}

const VERIFIED_MS = 15 * 60_000
const OFFERS = [1, 2].map((seats) => offerOf('off_', seats))

export function createClients(): Clients {
  const clients: Client[] = []
  let violation: Violation | null = null

  function place(world: World, client: Client, subject: number, process: number): void {
    client.placing += 1
    const onEnd = (end: TaskEnd): void => {
      client.placing -= 1
      if (end.ended === 'failed' && end.error instanceof Problem) client.hasGivenUp = true
      if (end.ended !== 'done') return
      const { id } = end.value as Booking
      if (client.bookingId !== null && client.bookingId !== id)
        violation = { invariant: 'I8', detail: `one request placed both ${client.bookingId} and ${id}` }
      client.bookingId = id
    }
    start(world, { name: 'place', subject, process, onEnd }, () =>
      world.system.bookings.place({
        offerIds: client.offerIds,
        expectedTotal: priceOf(client.seats * client.offerIds.length),
        travellers: { passengers: travellersOf(client.seats), guests: [] },
        contact: CONTACT,
        userId: null,
        placedBy: `client ${subject}`,
      }),
    )
  }

  function pay(world: World, client: Client, subject: number, facts: { process: number; attemptKey: string }): void {
    client.paying += 1
    const onEnd = (end: TaskEnd): void => {
      client.paying -= 1
      if (end.ended === 'failed' && end.error instanceof Problem && end.error.code !== 'payment-gateway-unavailable') client.attempts += 1
      if (end.ended !== 'done') return
      const started = end.value as StartedPayment
      if (started.redirectUrl !== null) client.pages.add(started.paymentId)
    }
    start(world, { name: 'pay', subject, process: facts.process, onEnd }, () =>
      world.system.bookings.pay({
        bookingId: client.bookingId!,
        expectedTotal: priceOf(client.seats * client.offerIds.length),
        returnPath: '/trips/1',
        attemptKey: facts.attemptKey,
      }),
    )
  }

  const pagesOf = (world: World): Session[] =>
    world.system.gateway.books.sessions.filter((session) => clients.some((client) => client.pages.has(session.paymentId)))

  return {
    reset: (world, choice) => {
      const { system } = world
      clients.length = 0
      violation = null
      const count = choice % 10 < 7 ? 1 : 2
      const isShared = count === 2 && ((choice >>> 4) & 3) === 1
      for (let i = 0; i < count; i += 1) {
        const first = isShared ? clients[0] : undefined
        const seats = first?.seats ?? ((choice >>> (6 + i)) & 1) + 1
        const flights = ((choice >>> (23 + 2 * i)) & 3) === 1 ? 2 : 1
        const offerIds = first?.offerIds ?? Array.from({ length: flights }, (_, number) => `off_${i}_${number}`)
        const isSlow = ((choice >>> 19) & 7) === 1
        const fresh = { bookingId: null, placing: 0, paying: 0, attempts: 0, pages: new Set<string>(), hasGivenUp: false }
        clients.push({ seats, offerIds, isSlow, ...fresh })
        if (first) continue
        for (const id of offerIds) {
          const offer = { ...OFFERS[seats - 1]!, id }
          const verified = {
            offer,
            total: offer.total,
            verifiedAt: system.time.now,
            bookableUntil: plusMs(system.time.now, VERIFIED_MS),
            isPrivate: isShared,
          }
          system.tables.offers.cells.push({ committed: { verified, bookingId: null }, pending: undefined, owner: null })
        }
      }
      const wanted = clients.reduce((sum, client) => sum + client.seats * client.offerIds.length, 0)
      system.supplier.books.stock = [wanted + 2, wanted + 2, wanted - 1, 0][(choice >>> 8) & 3]!
      system.policy.latePayment = ((choice >>> 27) & 1) === 1 ? 'refund' : 'reinstate'
      system.supplier.books.ticketsAtOnce = ((choice >>> 10) & 3) === 1
      for (const [i, process] of world.processes.entries()) {
        const dice = (choice >>> (12 + 2 * i)) & 3
        ;(process as { skewMs: number }).skewMs = ((choice >>> 20) & 7) === 1 ? [0, 0, 60_000, -60_000][dice]! : 0
      }
    },
    act: (world, [a, b, c]) => {
      for (let i = 0; i < clients.length; i += 1) {
        const subject = (a + i) % clients.length
        const client = clients[subject]!
        if (client.hasGivenUp && client.bookingId === null) continue
        const process = c & 1
        const isEager = b < 40
        if (client.bookingId === null) {
          if (client.placing > (isEager ? 2 : 0)) continue
          world.coverage.note(stateOf(world, subject), 'place', client.placing > 0 ? 'double_click' : 'none')
          place(world, client, subject, process)
          return true
        }
        if (client.paying > (isEager ? 2 : 0) || (client.pages.size > 0 && !isEager) || client.attempts > 4) continue
        const fault = b < 14 ? 'other_key' : client.paying > 0 || client.pages.size > 0 ? 'double_click' : 'none'
        if (fault === 'other_key') client.attempts += 1
        world.coverage.note(stateOf(world, subject), 'pay', fault)
        pay(world, client, subject, { process, attemptKey: `key ${client.attempts}` })
        return true
      }
      return false
    },
    actOnPage: (world, [a, b, c]) => {
      const { gateway } = world.system
      const pages = pagesOf(world).filter(({ state, paymentId }) => {
        if (state === 'paid' || state === 'failed') return false
        const isSlow = clients.some((client) => client.isSlow && client.pages.has(paymentId))
        return isSlow ? state === 'expired' : state !== 'expired' || c % 8 === 0
      })
      if (pages.length === 0) return false
      const session = pages[a % pages.length]!
      const subject = clients.findIndex((client) => client.pages.has(session.paymentId))
      const state = stateOf(world, subject)
      const say = (event: string, fault: string): void => {
        world.coverage.note(state, event, fault)
        world.tell?.(`the customer: ${event}${fault === 'none' ? '' : ` (${fault})`}`)
      }
      if (session.state === 'expired') {
        say('page.captureLate', 'none')
        gateway.capture(session, session.amount.amount)
      } else if (b < 16) {
        say('page.decline', 'none')
        gateway.decline(session)
      } else if (b < 24) {
        say('page.capture', 'underpaid')
        gateway.capture(session, session.amount.amount - 100)
      } else if (b < 64 && session.state === 'open') {
        say('page.submit', 'none')
        gateway.submit(session)
      } else {
        say('page.capture', 'none')
        gateway.capture(session, session.amount.amount)
      }
      return true
    },
    calmDown: (world) => {
      for (const process of world.processes) (process as { skewMs: number }).skewMs = 0
      for (const session of world.system.gateway.books.sessions)
        if (session.state === 'processing') world.system.gateway.capture(session, session.amount.amount)
      world.system.supplier.books.surcharge = 0
    },
    booking: (world, subject) => {
      const id = clients[subject]?.bookingId
      if (id == null) return undefined
      for (const { committed: row } of world.system.tables.bookings.cells) if (row?.booking.id === id) return row.booking
      return undefined
    },
    subjectOf: (_world, bookingId) => clients.findIndex((client) => client.bookingId !== null && client.bookingId === bookingId),
    subjectOfPayment: (world, paymentId) => {
      for (const { committed: row } of world.system.tables.payments.cells)
        if (row?.payment.id === paymentId) return clients.findIndex((client) => client.bookingId === row.payment.bookingId)
      return -1
    },
    violation: () => violation,
  }
}
