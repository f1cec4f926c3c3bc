import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '../kernel/money.ts'
import {
  ACCOUNTS,
  paymentFailed,
  paymentInitiated,
  paymentRevived,
  paymentSucceeded,
  refundCompleted,
  refundFailed,
  refundRequested,
  refundReturned,
  type Account,
  type Posting,
} from './ledger.ts'

type Payment = { readonly id: string; readonly amount: number; status: 'open' | 'captured' | 'ended' }
type Refund = { readonly id: string; readonly payment: Payment; readonly amount: number; status: 'requested' | 'completed' | 'failed' }
type Books = { readonly payments: Payment[]; readonly refunds: Refund[]; readonly postings: Posting[] }

const eur = (minorUnits: number) => money(minorUnits, 'EUR')
const refundable = (books: Books, payment: Payment): number =>
  payment.status === 'captured'
    ? payment.amount -
      books.refunds
        .filter((refund) => refund.payment === payment && refund.status !== 'failed')
        .reduce((sum, refund) => sum + refund.amount, 0)
    : 0

/** Everything that may happen, as payments lets it: each step picks a subject by `index` and does nothing without one. */
const STEPS: Readonly<Record<string, (books: Books, index: number, amount: number) => Posting[]>> = {
  start: (books, _index, amount) => {
    if (books.payments.some((payment) => payment.status === 'open')) return []
    const payment: Payment = { id: `pay_${books.payments.length}`, amount, status: 'open' }
    books.payments.push(payment)
    return [paymentInitiated(payment.id, eur(payment.amount))]
  },
  end: (books) => {
    const payment = books.payments.find((one) => one.status === 'open')
    if (!payment) return []
    payment.status = 'ended'
    return [paymentFailed(payment.id, eur(payment.amount))]
  },
  capture: (books, index) => {
    const payment = pick(books.payments, index)
    if (!payment || payment.status === 'captured') return []
    const wasOpen = payment.status === 'open'
    payment.status = 'captured'
    return [...(wasOpen ? [] : [paymentRevived(payment.id, eur(payment.amount))]), paymentSucceeded(payment.id, eur(payment.amount))]
  },
  refund: (books, index, amount) => {
    const payment = pick(books.payments, index)
    const left = payment ? refundable(books, payment) : 0
    if (!payment || left === 0) return []
    const refund: Refund = { id: `rfd_${books.refunds.length}`, payment, amount: 1 + (amount % left), status: 'requested' }
    books.refunds.push(refund)
    return [refundRequested(refund.id, eur(refund.amount))]
  },
  complete: (books, index) => {
    const refund = pick(books.refunds, index)
    if (refund?.status !== 'requested') return []
    refund.status = 'completed'
    return [refundCompleted(refund.id, eur(refund.amount))]
  },
  fail: (books, index) => {
    const refund = pick(books.refunds, index)
    if (!refund || refund.status === 'failed') return []
    const posting =
      refund.status === 'completed' ? refundReturned(refund.id, eur(refund.amount)) : refundFailed(refund.id, eur(refund.amount))
    refund.status = 'failed'
    return [posting]
  },
}

function pick<T>(list: readonly T[], index: number): T | undefined {
  return list.length === 0 ? undefined : list[index % list.length]
}

function play(steps: readonly { step: string; index: number; amount: number }[]): Books {
  const books: Books = { payments: [], refunds: [], postings: [] }
  for (const { step, index, amount } of steps) books.postings.push(...STEPS[step]!(books, index, amount))
  return books
}

function balanceOf(books: Books, account: Account): number {
  return books.postings
    .flatMap((posting) => posting.entries)
    .filter((entry) => entry.account === account)
    .reduce((sum, entry) => sum + entry.amount.amount, 0)
}

const sum = (amounts: readonly { readonly amount: number }[]): number => amounts.reduce((total, { amount }) => total + amount, 0)

const anySteps = fc.array(
  fc.record({ step: fc.constantFrom(...Object.keys(STEPS)), index: fc.nat({ max: 20 }), amount: fc.integer({ min: 1, max: 1_000_000 }) }),
  { maxLength: 40 },
)

describe('the ledger', () => {
  test('balances after every posting, and each account holds what its name says', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const books = play(steps)
        for (const posting of books.postings) expect(sum(posting.entries.map((entry) => entry.amount))).toBe(0)
        const captured = sum(books.payments.filter((payment) => payment.status === 'captured'))
        const open = sum(books.payments.filter((payment) => payment.status === 'open'))
        const requested = sum(books.refunds.filter((refund) => refund.status === 'requested'))
        const completed = sum(books.refunds.filter((refund) => refund.status === 'completed'))
        expect(balanceOf(books, 'gateway')).toBe(captured - completed)
        expect(balanceOf(books, 'customer_due')).toBe(open)
        expect(balanceOf(books, 'refund_due')).toBe(0 - requested)
        expect(balanceOf(books, 'sale')).toBe(0 - (captured + open - requested - completed))
      }),
    )
  })

  test('holds nothing on any account once everything is refunded', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const books = play(steps)
        books.postings.push(...STEPS['end']!(books, 0, 0))
        for (const [index] of books.refunds.entries()) books.postings.push(...STEPS['complete']!(books, index, 0))
        for (const [index, payment] of books.payments.entries()) {
          const left = refundable(books, payment)
          if (left === 0) continue
          books.postings.push(...STEPS['refund']!(books, index, left - 1), ...STEPS['complete']!(books, books.refunds.length - 1, 0))
        }
        expect(ACCOUNTS.map((account) => balanceOf(books, account))).toEqual([0, 0, 0, 0])
      }),
    )
  })

  test('names every posting differently', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const ids = play(steps).postings.map((posting) => posting.id)
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })

  test('has no posting of nothing', () => {
    expect(() => paymentInitiated('pay_1', eur(0))).toThrow(RangeError)
    expect(() => refundRequested('rfd_1', eur(-1))).toThrow(RangeError)
  })
})
