import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money, type Money } from '../../kernel/money.ts'
import { instant } from '../../kernel/time.ts'
import { writeOffReversed, writtenOff } from '../../payments/ledger.ts'
import type { Break } from './break-store.ts'
import { changesOf } from './write-off.ts'

const anyAmount = fc
  .record({ amount: fc.integer({ min: 1, max: 9_000_000 }), currency: fc.constantFrom('EUR', 'IDR', 'VND', 'JPY') })
  .map(({ amount, currency }) => money(amount, currency))
const anyWord = fc.constantFrom('payment', 'refund', 'chargeback', 'refund returned')

/** Every difference that a run can open, with the amounts that it has. */
const anyBreak: fc.Arbitrary<Break> = fc
  .record({
    side: fc.constantFrom('gateway' as const, 'supplier' as const),
    kind: fc.constantFrom('missing_with_us', 'missing_at', 'amount_differs', 'currency_differs', 'duplicate', 'status_differs', 'live'),
    ours: anyAmount,
    theirs: anyAmount,
    word: anyWord,
    theirStatus: fc.constantFrom('live', 'cancelled', 'voided'),
    isOfBooking: fc.boolean(),
  })
  .map(({ side, kind, ours, theirs, word, theirStatus, isOfBooking }) => {
    const isReturn = word.endsWith('returned')
    const signed = (amount: Money) => (isReturn ? money(-amount.amount, amount.currency) : amount)
    const name = kind === 'missing_at' ? `missing_at_${side}` : kind === 'live' ? 'live_at_supplier_but_refunded' : kind
    return {
      ...{ id: 'brk_1', side, source: 'x', kind: name, key: 'k', day: '2026-11-20' as Break['day'], ourRef: 'o', theirRef: 't' },
      ours: name === 'missing_with_us' ? null : signed(ours),
      theirs: name.startsWith('missing_at') ? null : signed(name === 'amount_differs' ? money(theirs.amount, ours.currency) : theirs),
      ourStatus: side === 'gateway' ? word : 'ticketed, ok',
      theirStatus: name.startsWith('missing_at') ? null : side === 'gateway' ? word : theirStatus,
      ...{ bookingId: isOfBooking ? 'bkg_1' : null, paymentId: null, state: 'open', firstSeenAt: instant(0), lastSeenAt: instant(0) },
      ...{ resolvedAt: null, resolvedBy: null, resolution: null, difference: null, writeOffs: 1, writeOffOrder: null, statement: null },
    } as Break
  })

const postingsOf = (one: Break) =>
  changesOf(one).map((change) => writtenOff({ breakId: one.id, turn: 1 }, change, one.bookingId === null ? 'suspense' : 'written_off'))

describe('S13: a write-off', () => {
  test('balances in every currency, and its reversal leaves nothing of it', () => {
    fc.assert(
      fc.property(anyBreak, (one) => {
        const postings = postingsOf(one)
        const reversals = postings.map((posting) => writeOffReversed({ breakId: one.id, turn: 1 }, posting.entries))
        const ids = [...postings, ...reversals].map((posting) => posting.id)
        expect(new Set(ids).size).toBe(ids.length)
        for (const { entries } of [...postings, ...reversals]) {
          expect(new Set(entries.map((entry) => entry.amount.currency)).size).toBe(1)
          expect(entries.reduce((sum, entry) => sum + entry.amount.amount, 0)).toBe(0)
          expect(entries.every((entry) => entry.amount.amount !== 0)).toBe(true)
        }
        const left = new Map<string, number>()
        for (const { account, amount } of [...postings, ...reversals].flatMap((posting) => posting.entries)) {
          const key = `${account} ${amount.currency}`
          left.set(key, (left.get(key) ?? 0) + amount.amount)
        }
        expect([...left.values()].every((sum) => sum === 0)).toBe(true)
      }),
    )
  })

  test('has nothing to post where nobody tells an amount, or both tell the same', () => {
    fc.assert(
      fc.property(anyBreak, (one) => {
        expect(changesOf({ ...one, ours: null, theirs: null })).toEqual([])
      }),
    )
  })
})

type Case = { side: Break['side']; kind: string; ours?: Money; theirs?: Money; ourStatus?: string; theirStatus?: string }
const eur = (amount: number) => money(amount, 'EUR')
const gateway = (kind: string, of: Omit<Case, 'side' | 'kind'>): Case => ({ side: 'gateway', kind, ...of })
const supplier = (kind: string, of: Omit<Case, 'side' | 'kind'>): Case => ({ side: 'supplier', kind, ...of })

test.each<[string, Case, [string, Money][]]>([
  [
    'money that the gateway never got is gone',
    gateway('missing_at_gateway', { ours: eur(100), ourStatus: 'payment' }),
    [['gateway', eur(-100)]],
  ],
  [
    'a refund that it never made is still there',
    gateway('missing_at_gateway', { ours: eur(100), ourStatus: 'refund' }),
    [['gateway', eur(100)]],
  ],
  [
    'of a payment that is less, the rest is gone',
    gateway('amount_differs', { ours: eur(100), theirs: eur(90), ourStatus: 'payment', theirStatus: 'payment' }),
    [['gateway', eur(-10)]],
  ],
  [
    'a refund that is more has taken more',
    gateway('amount_differs', { ours: eur(100), theirs: eur(130), ourStatus: 'refund', theirStatus: 'refund' }),
    [['gateway', eur(-30)]],
  ],
  [
    'another currency is there instead',
    gateway('currency_differs', { ours: eur(100), theirs: money(110, 'USD'), ourStatus: 'payment', theirStatus: 'payment' }),
    [
      ['gateway', money(110, 'USD')],
      ['gateway', eur(-100)],
    ],
  ],
  ["a stranger's payment is there", gateway('missing_with_us', { theirs: eur(100), theirStatus: 'payment' }), [['gateway', eur(100)]]],
  [
    "a stranger's chargeback is gone",
    gateway('missing_with_us', { theirs: eur(100), theirStatus: 'chargeback' }),
    [['gateway', eur(-100)]],
  ],
  [
    'a refund that came back is there, and what we had asked for is no second one',
    gateway('status_differs', { ours: eur(100), theirs: eur(-100), ourStatus: 'failed', theirStatus: 'refund returned' }),
    [['gateway', eur(100)]],
  ],
  [
    'a payment told twice is there once more',
    gateway('duplicate', { ours: eur(100), theirs: eur(100), theirStatus: 'payment' }),
    [['gateway', eur(100)]],
  ],
  [
    'a supplier that asks more is owed more',
    supplier('amount_differs', { ours: eur(100), theirs: eur(120), theirStatus: 'live' }),
    [['supplier_due', eur(-20)]],
  ],
  [
    'one that has ended a reservation is owed nothing for it',
    supplier('status_differs', { ours: eur(100), theirs: eur(100), theirStatus: 'cancelled' }),
    [['supplier_due', eur(100)]],
  ],
  [
    'one that keeps what nobody has is owed it',
    supplier('live_at_supplier_but_refunded', { ours: eur(100), theirs: eur(100), theirStatus: 'live' }),
    [['supplier_due', eur(-100)]],
  ],
])('%s', (_, given, expected) => {
  const one = { ours: null, theirs: null, ourStatus: null, theirStatus: null, ...given } as unknown as Break
  expect(changesOf(one).map(({ account, amount }) => [account, amount])).toEqual(expected)
})
