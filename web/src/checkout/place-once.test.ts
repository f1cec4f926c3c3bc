import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { BookingOrder } from '../api/types.ts'
import { forgetAttempt, placedBooking, placeOnce } from './place-once.ts'

const order: BookingOrder = {
  offer_id: 'off_1',
  expected_total: { amount: '100.00', currency: 'USD' },
  passengers: [],
  contact: { email: 'a@b.c', phone: '+621234567' },
}
const booked = { id: 'bkg_1', total: order.expected_total }
let keys: string[]

/** Answers in turn; a text is a lost connection. */
function serverAnswers(...answers: (string | { status: number; body: unknown })[]): void {
  vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
    keys.push((init.headers as Record<string, string>)['idempotency-key'] ?? '')
    const answer = answers.shift()
    if (answer === undefined || typeof answer === 'string') return Promise.reject(new TypeError(answer ?? 'asked once too often'))
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status }))
  })
}

beforeEach(() => {
  keys = []
  const stored = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('tries a lost answer again with the same key', async () => {
  serverAnswers('connection reset', { status: 201, body: booked })
  await expect(placeOnce(order)).rejects.toMatchObject({ code: 'no-answer' })
  await expect(placeOnce(order)).resolves.toMatchObject({ bookingId: 'bkg_1' })
  expect(keys[0]).not.toBe('')
  expect(keys[1]).toBe(keys[0])
})

test('does not ask again for a booking that is placed, not even after a reload', async () => {
  serverAnswers({ status: 201, body: booked })
  await placeOnce(order)
  await expect(placeOnce(order)).resolves.toEqual({ bookingId: 'bkg_1', total: order.expected_total })
  expect(keys).toHaveLength(1)
  expect(placedBooking('off_1')).not.toBeNull()
  forgetAttempt('off_1')
  expect(placedBooking('off_1')).toBeNull()
})

test('takes a new key after a refusal, since nothing was booked', async () => {
  serverAnswers({ status: 422, body: { code: 'invalid-passengers' } }, { status: 201, body: booked })
  await expect(placeOnce(order)).rejects.toMatchObject({ code: 'invalid-passengers' })
  await placeOnce(order)
  expect(keys[1]).not.toBe(keys[0])
})

test('keeps the key when an earlier try may have been placed with other details', async () => {
  serverAnswers(
    'connection reset',
    { status: 422, body: { code: 'idempotency-key-reused' } },
    { status: 422, body: { code: 'idempotency-key-reused' } },
  )
  await expect(placeOnce(order)).rejects.toMatchObject({ code: 'no-answer' })
  await expect(placeOnce(order)).rejects.toMatchObject({ code: 'idempotency-key-reused' })
  await expect(placeOnce(order)).rejects.toMatchObject({ code: 'idempotency-key-reused' })
  expect(new Set(keys).size).toBe(1)
})

test('waits while the first press is still running instead of showing an error', async () => {
  vi.useFakeTimers()
  serverAnswers({ status: 409, body: { code: 'request-in-flight' } }, { status: 201, body: booked })
  const placing = placeOnce(order)
  await vi.advanceTimersByTimeAsync(1_500)
  await expect(placing).resolves.toMatchObject({ bookingId: 'bkg_1' })
  expect(keys[1]).toBe(keys[0])
})
