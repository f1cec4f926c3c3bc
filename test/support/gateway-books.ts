import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { money, type Money } from '../../src/kernel/money.ts'
import { createStoppedClock, plusMs, utcDate, type LocalDate } from '../../src/kernel/time.ts'
import { createPayments, paymentsStore, writeOffLedger, type Payments } from '../../src/payments/index.ts'
import { postgresRecords } from '../../src/platform/records.ts'
import { timerWaits } from '../../src/platform/waits.ts'
import type { Break } from '../../src/reporting/reconciliation/break-store.ts'
import type { ReconciliationDeps } from '../../src/reporting/reconciliation/deps.ts'
import { createReconciliation, type Reconciliation } from '../../src/reporting/reconciliation/index.ts'
import type { MoneyLine } from '../../src/reporting/reconciliation/sources.ts'
import { createFakeGateway, type FakeGateway } from './fake-gateway.ts'
import type { TestDatabase } from './postgres.ts'

export type GatewayBooks = ReturnType<typeof openGatewayBooks>

/** The ledger of one gateway, which no other test uses, and that gateway's statement, which a test writes. */
export function openGatewayBooks(database: TestDatabase) {
  const clock = createStoppedClock('2026-11-20T12:00:00Z')
  const gateway: FakeGateway = { ...createFakeGateway(), id: `gateway_${randomUUID()}` }
  const ports = { db: database.db, records: postgresRecords, waits: timerWaits, clock }
  const payments: Payments = createPayments({ ...ports, store: paymentsStore, gateways: [gateway], publicUrl: 'https://shop.example' })
  const statement: MoneyLine[] = []
  const day: LocalDate = utcDate(clock.now())
  const deps: ReconciliationDeps = {
    ...{ db: database.db, clock, suppliers: [], ledger: writeOffLedger, isDaily: false, breakHours: 24 },
    gateways: [
      {
        id: gateway.id,
        listSettled: async function* (asked) {
          yield* statement.filter((line) => utcDate(line.at) === asked)
        },
      },
    ],
  }
  const reconciliation: Reconciliation = createReconciliation(deps)
  let strangers = 0
  const of = async (state: Break['state']) =>
    (await reconciliation.listBreaks({ state, limit: 500 })).filter((one) => one.source === gateway.id)
  return {
    ...{ clock, gateway, payments, statement, day, deps, reconciliation },
    open: () => of('open'),
    writtenOff: () => of('written_off'),
    run: async (on = day) => {
      const done = await reconciliation.run(on, 'test')
      expect(done?.state, JSON.stringify(done)).toBe('done')
      return { opened: done!.opened, settled: done!.settled }
    },
    accept: (one: Break, change: { orderId?: string; agreed?: Money | null } = {}) =>
      reconciliation.breaks.writeOff({
        ...{ breakId: one.id, orderId: randomUUID(), reason: 'not worth a letter', by: 'mina, raj', agreed: one.difference, ...change },
      }),
    /** A line of nobody we know. */
    stranger: (amount: Money, kind: MoneyLine['kind'] = 'payment'): MoneyLine => {
      const name = `${gateway.id}-stranger-${(strangers += 1)}`
      return lineOf(kind, name, amount, { providerRef: name, at: clock.now() })
    },
    /** A payment that was made, and the line by which the gateway tells it. */
    pay: async (amount = money(10_000, 'EUR'), bookingId = `bkg_${randomUUID()}`) => {
      const { paymentId } = await payments.start({
        ...{ bookingId, amount, description: 'A trip', customerEmail: 'a@example.com', attemptKey: randomUUID() },
        ...{ expiresAt: plusMs(clock.now(), 1_800_000), returnUrl: '/trips', cancelUrl: '/trips' },
      })
      gateway.pay(paymentId)
      await payments.sync(paymentId)
      const providerRef = (await payments.find(paymentId))!.providerPaymentRef!
      return { paymentId, bookingId, line: lineOf('payment', paymentId, amount, { providerRef, at: clock.now() }) }
    },
    refund: async (paymentId: string, bookingId: string, amount: Money) => {
      const refund = await database.db
        .transaction()
        .execute((tx) => payments.requestRefund(tx, { paymentId, bookingId, amount, reason: 'sold_out' }))
      await payments.sendRefund(refund.id)
      const { providerRef } = (await payments.findRefund(refund.id))!
      return { refundId: refund.id, line: lineOf('refund', refund.id, amount, { providerRef, at: clock.now() }) }
    },
    /** By how much the ledger's account of the gateway differs from all that the gateway has told; nothing where they agree. */
    disagreement: async () => {
      const { rows } = await sql<{ currency: string; off: number }>`
        select currency, sum(amount)::bigint as off from (
          select currency, amount from payments.transactions where account = 'gateway' and payment_provider = ${gateway.id}
          union all
          select currency, case kind when 'payment' then - amount else amount end from reporting.statement_lines where source = ${gateway.id}
        ) told group by currency having sum(amount) <> 0`.execute(database.db)
      return rows
    },
    /** Postings that do not balance, and bookings that do not; empty. */
    unbalanced: async () => {
      const { rows } = await sql`
        select posting_id as name, currency from payments.transactions where payment_provider = ${gateway.id} group by posting_id, currency having sum(amount) <> 0
        union all
        select coalesce(booking_id, break_id), currency from payments.transactions where payment_provider = ${gateway.id}
        group by 1, 2 having sum(amount) <> 0`.execute(database.db)
      return rows
    },
    postings: async (breakId: string) => {
      const rows = await database.db
        .selectFrom('payments.transactions')
        .select(['posting_id', 'event_type', 'account', 'amount', 'currency'])
        .where('break_id', '=', breakId)
        .orderBy('position')
        .execute()
      return rows.map((row) => `${row.event_type} ${row.account} ${row.currency} ${row.amount}`)
    },
    item: (breakId: string) =>
      database.db.selectFrom('platform.work_items').select(['state', 'closed_by']).where('subject_id', '=', breakId).executeTakeFirst(),
  }
}

export function lineOf(kind: MoneyLine['kind'], ref: string, gross: Money, more: Pick<MoneyLine, 'providerRef' | 'at'>): MoneyLine {
  return { kind, lineId: `${ref}-line`, clientRef: ref, gross, fee: null, ...more }
}
