import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createFakeGateway } from '../../../test/support/fake-gateway.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { isLocalDate, type LocalDate } from '../../kernel/time.ts'
import { money } from '../../kernel/money.ts'
import type { PaymentGateway } from '../gateways/contract.ts'
import { statementByQuery } from './by-query.ts'

const DAY = toDay('2026-11-20')

let database: TestDatabase
/** Which payments were asked about, and how many at most at a time. */
let asked: string[]
let most: number

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(() => {
  asked = []
  most = 0
})

function toDay(text: string): LocalDate {
  if (!isLocalDate(text)) throw new RangeError(text)
  return text
}

/** A gateway that has everything that it is asked about, and takes a moment to say so. */
function gatewayOf(id: string): PaymentGateway {
  let busy = 0
  return {
    ...createFakeGateway(id),
    query: async ({ paymentId, amount }) => {
      asked.push(paymentId)
      busy += 1
      most = Math.max(most, busy)
      await new Promise((resolve) => setTimeout(resolve, 1))
      busy -= 1
      return { outcome: 'ok', value: { state: 'paid', captured: amount, providerPaymentRef: `pi_${paymentId}`, failureCode: null } }
    },
  }
}

/** Writes a payment straight into the books. */
async function payment(
  id: string,
  of: { provider: string; status: string; created: string; ends: string; captured?: string },
): Promise<void> {
  await sql`insert into payments.payments (id, booking_id, attempt_key, provider, status, amount, currency, client_ref, provider_ref,
      provider_payment_ref, expires_at, provider_expires_at, captured_at, created_at)
    values (${id}, ${`bkg_${id}`}, 'k', ${of.provider}, ${of.status}, 1000, 'VND', ${id}, ${`cs_${id}`}, ${`pi_${id}`}, ${of.ends}::timestamptz,
      ${of.ends}::timestamptz, ${of.captured ?? null}::timestamptz, ${of.created}::timestamptz)`.execute(database.db)
}

async function read(gateway: PaymentGateway, signal = AbortSignal.timeout(60_000), watched: readonly string[] = []) {
  const lines = []
  for await (const line of statementByQuery({ db: database.db, gateway }, DAY, { signal, watched })) lines.push(line)
  return lines
}

describe('a statement of questions', () => {
  test('tells every payment of the day once, page by page, and asks at most four at a time', async () => {
    await sql`insert into payments.payments (id, booking_id, attempt_key, provider, status, amount, currency, client_ref, provider_ref,
        provider_payment_ref, expires_at, provider_expires_at, captured_at, created_at)
      select 'pay_' || lpad(n::text, 4, '0'), 'bkg_' || n, 'k', 'many', 'captured', 1000 + n, 'VND', 'pay_' || lpad(n::text, 4, '0'), 'cs_' || n, 'pi_' || n,
        '2026-11-20T12:30:00Z', '2026-11-20T12:30:00Z', '2026-11-20T12:00:00Z', '2026-11-20T12:00:00Z'
      from generate_series(1, 307) n`.execute(database.db)
    const lines = await read(gatewayOf('many'))
    expect(lines).toHaveLength(307)
    expect(new Set(lines.map((line) => ('untold' in line ? '' : line.clientRef))).size).toBe(307)
    expect(lines[41]).toMatchObject({ kind: 'payment', clientRef: 'pay_0042', gross: money(1_042, 'VND') })
    expect(asked).toHaveLength(307)
    expect(most).toBeLessThanOrEqual(4)
    expect(most).toBeGreaterThan(1)
  })

  test('asks about what was paid on the day, and about what may have been, and about nothing else', async () => {
    const some = { provider: 'some', status: 'expired', created: '2026-11-20T10:00:00Z', ends: '2026-11-20T10:30:00Z' }
    await payment('pay_paid', { ...some, status: 'captured', captured: '2026-11-20T23:59:59Z' })
    await payment('pay_paid_before', { ...some, status: 'captured', captured: '2026-11-19T23:59:59Z' })
    await payment('pay_paid_after', { ...some, status: 'captured', captured: '2026-11-21T00:00:00Z' })
    await payment('pay_ended', some)
    await payment('pay_open', { ...some, status: 'open', ends: '2026-11-25T10:00:00Z' })
    await payment('pay_ended_yesterday', { ...some, created: '2026-11-19T10:00:00Z', ends: '2026-11-19T10:30:00Z' })
    await payment('pay_ended_long_ago', { ...some, created: '2026-11-18T10:00:00Z', ends: '2026-11-18T10:30:00Z' })
    await payment('pay_tomorrow', { ...some, created: '2026-11-21T00:00:00Z', ends: '2026-11-21T00:30:00Z' })
    await payment('pay_of_another', { ...some, provider: 'other' })
    await read(gatewayOf('some'))
    const ofDay = ['pay_ended', 'pay_ended_yesterday', 'pay_open', 'pay_paid']
    expect(asked.toSorted((a, b) => a.localeCompare(b))).toEqual(ofDay)
    asked = []
    await read(gatewayOf('some'), undefined, ['pay_paid_before', 'pay_paid', 'pay_of_another', 'pay_of_nobody'])
    expect(
      asked.toSorted((a, b) => a.localeCompare(b)),
      'and about what is watched',
    ).toEqual([...ofDay, 'pay_paid_before'])
  })

  test('asks no more once nobody reads it', async () => {
    const lines = statementByQuery({ db: database.db, gateway: gatewayOf('many') }, DAY, {
      signal: AbortSignal.timeout(60_000),
      watched: [],
    })
    for await (const line of lines) {
      expect(line).toMatchObject({ kind: 'payment' })
      break
    }
    expect(asked.length).toBeLessThan(20)
  })

  test('ends with its time, whatever is still to be asked', async () => {
    const over = new AbortController()
    const slow: PaymentGateway = {
      ...gatewayOf('many'),
      query: async (ref) => {
        asked.push(ref.paymentId)
        if (asked.length === 6) over.abort(new Error('the time is over'))
        return { outcome: 'unknown', cause: 'throttled', message: 'not so fast' }
      },
    }
    await expect(read(slow, over.signal)).rejects.toThrow(/aborted|the time is over/)
    expect(asked.length).toBeLessThan(20)
  })
})
