import { describe, expect, test } from 'vitest'
import { findGone, isNoOrder, isNothing, outcomeOfErrors, refused, type Write } from './faults.ts'
import type { NdcError } from './message.ts'

const error = (code: string, text = '', processing: string | null = null): NdcError => ({ code, text, processing })
const WRITES: readonly Write[] = ['book', 'ticket', 'cancel', 'void']

describe('a write that is refused', () => {
  test.each<[Write, string, string, string]>([
    ['book', '913', 'Not enough seats available', 'sold_out'],
    ['book', '913', 'Payment declined', 'declined'],
    ['book', '913', 'Offer timed out', 'offer_expired'],
    ['book', '496', 'Flight not available', 'sold_out'],
    ['book', '711', 'Price has changed', 'price_changed'],
    ['book', '727', 'Invalid amount', 'price_changed'],
    ['book', '317', 'Invalid name', 'invalid_passenger'],
    ['book', '111', 'Unknown agency', 'not_allowed'],
    ['ticket', '129', 'No match for order', 'not_found'],
    ['ticket', '708', 'Payment declined', 'declined'],
    ['ticket', '303', 'Past the time limit', 'offer_expired'],
    ['cancel', '129', 'No match for order', 'not_found'],
    ['void', '129', 'No match for document', 'not_found'],
  ])('%s: %s "%s" proves that nothing was done: %s', (write, code, text, reason) => {
    expect(outcomeOfErrors(write, [error(code, text)])).toMatchObject({ outcome: 'rejected', reason, code })
  })

  test.each([
    ['an internal error', error('911', 'Unable to process - system error')],
    ['a duplicate, perhaps of our own earlier attempt', error('399', 'DUPLICATE NAME')],
    ['tickets that somebody has issued', error('395', 'Already ticketed')],
    ['a payment that timed out', error('708', 'Payment timed out')],
    ['a code that nobody knows', error('98765', 'whatever')],
    ['a code of another kind of list', error('404122007', 'Not found')],
    ['a SOAP fault', error('soap:Server', 'Timeout')],
    ['no code', error('unknown')],
  ])('%s is unknown for every write', (_, one) => {
    for (const write of WRITES) expect(outcomeOfErrors(write, [one])).toMatchObject({ outcome: 'unknown' })
  })

  test('a code counts for the write on whose list it is, not for others', () => {
    expect(outcomeOfErrors('ticket', [error('711', 'Price has changed')]).outcome).toBe('unknown')
    expect(outcomeOfErrors('cancel', [error('303', 'Past the time limit')]).outcome).toBe('unknown')
    expect(outcomeOfErrors('book', [error('129', 'No match')]).outcome).toBe('unknown')
    expect(outcomeOfErrors('ticket', [error('496', 'Sold out')]).outcome).toBe('unknown')
  })

  test.each(['Processed', 'Unknown', 'Retry', 'Pending', 'PartiallyProcessed'])(
    'says "%s" was, or may have been, worked on: unknown',
    (processing) => {
      expect(outcomeOfErrors('book', [error('711', 'Price has changed', processing)]).outcome).toBe('unknown')
    },
  )

  test('is rejected as not processed, and for several errors only when each of them proves it', () => {
    expect(outcomeOfErrors('book', [error('711', '', 'NotProcessed')]).outcome).toBe('rejected')
    expect(outcomeOfErrors('book', [error('711'), error('496')]).outcome).toBe('rejected')
    expect(outcomeOfErrors('book', [error('711'), error('911')]).outcome).toBe('unknown')
    expect(outcomeOfErrors('book', []).outcome).toBe('unknown')
  })
})

test('a search that finds nothing is told from one that failed', () => {
  expect(isNothing([error('496', 'whatever')])).toBe(true)
  expect(isNothing([error('0', 'No flights available')])).toBe(true)
  expect(isNothing([error('404122007', "We don't sell the GRU-SCL segment for the selected date.")])).toBe(true)
  expect(isNothing([error('911', 'Unable to process')])).toBe(false)
  expect(isNothing([error('496'), error('911')])).toBe(false)
  expect(isNothing([])).toBe(false)
})

test('an offer that is gone is told from one that could not be priced', () => {
  expect(findGone([error('913', 'Offer timed out')])?.code).toBe('913')
  expect(findGone([error('5', 'The offer has expired')])?.code).toBe('5')
  expect(findGone([error('911', 'Unable to process')])).toBeUndefined()
})

test('no order is told from a list that failed', () => {
  expect(isNoOrder([error('129', 'anything')])).toBe(true)
  expect(isNoOrder([error('7', 'No matched order')])).toBe(true)
  expect(isNoOrder([error('911', 'Unable to process')])).toBe(false)
  expect(isNoOrder([])).toBe(false)
})

test('a read that is refused says whether we may ask at all', () => {
  expect(refused('ndc-xx', [error('111', 'Unknown agency')])).toMatchObject({ fault: 'unauthorised', code: '111', provider: 'ndc-xx' })
  expect(refused('ndc-xx', [error('911', 'Down')])).toMatchObject({
    fault: 'refused',
    message: expect.stringContaining('911: Down') as string,
  })
})
