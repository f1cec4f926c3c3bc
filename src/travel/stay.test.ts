import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stayOffer } from '../../test/support/stay-offers.ts'
import { money } from '../kernel/money.ts'
import { cancellationWords, occupancyWords } from './stay-words.ts'
import { toStayOfferView } from './stay-view.ts'
import { shareOfPrice } from './stay.ts'

describe('S9: what cancelling costs, in the price shown', () => {
  const cents = fc.integer({ min: 1, max: 100_000_000 })

  test('all of the price is exactly all of it, nothing is nothing, and parts never add up to more than the whole', () => {
    fc.assert(
      fc.property(cents, cents, fc.integer({ min: 0, max: 10_000 }), (net, shown, share) => {
        const part = money(Math.floor((net * share) / 10_000), 'EUR')
        const told = shareOfPrice(money(shown, 'USD'), money(net, 'EUR'), part)
        expect(told.amount).toBeLessThanOrEqual(shown)
        expect(told.amount).toBeGreaterThanOrEqual(part.amount === 0 ? 0 : 1)
        expect(shareOfPrice(money(shown, 'USD'), money(net, 'EUR'), money(net, 'EUR')).amount).toBe(shown)
        expect(shareOfPrice(money(shown, 'USD'), money(net, 'EUR'), money(0, 'EUR')).amount).toBe(0)
      }),
    )
  })

  test('an amount in a third currency is told as it is', () => {
    expect(shareOfPrice(money(100, 'USD'), money(90, 'EUR'), money(50, 'GBP'))).toEqual(money(50, 'GBP'))
  })

  test('unknown terms are told as unknown, never as free and never as impossible', () => {
    expect(cancellationWords({ cancellation: null, refundable: null })[0]).toMatch(/has not told us/)
    expect(cancellationWords({ cancellation: [{ from: null, penalty: null }], refundable: null })[0]).toMatch(/has not told us/)
  })
})

test('the view shows the price shown and its shares, what is paid at the property, and neither the net price nor the token', () => {
  const view = toStayOfferView(stayOffer(), { total: money(33_000, 'USD') })
  expect(view).toMatchObject({
    total: { amount: '330.00', currency: 'USD' },
    cancellation: [
      { from: null, penalty: { amount: '0.00', currency: 'USD' } },
      { penalty: { amount: '110.00', currency: 'USD' } },
      { penalty: { amount: '330.00', currency: 'USD' } },
    ],
    due_at_property: [{ name: 'City tax', amount: { amount: '12.00', currency: 'EUR' } }],
  })
  expect(JSON.stringify(view)).not.toMatch(/rate-key|300\.00/)
})

test('who sleeps in a room is told in words', () => {
  expect(occupancyWords({ adults: 1, childAges: [] })).toBe('1 adult')
  expect(occupancyWords({ adults: 2, childAges: [8, 5] })).toBe('2 adults, children of 8 and 5')
})
