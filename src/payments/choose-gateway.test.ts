import { describe, expect, test } from 'vitest'
import { createFakeGateway } from '../../test/support/fake-gateway.ts'
import { parseCurrency } from '../kernel/currency.ts'
import { createStoppedClock } from '../kernel/time.ts'
import { chooseGateways, createGatewayHealth, type Wanted } from './choose-gateway.ts'
import type { GatewayCapabilities, PaymentGateway } from './gateways/contract.ts'

const gateway = (id: string, currencies: string, change: Partial<GatewayCapabilities> = {}): PaymentGateway => {
  const fake = createFakeGateway()
  return { ...fake, id, capabilities: { ...fake.capabilities, currencies: currencies.split(' ').map(parseCurrency), ...change } }
}
const anywhere = gateway('anywhere', 'USD EUR IDR VND')
const indonesia = gateway('indonesia', 'IDR USD', { countries: ['ID'] })
const vietnam = gateway('vietnam', 'VND', { countries: ['VN'] })
const byHand = gateway('by_hand', 'VND', { countries: ['VN'], refund: 'manual' })
const ALL = [anywhere, indonesia, vietnam, byHand]

const choose = (
  currency: string,
  country: string | null,
  change: Partial<Wanted> = {},
  isWell: (id: string) => boolean = () => true,
): string[] =>
  chooseGateways(ALL, { currency: parseCurrency(currency), country, tried: new Set(), order: [], ...change }, ({ id }) => isWell(id)).map(
    ({ id }) => id,
  )

describe('a payment goes', () => {
  test('to a gateway that takes its currency, and to no other', () => {
    expect(choose('EUR', 'ID')).toEqual(['anywhere'])
    expect(choose('JPY', 'JP')).toEqual([])
  })

  test("first to one at home in the customer's country, last to one at home elsewhere", () => {
    expect(choose('IDR', 'ID')).toEqual(['indonesia', 'anywhere'])
    expect(choose('USD', 'US')).toEqual(['anywhere', 'indonesia'])
    expect(choose('USD', null)).toEqual(['anywhere', 'indonesia'])
  })

  test('first to one that can give the money back', () => {
    expect(choose('VND', 'VN')).toEqual(['vietnam', 'anywhere', 'by_hand'])
  })

  test('to one that is well before one that is not, which is still better than none', () => {
    expect(choose('IDR', 'ID', {}, (id) => id !== 'indonesia')).toEqual(['anywhere', 'indonesia'])
    expect(choose('EUR', 'DE', {}, () => false)).toEqual(['anywhere'])
  })

  test('in the order that was given, whatever the country, and to none that is not named', () => {
    expect(choose('IDR', 'ID', { order: ['anywhere', 'indonesia'] })).toEqual(['anywhere', 'indonesia'])
    expect(choose('IDR', 'ID', { order: ['anywhere'] })).toEqual(['anywhere'])
    expect(choose('IDR', 'ID', { order: ['anywhere', 'indonesia'] }, (id) => id !== 'anywhere')).toEqual(['indonesia', 'anywhere'])
  })

  test('never again to one that could not open a page for it', () => {
    expect(choose('IDR', 'ID', { tried: new Set(['indonesia']) })).toEqual(['anywhere'])
    expect(choose('IDR', 'ID', { tried: new Set(['indonesia', 'anywhere']) })).toEqual([])
  })
})

describe('a gateway', () => {
  const one = { id: 'one' }

  test('is unwell after three creations without an answer, for a minute, and well again with the first answer', () => {
    const clock = createStoppedClock('2026-12-01T00:00:00Z')
    const health = createGatewayHealth(clock)
    expect(health.isWell(one)).toBe(true)
    for (const outcome of ['unknown', 'unknown', 'rejected', 'unknown', 'unknown'] as const) health.note('one', outcome)
    expect(health.isWell(one)).toBe(true)
    health.note('one', 'unknown')
    expect(health.isWell(one)).toBe(false)
    expect(health.isWell({ id: 'two' })).toBe(true)
    clock.advance(59_999)
    expect(health.isWell(one)).toBe(false)
    clock.advance(1)
    expect(health.isWell(one)).toBe(true)
    health.note('one', 'unknown')
    expect(health.isWell(one)).toBe(false)
    health.note('one', 'ok')
    expect(health.isWell(one)).toBe(true)
  })

  test('is unwell while it is not being called', () => {
    const health = createGatewayHealth(createStoppedClock('2026-12-01T00:00:00Z'))
    const state = (breaker: 'open' | 'half_open') => ({ ...one, health: () => ({ breaker, active: 0, queued: 0 }) })
    expect(health.isWell(state('open'))).toBe(false)
    expect(health.isWell(state('half_open'))).toBe(true)
  })
})
