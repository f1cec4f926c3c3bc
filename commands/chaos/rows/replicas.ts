import { utcDate } from '../../../src/kernel/time.ts'
import { sellForDuffel } from '../duffel.ts'
import { startOperator } from '../operator.ts'
import { startReplica } from '../replica.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'
import { until } from '../until.ts'
import { idsOf } from './suppliers.ts'

const ENDED_MS = 40_000

/** F31: what was acknowledged is gone. */
export const replicaRows: readonly Row[] = [
  {
    id: 'F31',
    fault:
      'a replica is promoted without the last commits: payments, tickets, a refund and a booking that were acknowledged are gone (nothing is read from a lagging one: every statement goes to the primary)',
    isAlone: true,
    run: runPromotion,
  },
]

async function runPromotion(scene: RowScene): Promise<RowFacts> {
  const { stack, travellers, say } = scene
  // Before there is anything else to be had: these are sold for Testwire, whom everybody knows when this is over.
  const offers = await travellers.verified(4)
  const seller = await sellForDuffel(scene)
  const replica = await startReplica(stack.postgres)
  try {
    const strange = await seller.offer()
    const statusOf = async (ids: readonly string[], ...statuses: string[]): Promise<number> =>
      (await stack.sql('select from booking.bookings where id = any($1) and status = any($2)', [ids, statuses])).length
    const standing = await travellers.buy(offers[0]!)
    if (!(await until(async () => (await statusOf(idsOf([standing]), 'TICKETED')) === 1, ENDED_MS)))
      return { broken: ['nobody had a ticket'] }
    // Known to the replica as people who were shown where to pay.
    const paying = await Promise.all(
      offers
        .slice(1)
        .map(async (offer, at) => travellers.openPayment(await travellers.book(offer, travellers.next(at === 2 ? 'SOLDOUT' : undefined)))),
    )
    const [refunded] = idsOf(paying.slice(2))
    if (!(await replica.hasCaughtUp())) return { broken: ['the replica never followed'] }
    await replica.stopReceiving()
    const remembered = new Set(travellers.sent.map(({ key }) => key))
    for (const journey of paying) travellers.pay(journey)
    const lost = await travellers.buy(strange)
    const day = utcDate(stack.clock.now())
    const areOver = await until(
      async () =>
        (await statusOf(idsOf([...paying.slice(0, 2), lost]), 'TICKETED')) === 3 && (await statusOf([refunded!], 'REFUNDED')) === 1,
      ENDED_MS,
    )
    if (!areOver) return { broken: ['not everybody came to the end that was to be lost'] }
    await stack.postgres.kill()
    await replica.takeOver()
    const known = await statusOf(idsOf([lost]), 'TICKETED', 'PENDING_PAYMENT', 'PAID', 'PENDING_TICKET')
    const behind = await stack.sql(`select from chaos.history where id = any($1) and to_status = 'TICKETED'`, [idsOf(paying)])
    const isStanding = (await statusOf(idsOf([standing]), 'TICKETED')) === 1
    say(`the replica knows ${known} of 1 booking that was placed last, and ${behind.length} of 2 tickets that were issued last`)
    const faultEndedAt = stack.clock.now()
    const breaks = await compareBooks(scene, day, lost.payment?.id ?? '')
    return {
      faultEndedAt,
      broken: [
        ...(known === 0 && behind.length === 0 ? [] : ['the replica was not stale']),
        ...(isStanding ? [] : ['a ticket from before is gone too']),
        ...(breaks.isMoneyFound ? [] : ['money for a payment that is gone was not found']),
        ...(breaks.isTicketFound ? [] : ['a ticket of a booking that is gone was not found']),
      ],
      // The gateway has given the money back already, and says so when it is asked to again.
      mayWait: [refunded!],
      answersLost: travellers.sent.flatMap(({ key }) => (remembered.has(key) ? [] : [key])),
      figures: { bookings_lost: 1 - known, found_after_ms: breaks.foundMs },
    }
  } finally {
    await replica.close()
    await seller.leave()
  }
}

/** What only gateway and supplier know of is in their statements, and becomes a difference that is open. */
async function compareBooks(
  { stack, say }: RowScene,
  day: ReturnType<typeof utcDate>,
  payment: string,
): Promise<{ isMoneyFound: boolean; isTicketFound: boolean; foundMs: number }> {
  const operator = await startOperator(stack)
  try {
    const begun = performance.now()
    await operator.compared(day)
    const breaks = (await operator.breaks(day)).filter(({ kind }) => kind === 'missing_with_us')
    const intent = stack.gateway.control.ledger().find(({ reference }) => reference === payment)?.payment_intent
    const orders = stack.otherReservations().filter(({ tickets }) => tickets.some(({ status }) => status === 'live'))
    say(`${breaks.length} things that only others know of`)
    return {
      isMoneyFound: breaks.some(({ their_ref: theirs }) => theirs === intent),
      isTicketFound: breaks.some(({ their_ref: theirs }) => orders.some(({ id }) => id === theirs)),
      foundMs: Math.round(performance.now() - begun),
    }
  } finally {
    await operator.leave()
  }
}
