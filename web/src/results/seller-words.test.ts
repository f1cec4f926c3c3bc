import { expect, test } from 'vitest'
import { otherSellersWords } from './seller-words.ts'

const seller = (provider: string, amount: string) => ({ offer_id: `off_${provider}`, provider, total: { amount, currency: 'USD' } })

test('says how many others sell it and what the cheapest of them asks', () => {
  expect(otherSellersWords([seller('duffel', '105.00')])).toBe('Also from 1 other seller, from $105.00')
  expect(otherSellersWords([seller('duffel', '105.00'), seller('sabre', '109.00')])).toBe('Also from 2 other sellers, from $105.00')
})
