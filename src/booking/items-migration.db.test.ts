import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOldDatabase, type OldDatabase } from '../../test/support/old-database.ts'
import { createPostgres } from '../platform/postgres.ts'
import { nextStep } from './machine/index.ts'
import { findBooking } from './store.ts'

let database: OldDatabase

beforeAll(async () => {
  database = await createOldDatabase()
})
afterAll(() => database.close())

type Tried = readonly [operation: string, state: string, reason?: string]

/** A booking as the release before left it, with what had been tried for it. */
const old: readonly { word: string; status: string; payAt?: string; failure?: string; tried: readonly Tried[] }[] = [
  { word: 'placed', status: 'PENDING_PAYMENT', tried: [] },
  { word: 'unpaid', status: 'CANCELLED', tried: [] },
  { word: 'paid', status: 'PAID', tried: [] },
  { word: 'sent', status: 'PENDING_TICKET', tried: [['book', 'sent']] },
  {
    word: 'unknown',
    status: 'PENDING_TICKET',
    tried: [
      ['book', 'ok'],
      ['ticket', 'unknown'],
    ],
  },
  { word: 'reserved', status: 'PENDING_TICKET', tried: [['book', 'ok']] },
  { word: 'unreached', status: 'PENDING_TICKET', tried: [['book', 'rejected', 'not_sent']] },
  { word: 'repriced', status: 'PENDING_TICKET', tried: [['book', 'rejected', 'price_changed']] },
  {
    word: 'refused',
    status: 'PENDING_TICKET',
    tried: [
      ['book', 'ok'],
      ['ticket', 'rejected', 'declined'],
    ],
  },
  {
    word: 'giving',
    status: 'PENDING_TICKET',
    tried: [
      ['book', 'ok'],
      ['ticket', 'rejected', 'declined'],
      ['cancel', 'sent'],
    ],
  },
  {
    word: 'ticketed',
    status: 'TICKETED',
    tried: [
      ['book', 'ok'],
      ['ticket', 'ok'],
    ],
  },
  { word: 'refunding', status: 'REFUND_PENDING', failure: 'sold_out', tried: [['book', 'rejected', 'sold_out']] },
  { word: 'refunded', status: 'REFUNDED', failure: 'no_answer', tried: [['book', 'abandoned', 'no_answer']] },
  { word: 'house', status: 'TICKETED', payAt: 'property', tried: [['book', 'ok']] },
  { word: 'full', status: 'CANCELLED', payAt: 'property', failure: 'sold_out', tried: [['book', 'rejected', 'sold_out']] },
]

test('what was sold before there were items goes on exactly where it was', async () => {
  const idOf = (word: string) => `bkg_${word.replaceAll(/[^0-9a-hjkmnp-tv-z]/g, '0').padEnd(26, '0')}`
  for (const [index, { word, status, payAt, failure, tried }] of old.entries()) {
    const offer = payAt ? { id: 'off', provider: 'fake', kind: 'stay', payAt } : { id: 'off', provider: 'fake', slices: [] }
    await database.owner.query(
      `insert into booking.bookings (id, reference, status, total_amount, currency, provider, offer_id, passengers, flight_segments, items,
         contact_details, sealed_passengers, placed_by, payment_required_by, failure_reason, payment_id)
       values ($1, $2, $3, 41250, 'USD', 'fake', 'off', '[]', '[]', $4, '{}', '', $2, now(), $5, 'pay_1')`,
      [idOf(word), `FW-${index}`, status, JSON.stringify([offer]), failure ?? null],
    )
    for (const [number, [operation, state, reason]] of tried.entries())
      await database.owner.query(
        `insert into booking.attempts (id, booking_id, operation, provider, reference, offer, state, reason, sent_at, horizon_at)
         values ($1, $2, $3, 'fake', $4, '{}', $5, $6, now() + $7 * interval '1 second', now())`,
        [`att_${index}_${number}`, idOf(word), operation, `FW-${index}-1`, state, reason ?? null, number],
      )
  }
  await database.migrate('0009-booking-items')

  const { db, close } = createPostgres({ url: database.url, connectionsMax: 2 })
  try {
    const found = await Promise.all(old.map(async ({ word }) => [word, (await findBooking(db, idOf(word)))!] as const))
    const next = Object.fromEntries(found.map(([word, booking]) => [word, nextStep(booking).do]))
    expect(next).toEqual({
      ...{ placed: 'nothing', unpaid: 'nothing', paid: 'book', sent: 'wait', unknown: 'wait', reserved: 'ticket', unreached: 'resend' },
      ...{ repriced: 'requote', refused: 'cancel', giving: 'wait', ticketed: 'nothing', refunding: 'nothing', refunded: 'nothing' },
      ...{ house: 'nothing', full: 'nothing' },
    })
    const [, refunding] = found.find(([word]) => word === 'refunding')!
    expect(refunding).toMatchObject({ failureReason: 'sold_out', items: [{ payment: 'paid', position: 'refused', refund: 'requested' }] })
    const [, house] = found.find(([word]) => word === 'house')!
    expect(house.items).toMatchObject([{ payment: 'at_property', position: 'ticketed', isPaidAtProperty: true }])
    const [, refunded] = found.find(([word]) => word === 'refunded')!
    expect(refunded.items).toMatchObject([{ position: 'left_over', refund: 'completed' }])
  } finally {
    await close()
  }
})
