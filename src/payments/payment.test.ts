import { describe, expect, test } from 'vitest'
import { money } from '../kernel/money.ts'
import { instant } from '../kernel/time.ts'
import type { GatewayPayment, GatewayRefund } from './gateways/contract.ts'
import { checkAgainAfterMs, decide, type PaymentStatus } from './payment.ts'
import { decideRefund, type RefundStatus } from './refund.ts'

const price = money(17_874, 'EUR')
const found = (state: GatewayPayment['state'], captured = state === 'paid' ? price : null): GatewayPayment => ({
  state,
  captured,
  providerPaymentRef: null,
  failureCode: null,
})
const payment = (status: PaymentStatus, isMismatched = false) => ({ status, amount: price, mismatchedAt: isMismatched ? instant(1) : null })

describe('what the gateway says of a payment', () => {
  test.each<[PaymentStatus, GatewayPayment['state'], string]>([
    ['open', 'open', 'nothing'],
    ['open', 'processing', 'nothing'],
    ['open', 'paid', 'capture'],
    ['open', 'failed', 'end'],
    ['open', 'expired', 'end'],
    ['captured', 'open', 'nothing'],
    ['captured', 'processing', 'nothing'],
    ['captured', 'paid', 'nothing'],
    ['captured', 'failed', 'nothing'],
    ['captured', 'expired', 'nothing'],
    ['expired', 'open', 'nothing'],
    ['expired', 'processing', 'nothing'],
    ['expired', 'paid', 'capture'],
    ['expired', 'failed', 'nothing'],
    ['expired', 'expired', 'nothing'],
    ['failed', 'open', 'nothing'],
    ['failed', 'processing', 'nothing'],
    ['failed', 'paid', 'capture'],
    ['failed', 'failed', 'nothing'],
    ['failed', 'expired', 'nothing'],
  ])('(%s here, %s there) means: %s', (here, there, kind) => {
    expect(decide(payment(here), found(there)).kind).toBe(kind)
  })

  test('is a late capture when the payment had ended', () => {
    expect(decide(payment('open'), found('paid'))).toEqual({ kind: 'capture', late: false })
    expect(decide(payment('expired'), found('paid'))).toEqual({ kind: 'capture', late: true })
    expect(decide(payment('failed'), found('paid'))).toEqual({ kind: 'capture', late: true })
  })

  test.each([
    ['less', money(17_873, 'EUR')],
    ['more', money(17_875, 'EUR')],
    ['as much in another currency', money(17_874, 'USD')],
    ['nobody knows what', null],
  ])('is a mismatch, once, when it took %s', (_name, captured) => {
    expect(decide(payment('open'), found('paid', captured))).toEqual({ kind: 'mismatch', why: 'amount', captured })
    expect(decide(payment('expired'), found('paid', captured)).kind).toBe('mismatch')
    expect(decide(payment('open', true), found('paid', captured)).kind).toBe('nothing')
    expect(decide(payment('captured'), found('paid', captured)).kind).toBe('nothing')
  })

  test.each(['reversed', 'suspicious'] as const)('is for a person, once, when the money is %s: no capture, no end', (state) => {
    expect(decide(payment('open'), found(state))).toEqual({ kind: 'mismatch', why: state, captured: null })
    expect(decide(payment('expired'), found(state)).kind).toBe('mismatch')
    expect(decide(payment('open', true), found(state)).kind).toBe('nothing')
    expect(decide(payment('captured'), found(state)).kind).toBe('nothing')
  })

  test('does not end a payment whose money a person is looking at', () => {
    expect(decide(payment('open', true), found('expired')).kind).toBe('nothing')
    expect(decide(payment('open', true), found('paid')).kind).toBe('capture')
  })
})

describe('what the gateway says of a refund', () => {
  const known = { amount: price, providerRef: 're_1', completedAt: null }
  const there = (state: GatewayRefund['state'], amount = price): GatewayRefund => ({
    state,
    amount,
    providerRefundRef: 're_1',
    failureCode: null,
  })

  test.each<[RefundStatus, GatewayRefund['state'], string]>([
    ['requested', 'pending', 'wait'],
    ['requested', 'succeeded', 'complete'],
    ['requested', 'failed', 'fail'],
    ['pending', 'pending', 'wait'],
    ['pending', 'succeeded', 'complete'],
    ['pending', 'failed', 'fail'],
    ['completed', 'pending', 'nothing'],
    ['completed', 'succeeded', 'nothing'],
    ['completed', 'failed', 'fail'],
    ['failed', 'pending', 'nothing'],
    ['failed', 'succeeded', 'nothing'],
    ['failed', 'failed', 'nothing'],
  ])('(%s here, %s there) means: %s', (here, state, kind) => {
    expect(decideRefund({ ...known, status: here }, there(state)).kind).toBe(kind)
  })

  test('is told apart when it fails after it was completed', () => {
    expect(decideRefund({ ...known, status: 'completed' }, there('failed'))).toMatchObject({ afterCompletion: true })
    expect(decideRefund({ ...known, status: 'pending' }, there('failed'))).toMatchObject({ afterCompletion: false })
  })

  test('is a mismatch when it is of another amount', () => {
    expect(decideRefund({ ...known, status: 'requested' }, there('succeeded', money(1, 'EUR'))).kind).toBe('mismatch')
  })

  test('that failed by a refusal alone and is there all the same is completed after all', () => {
    const refusedOnly = { ...known, status: 'failed', providerRef: null } as const
    expect(decideRefund(refusedOnly, there('succeeded')).kind).toBe('complete_after_failure')
    expect(decideRefund(refusedOnly, there('pending')).kind).toBe('nothing')
    expect(decideRefund(refusedOnly, there('succeeded', money(1, 'EUR'))).kind).toBe('nothing')
    // What has come back from a bank was there before, and old news of it may come late.
    expect(decideRefund({ ...refusedOnly, completedAt: instant(1) }, there('succeeded')).kind).toBe('nothing')
  })
})

test('the gateway is asked less and less often, and never not at all', () => {
  const waits = Array.from({ length: 60 }, (_, checks) => checkAgainAfterMs(checks))
  expect(waits[0]).toBe(15_000)
  expect(waits).toEqual(waits.toSorted((a, b) => a - b))
  expect(waits.at(-1)).toBe(3_600_000)
})
