import { randomUUID } from 'node:crypto'
import type { BookingView, PaymentView, Reply } from '../../demo/client.ts'
import { bookingBody } from '../../demo/journey.ts'
import { holdUp } from '../hold-up.ts'
import type { Row } from '../row.ts'

const CLICKS = 20

/** F20: the same request many times at once, at both APIs. */
export const clickRows: readonly Row[] = [
  {
    id: 'F20',
    fault: `${CLICKS} clicks at once on "book" and on "pay", under one key and under new ones`,
    run: async ({ stack, travellers }) => {
      const [offer] = await travellers.verified(1)
      const journey = await travellers.book(offer!)
      const key = randomUUID()
      const body = bookingBody(offer!, journey.traveller)
      const clicks = async <T extends { id: string }>(path: string, sent: unknown, keyOf: () => string): Promise<Set<string>> => {
        const replies = await Promise.all(Array.from({ length: CLICKS }, () => travellers.post<T>(path, sent, { key: keyOf() })))
        return new Set(
          replies.map((reply: Reply<T> | null) => (reply && reply.status < 300 ? reply.body.id : `${reply?.status ?? 'nothing'}`)),
        )
      }
      const bookings = await clicks<BookingView>('/v1/bookings', body, () => key)
      const broken = bookings.size === 1 ? [] : [`one key made ${[...bookings].join(', ')}`]
      const pay = `/v1/bookings/${journey.booking!.id}/payments`
      const wanted = { expected_total: journey.booking!.total }
      // Under new keys first, all at the same write: then nothing but the database keeps a second page from being opened.
      let clicking: Promise<Set<string>> = Promise.resolve(new Set())
      const waiting = await holdUp({
        stack,
        table: 'payments.payments',
        at: '^insert into "payments"."payments"',
        waiters: 6,
        begin: async () => void (clicking = clicks<PaymentView>(pay, wanted, randomUUID)),
      })
      const others = await clicking
      if (waiting < 2) broken.push('the clicks did not meet')
      const oneKey = randomUUID()
      const payments = await clicks<PaymentView>(pay, wanted, () => oneKey)
      const all = new Set([...payments, ...others])
      if (all.size !== 1) broken.push(`paying led to ${[...all].join(', ')}`)
      await travellers.openPayment(journey)
      travellers.pay(journey)
      return { broken }
    },
    control: {
      without: 'the unique index payments_one_open',
      disarm: async (stack) => {
        await stack.sql('drop index payments.payments_one_open')
        return async () => {
          await stack.sql(
            `update payments.payments set status = 'expired', version = version + 1, next_check_at = null where status = 'open'`,
          )
          await stack.sql(`create unique index payments_one_open on payments.payments (booking_id) where status = 'open'`)
        }
      },
      shows: ({ detail }) => detail.startsWith('paying led to'),
    },
  },
]
