import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { askAll, fanOutTo } from '../../test/support/fan-out.ts'
import { nonstop } from '../../test/support/flight-offers.ts'
import { fakeSeller, sellerOf } from '../../test/support/fake-seller.ts'
import { createOperators, operatorGuard, problemDetails } from '../gateway/index.ts'
import { secret, type Secret } from '../platform/secret.ts'
import type { Provider } from '../providers/contract.ts'
import { ProviderError } from '../providers/errors.ts'
import { opsRoutes } from './ops-routes.ts'

const url = '/v1/ops/suppliers'
const token = secret('a-token-of-twenty-four-characters')
const authorization = `Bearer ${token.reveal()}`

let app: FastifyInstance
afterEach(() => app.close())

async function serve(providers: Provider[], shown: Secret | null = token): Promise<ReturnType<typeof fanOutTo>> {
  const fanOut = fanOutTo(providers, { deadlineMs: 6_000 })
  app = Fastify() as unknown as FastifyInstance
  await app.register(problemDetails)
  await app.register(opsRoutes, {
    prefix: '/v1',
    scorecard: fanOut.suppliers.scorecard,
    guard: operatorGuard(createOperators(shown && [{ name: 'operator', token: shown }])),
  })
  return fanOut
}

describe('GET /v1/ops/suppliers', () => {
  test('tells operators how each supplier does, and is never kept', async () => {
    const failing = fakeSeller('broken', () => Promise.reject(new ProviderError('broken', 'malformed', 'not XML')), {
      looks: { perMinuteMax: 400, perBookingMax: 10 },
    })
    const good = { ...sellerOf('good', [nonstop('GA', '1', 300)]), health: () => ({ breaker: 'closed' as const, active: 1, queued: 2 }) }
    const fanOut = await serve([good, failing])
    for (let i = 0; i < 3; i += 1) await askAll(fanOut)
    await fanOut.suppliers.noteBooking('good', 'bkg_1')
    await fanOut.suppliers.noteBooking('nobody', 'bkg_2')

    const reply = await app.inject({ url, headers: { authorization } })
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['cache-control']).toBe('no-store')
    const none = { calls: 0, hedged: 0, answered: 0, late: 0, timed_out: 0, failed: 0, throttled: 0 }
    expect(reply.json()).toEqual({
      data: [
        {
          provider: 'good',
          name: 'Good',
          breaker: 'closed',
          active: 0,
          waiting: 0,
          bulkhead: { active: 1, queued: 2 },
          samples: 3,
          p50_ms: null,
          p95_ms: null,
          deadline_ms: 2_000,
          offers_p50: 1,
          last_five_minutes: { ...none, calls: 3, answered: 3 },
          last_hour: { ...none, calls: 3, answered: 3 },
          look_to_book: {
            looks_today: 3,
            bookings_today: 1,
            looks_last_day: 3,
            bookings_last_day: 1,
            looks_per_booking: 3,
            left_in_day: null,
            left_in_minute: null,
          },
          last_fault: null,
        },
        {
          provider: 'broken',
          name: 'Broken',
          breaker: null,
          active: 0,
          waiting: 0,
          bulkhead: null,
          samples: 0,
          p50_ms: null,
          p95_ms: null,
          deadline_ms: 2_000,
          offers_p50: null,
          last_five_minutes: { ...none, calls: 3, failed: 3 },
          last_hour: { ...none, calls: 3, failed: 3 },
          look_to_book: {
            looks_today: 3,
            bookings_today: 0,
            looks_last_day: 3,
            bookings_last_day: 0,
            looks_per_booking: null,
            left_in_day: 197,
            left_in_minute: expect.any(Number),
          },
          last_fault: { fault: 'malformed', at: '2026-11-01T00:00:00.000Z' },
        },
      ],
    })
  })

  test.each([
    ['no token', undefined],
    ['another one', 'Bearer something-else'],
    ['the beginning of it', authorization.slice(0, -1)],
    ['more than it', `${authorization}x`],
    ['another scheme', `Basic ${token.reveal()}`],
    ['nothing after the scheme', 'Bearer '],
  ])('is refused to whoever shows %s, and says what is needed', async (_, shown) => {
    await serve([])
    const reply = await app.inject({ url, headers: shown === undefined ? {} : { authorization: shown } })
    expect(reply.statusCode).toBe(401)
    expect(reply.headers['www-authenticate']).toBe('Bearer')
    expect(reply.headers['content-type']).toMatch('application/problem+json')
    expect(reply.headers['cache-control']).toBe('no-store')
    expect(reply.json()).toMatchObject({ code: 'ops-token-needed', money_moved: 'none' })
    expect(reply.body).not.toContain(token.reveal())
  })

  test('does not exist where no token is configured, whatever is shown', async () => {
    await serve([], null)
    for (const headers of [{}, { authorization }, { authorization: 'Bearer null' }])
      expect((await app.inject({ url, headers })).json()).toMatchObject({ status: 404, code: 'not-found' })
  })
})
