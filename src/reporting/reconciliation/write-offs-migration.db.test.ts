import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOldDatabase, type OldDatabase } from '../../../test/support/old-database.ts'
import { money } from '../../kernel/money.ts'
import { systemClock } from '../../kernel/time.ts'
import { writeOffLedger } from '../../payments/index.ts'
import { createPostgres } from '../../platform/postgres.ts'
import { createReconciliation } from './index.ts'
import { changesOf } from './write-off.ts'

/** Those between the release before and this one. */
const SINCE = [
  ...['0006-payment-gateways', '0007-work-items', '0008-reconciliation', '0009-booking-items', '0010-duplicate-bookings'],
  '0011-schedule-changes',
]

let database: OldDatabase

beforeAll(async () => {
  database = await createOldDatabase()
})
afterAll(() => database.close())

test('a difference of amounts that the release before had found can be posted, and what it wrote off stays a note', async () => {
  for (const migration of SINCE) await database.migrate(migration)
  const { owner } = database
  await owner.query(
    `insert into payments.payments (id, booking_id, attempt_key, provider, status, amount, currency, client_ref, expires_at, provider_expires_at)
     values ('pay_1', 'bkg_1', 'a', 'stripe', 'captured', 1000, 'EUR', 'pay_1', now(), now())`,
  )
  const entry = (id: string, account: string, amount: number) =>
    `('${id}', 'pay_1:succeeded', 'bkg_1', 'pay_1', '${account}', 'PAYMENT_SUCCESS', ${amount}, 'EUR', 'stripe')`
  const captured = `insert into payments.transactions (id, posting_id, booking_id, payment_id, account, event_type, amount, currency, payment_provider)
    values ${entry('txn_1', 'gateway', 1_000)}, ${entry('txn_2', 'customer_due', -1_000)}`
  await owner.query(
    `insert into reporting.reconciliation_runs (id, day, state, asked_by, requested_at, sources)
     values ('rec_1', '2026-11-20', 'done', 'x', now(), '[{"side":"gateway","source":"stripe","state":"compared","lines":1,"matched":1,"error":null}]')`,
  )
  await owner.query(
    `insert into reporting.statement_lines (side, source, line_id, day, kind, amount, currency, at, run_id)
     values ('gateway', 'stripe', 'line', '2026-11-20', 'payment', 900, 'EUR', now(), 'rec_1')`,
  )
  const difference = (id: string, kind: string, key: string, state: string) =>
    owner.query(
      `insert into reporting.breaks (id, side, source, kind, key, day, our_amount, our_currency, their_amount, their_currency, state,
         first_seen_at, last_seen_at, last_seen_run)
       values ($1, 'gateway', 'stripe', $2, $3, '2026-11-20', 1000, 'EUR', 900, 'EUR', $4, now(), now(), 'rec_1')`,
      [id, kind, key, state],
    )
  await difference('brk_open', 'amount_differs', 'line', 'open')
  await difference('brk_noted', 'duplicate', 'other', 'written_off')
  await database.migrate('0012-write-offs-and-statements')
  // Processes of the release before go on writing while it is replaced.
  await owner.query(captured)

  const postgres = createPostgres({ url: database.url, connectionsMax: 2 })
  const reconciliation = createReconciliation({
    ...{ db: postgres.db, clock: systemClock, gateways: [], suppliers: [], ledger: writeOffLedger, isDaily: false, breakHours: 24 },
  })
  const open = (await reconciliation.breaks.find('brk_open'))!
  expect(changesOf(open)).toEqual([{ account: 'gateway', amount: money(-100, 'EUR') }])
  expect(open).toMatchObject({ ourStatus: 'payment', theirStatus: 'payment', statement: null, writeOffs: 0 })
  const noted = (await reconciliation.breaks.find('brk_noted'))!
  expect(noted).toMatchObject({ state: 'written_off', writeOffs: 0 })
  expect(await reconciliation.entriesOf([open, noted])).toEqual([])
  const [run] = await reconciliation.runs({ limit: 1 })
  expect(run!.sources).toMatchObject([{ source: 'stripe', statement: 'books', untold: 0 }])
  await postgres.close()
})
