import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFakeGateway } from '../../../test/support/fake-gateway.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { money } from '../../kernel/money.ts'
import { createStoppedClock, plusMs, utcDate } from '../../kernel/time.ts'
import { createPayments, paymentsStore, writeOffLedger } from '../../payments/index.ts'
import { postgresRecords } from '../../platform/records.ts'
import { timerWaits } from '../../platform/waits.ts'
import { createReconciliation } from './index.ts'
import type { MoneyLine } from './sources.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

/** What may happen to a line on its way into the gateway's statement. `nameless` ones are ours all the same. */
const FATES = ['as it is', 'missing', 'another amount', 'another currency', 'twice', 'nameless', 'under its own name only'] as const
const anyFact = fc.record({
  amount: fc.integer({ min: 100, max: 500_000 }),
  currency: fc.constantFrom('USD', 'EUR', 'IDR', 'JPY'),
  isRefunded: fc.boolean(),
  fate: fc.constantFrom(...FATES),
  refundFate: fc.constantFrom(...FATES),
})
const anyStranger = fc.record({
  kind: fc.constantFrom('payment' as const, 'refund' as const, 'chargeback' as const),
  amount: fc.integer({ min: 100, max: 500_000 }),
})

type Fact = { readonly line: MoneyLine; readonly id: string; readonly fate: (typeof FATES)[number] }

test('of whatever ledger and whatever statement, exactly the differences that were put in are found, and are gone when they are mended', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyFact, { maxLength: 8 }), fc.array(anyStranger, { maxLength: 3 }), async (wanted, strangers) => {
      const clock = createStoppedClock('2026-11-20T12:00:00Z')
      const gateway = { ...createFakeGateway(), id: `gateway_${randomUUID()}` }
      const ports = { db: database.db, records: postgresRecords, waits: timerWaits, clock }
      const payments = createPayments({ ...ports, store: paymentsStore, gateways: [gateway], publicUrl: 'https://shop.example' })
      const facts: Fact[] = []
      for (const [index, one] of wanted.entries()) {
        // Every amount is another: a nameless line can then be told from the others.
        const amount = money(one.amount * 10 + index, one.currency)
        const bookingId = `bkg_${randomUUID()}`
        const { paymentId } = await payments.start({
          ...{ bookingId, amount, description: 'A trip', customerEmail: 'a@example.com', attemptKey: randomUUID() },
          ...{ expiresAt: plusMs(clock.now(), 1_800_000), returnUrl: '/trips', cancelUrl: '/trips' },
        })
        gateway.pay(paymentId)
        await payments.sync(paymentId)
        const at = clock.now()
        const theirs = (await payments.find(paymentId))!.providerPaymentRef!
        const line = {
          kind: 'payment',
          lineId: `${paymentId}-line`,
          clientRef: paymentId,
          providerRef: theirs,
          gross: amount,
          fee: null,
          at,
        } as const
        facts.push({ id: `${paymentId}:succeeded`, line, fate: one.fate })
        if (!one.isRefunded) continue
        const refund = await database.db
          .transaction()
          .execute((tx) => payments.requestRefund(tx, { paymentId, bookingId, amount, reason: 'sold_out' }))
        await payments.sendRefund(refund.id)
        const { providerRef } = (await payments.findRefund(refund.id))!
        facts.push({
          id: `${refund.id}:completed`,
          line: { ...line, kind: 'refund', lineId: `${refund.id}-line`, clientRef: refund.id, providerRef },
          fate: one.refundFate,
        })
      }
      const others = strangers.map(({ kind, amount }, index): MoneyLine => {
        const name = `stranger-${index}-${randomUUID()}`
        return { kind, lineId: name, clientRef: name, providerRef: name, gross: money(amount, 'USD'), fee: null, at: clock.now() }
      })

      const expected = [
        ...facts.flatMap(({ id, line, fate }) => {
          if (fate === 'missing') return [`missing_at_gateway ${id}`]
          if (fate === 'another amount') return [`amount_differs ${line.lineId}`]
          if (fate === 'another currency') return [`currency_differs ${line.lineId}`]
          // A nameless line is found by its amount and time, one under the provider's own name by that.
          return fate === 'twice' ? [`duplicate ${line.lineId}-again`] : []
        }),
        ...others.map((line) => `missing_with_us ${line.lineId}`),
      ]
      const spoilt = [...facts.flatMap(spoil), ...others]
      let statement: readonly MoneyLine[] = spoilt.toReversed()
      const reconciliation = createReconciliation({
        ...{ db: database.db, clock, suppliers: [], ledger: writeOffLedger, isDaily: false, breakHours: 24 },
        gateways: [
          {
            id: gateway.id,
            listSettled: async function* () {
              yield* statement
            },
          },
        ],
      })
      const found = async () => {
        const rows = await database.db
          .selectFrom('reporting.breaks')
          .select(['kind', 'key'])
          .where('source', '=', gateway.id)
          .where('state', '=', 'open')
          .execute()
        return new Set(rows.map((row) => `${row.kind} ${row.key}`))
      }
      const day = utcDate(clock.now())
      await reconciliation.run(day, 'test')
      expect(await found()).toEqual(new Set(expected))
      expect(await reconciliation.run(day, 'test'), 'the same day again').toMatchObject({ opened: 0, settled: 0 })
      expect(await found()).toEqual(new Set(expected))
      // A reference decides against an amount, whichever came first.
      statement = facts.map(({ line }) => line)
      expect(await reconciliation.run(day, 'test')).toMatchObject({ opened: 0, settled: expected.length })
      expect(await found()).toEqual(new Set())
    }),
    { numRuns: 15, ...(process.env['FAST_CHECK_SEED'] && { seed: Number(process.env['FAST_CHECK_SEED']) }) },
  )
}, 120_000)

function spoil({ line, fate }: Fact): MoneyLine[] {
  switch (fate) {
    case 'as it is':
      return [line]
    case 'missing':
      return []
    case 'another amount':
      return [{ ...line, gross: money(line.gross.amount + 1, line.gross.currency) }]
    case 'another currency':
      return [{ ...line, gross: money(line.gross.amount, line.gross.currency === 'EUR' ? 'USD' : 'EUR') }]
    case 'twice':
      return [line, { ...line, lineId: `${line.lineId}-again`, at: plusMs(line.at, 1_000) }]
    case 'nameless':
      return [{ ...line, clientRef: null, providerRef: null, at: plusMs(line.at, -60_000) }]
    case 'under its own name only':
      return [{ ...line, clientRef: null }]
  }
}
