import { expect, test } from 'vitest'
import { sampleOffer } from '../test/samples.ts'
import type { Penalty } from '../api/types.ts'
import { changeWords, laterPenalties, refundWords } from './penalty-words.ts'

const usd = (amount: string) => ({ amount, currency: 'USD' })
const rule = (part: Partial<Penalty>): Penalty => ({
  ...{ kind: 'refund', allowed: true, amount: null, percent: null, when: 'before_departure', until: null },
  ...part,
})
const refund = (...penalties: Penalty[]) => refundWords({ refundable: true, penalties })

test('calls rules nobody states "not stated", never "no"', () => {
  expect(refundWords(sampleOffer())).toBe('Refund: not stated')
  expect(changeWords(sampleOffer())).toBe('Changes: not stated')
})

test('says what a change or refund costs where the supplier does, as an amount or a part of the fare', () => {
  expect(refund(rule({ amount: usd('40.00') }))).toBe('Refundable, fee $40.00')
  expect(refund(rule({ amount: usd('0.00') }))).toBe('Refundable, no fee')
  expect(refund(rule({ percent: 2_550 }))).toBe('Refundable, fee 25.5% of the fare')
  expect(refund(rule({ percent: 0, when: null }))).toBe('Refundable, no fee')
  expect(refund(rule({}))).toBe('Refundable')
  expect(refundWords({ refundable: false, penalties: [rule({ amount: usd('40.00') })] })).toBe('Not refundable')
  expect(changeWords({ changeable: true, penalties: [rule({ kind: 'change', percent: 2_500 })] })).toBe('Changeable, fee 25% of the fare')
})

test('tells dated rules in the order they end, whatever order they come in, and that they end', () => {
  const dear = rule({ amount: usd('40.00') })
  const free = rule({ amount: usd('0.00'), until: '2026-11-20' })
  expect(refund(dear, free)).toBe('Refundable, no fee until Fri 20 Nov 2026, then fee $40.00')
  expect(refund(rule({ percent: 5_000, until: '2026-11-30T23:59:00+07:00' }), free, rule({ allowed: false }))).toBe(
    'Refundable, no fee until Fri 20 Nov 2026, then fee 50% of the fare until Mon 30 Nov 2026, then not refundable',
  )
})

test('a fee for not showing up, or after departure, is not told as the fee of the fare', () => {
  const penalties = [
    rule({ amount: usd('99.00'), when: 'after_departure', kind: 'change' }),
    rule({ allowed: false, when: 'no_show' }),
    rule({ allowed: null, when: 'after_departure' }),
  ]
  expect(refundWords({ refundable: true, penalties })).toBe('Refundable')
  expect(laterPenalties({ penalties })).toEqual(['After departure: change fee $99.00', 'If you do not show up: no refund'])
})
