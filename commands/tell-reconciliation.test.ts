import { expect, test } from 'vitest'
import { tellReconciliation, type Outcome } from './tell-reconciliation.ts'

type Source = Outcome['run']['sources'][number]
const source = (name: string, change: Partial<Source> = {}): Source => ({
  ...{ source: name, state: 'compared', statement: 'books', lines: 3, matched: 2, untold: 0, error: null },
  ...change,
})
const difference = { id: 'brk_1', kind: 'missing_with_us', source: 'stripe', our_ref: null, their_ref: 'pi_1' }
const amount = (text: string) => ({ amount: text, currency: 'EUR' })

test('says how each source was compared, what differs, and what was posted about what was written off', () => {
  const told = tellReconciliation({
    run: {
      ...{ id: 'rec_1', day: '2026-11-24', state: 'incomplete', opened: 1, settled: 0, error: null },
      sources: [
        source('stripe'),
        source('vnpay', { statement: 'by_query', matched: 3, untold: 2 }),
        source('payos', { statement: 'by_query', state: 'failed', error: 'nothing was told' }),
        source('travelport', { state: 'no_statement', statement: null }),
      ],
    },
    breaks: [
      { ...difference, state: 'open', resolved_by: null, ledger: [] },
      {
        ...{ ...difference, state: 'written_off', resolved_by: 'mina, raj' },
        ledger: [
          { posting_id: 'brk_1:written-off:1:EUR', event_type: 'WRITE_OFF', account: 'gateway', amount: amount('43.21') },
          { posting_id: 'brk_1:written-off:1:EUR', event_type: 'WRITE_OFF', account: 'suspense', amount: amount('-43.21') },
        ],
      },
    ],
  })
  expect(told.split('\n')).toEqual([
    '2026-11-24: incomplete, 1 new, 0 settled, 1 open',
    '  stripe         2 of 3 lines matched',
    '  vnpay          3 of 3 lines matched, 2 could not be told, asked one by one: money unknown to us is not in it',
    '  payos          failed: nothing was told, asked one by one: money unknown to us is not in it',
    '  travelport     has no statement',
    '  missing_with_us                stripe  ours null  theirs pi_1',
    '  written off by mina, raj: missing_with_us, stripe, theirs pi_1',
    '    WRITE_OFF          gateway               43.21 EUR  brk_1:written-off:1:EUR',
    '    WRITE_OFF          suspense             -43.21 EUR  brk_1:written-off:1:EUR',
    '',
  ])
})
