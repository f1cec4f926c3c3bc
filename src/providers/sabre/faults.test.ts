import { describe, expect, test } from 'vitest'
import { outcomeOfCreation } from './book.ts'
import { outcomeOfCancellation, outcomeOfVoid } from './cancel.ts'
import { toLostWrite } from './faults.ts'
import { PartnerError } from '../../platform/partner.ts'
import { outcomeOfRefund } from './refund.ts'
import { outcomeOfTicketing } from './ticket.ts'

const at = '2026-11-21T08:00:00'
const error = (category: string, type: string, description = '', fieldPath?: string) => ({
  category,
  type,
  description,
  ...(fieldPath && { fieldPath }),
})
const reply = (body: unknown, status = 200) => ({ status, body })
const booking = (codes: readonly string[], total = '100.00') => ({
  bookingId: 'GLEBNY',
  flights: codes.map((flightStatusCode, index) => ({
    itemId: String(index),
    flightNumber: 100 + index,
    airlineCode: 'GA',
    flightStatusCode,
  })),
  payments: { flightTotals: [{ total, currencyCode: 'USD' }] },
})
const NOTHING = 'No new tickets have been issued due to the price change.'

describe('what a reply to a write proves', () => {
  test.each([
    ['a flight that is not confirmed', error('APPLICATION_ERROR', 'UNABLE_TO_BOOK_FLIGHTS_WRONG_STATUS_CODE'), 'sold_out'],
    ['a price above the threshold', error('APPLICATION_ERROR', 'UNABLE_TO_PRICE_FLIGHTS_COMPARISON_ISSUE'), 'price_changed'],
    [
      'the same in the spelling of the documentation',
      error('APPLICATION_EROR', 'UNABLE_TO_PRICE_FLIGHTS_COMPARISON_ISSUE'),
      'price_changed',
    ],
    ['flights of a day that is none', error('BAD_REQUEST', 'UNABLE_TO_BOOK_FLIGHTS_CHECK_DATES'), 'offer_expired'],
    ['a traveller who is refused', error('BAD_REQUEST', 'INVALID_VALUE', '', 'travelers[0].surname'), 'invalid_passenger'],
    ['a request that is refused', error('BAD_REQUEST', 'MANDATORY_DATA_MISSING', '', 'agency'), 'not_allowed'],
    ['a token that is refused', error('UNAUTHORIZED', 'UNAUTHORIZED_ACCESS'), 'not_allowed'],
  ])('booking is rejected by %s', (_, one, reason) => {
    expect(outcomeOfCreation(reply({ timestamp: at, errors: [one] }), null)).toMatchObject({ outcome: 'rejected', reason, code: one.type })
  })

  test.each([
    ['a general problem', [error('APPLICATION_ERROR', 'UNABLE_TO_BOOK_FLIGHTS')]],
    ['a time-out inside', [error('APPLICATION_ERROR', 'TIMEOUT')]],
    ['a code that nobody knows', [error('APPLICATION_ERROR', 'INSCRUTABLE')]],
    ['a name that every object has', [error('APPLICATION_ERROR', 'constructor')]],
    [
      'a listed type among others',
      [error('APPLICATION_ERROR', 'UNABLE_TO_BOOK_FLIGHTS_WRONG_STATUS_CODE'), error('APPLICATION_ERROR', 'TIMEOUT')],
    ],
    ['a validation in another category', [error('APPLICATION_ERROR', 'INVALID_VALUE')]],
    ['warnings only', [error('WARNING', 'RESOURCE_UNAVAILABLE')]],
  ])('booking is unknown after %s', (_, errors) => {
    expect(outcomeOfCreation(reply({ timestamp: at, errors }), null)).toMatchObject({ outcome: 'unknown' })
  })

  test('a warning beside a proof does not weaken it; a status of 500 does', () => {
    const errors = [error('WARNING', 'RESOURCE_UNAVAILABLE'), error('APPLICATION_ERROR', 'UNABLE_TO_BOOK_FLIGHTS_WRONG_STATUS_CODE')]
    expect(outcomeOfCreation(reply({ errors }), null)).toMatchObject({ outcome: 'rejected', reason: 'sold_out' })
    expect(outcomeOfCreation(reply({ errors }, 500), null)).toMatchObject({ outcome: 'unknown', cause: 'server_error' })
  })

  test('errors beside a locator prove nothing: something was made', () => {
    const errors = [error('APPLICATION_ERROR', 'UNABLE_TO_BOOK_FLIGHTS_WRONG_STATUS_CODE')]
    expect(outcomeOfCreation(reply({ confirmationId: 'GLEBNY', errors }), null)).toMatchObject({ outcome: 'unknown' })
  })

  test.each([
    [['HK', 'HK'], 'ok'],
    [['HK', 'KK'], 'ok'],
    [['HK', 'UC'], 'unknown'],
    [['HK', 'HL'], 'unknown'],
    [['HK', 'NN'], 'unknown'],
    [['HK', 'Q7'], 'unknown'],
    [['UC'], 'unknown'],
    [[], 'unknown'],
  ])('flights %j are a booking only when each is confirmed: %s', (codes, outcome) => {
    expect(outcomeOfCreation(reply({ confirmationId: 'GLEBNY', booking: booking(codes) }), null)).toMatchObject({ outcome })
  })

  test('a locator without its booking is not judged', () => {
    expect(outcomeOfCreation(reply({ confirmationId: 'GLEBNY' }), null)).toMatchObject({ outcome: 'unknown', cause: 'pending' })
  })

  test.each([
    ['rejected', 'not_allowed', 403, { status: 'NotProcessed', errorCode: 'ERR.2SG.SEC.NOT_AUTHORIZED' }],
    ['rejected', 'not_sent', 429, { status: 'NotProcessed', errorCode: 'ERR.2SG.GATEWAY.REQUEST_THROTTLED' }],
    ['unknown', undefined, 429, { error: 'Too many requests' }],
    ['unknown', undefined, 200, { status: 'NotProcessed', errorCode: 'ERR.2SG.SEC.NOT_AUTHORIZED' }],
    ['unknown', undefined, 503, undefined],
    ['unknown', undefined, 200, undefined],
    ['unknown', undefined, 200, []],
    ['unknown', undefined, 200, { hello: 'world' }],
  ])('the gateway: %s %s after status %i', (outcome, reason, status, body) => {
    const expected = reason ? { outcome, reason } : { outcome }
    expect(outcomeOfCreation({ status, body }, null)).toMatchObject(expected)
    expect(outcomeOfTicketing({ status, body }, 1)).toMatchObject(expected)
    expect(outcomeOfCancellation({ status, body })).toMatchObject(expected)
    expect(outcomeOfVoid({ status, body }, ['1'])).toMatchObject(expected)
    expect(outcomeOfRefund({ status, body }, ['1'])).toMatchObject(expected)
  })

  const issued = (number: string, more: object = {}) => ({
    number,
    date: '2026-11-21',
    payment: { total: '50.00', currencyCode: 'USD' },
    isCommitted: true,
    ...more,
  })
  test.each([
    ['every traveller has a ticket', { tickets: [issued('1261234567890'), issued('1261234567891')] }, { outcome: 'ok' }],
    ['one ticket is missing', { tickets: [issued('1261234567890')] }, { outcome: 'unknown' }],
    [
      'one is not in the reservation yet',
      { tickets: [issued('1261234567890'), issued('1261234567891', { isCommitted: false })] },
      { outcome: 'unknown', cause: 'pending' },
    ],
    [
      'part of it failed',
      { tickets: [issued('1261234567890'), issued('1261234567891')], warnings: [error('PROCESSING_WARNING', 'PARTIAL_FULFILLMENT')] },
      { outcome: 'unknown' },
    ],
    ['Sabre cannot tell', { warnings: [error('PROCESSING_WARNING', 'UNABLE_TO_RETRIEVE_TICKETS')] }, { outcome: 'unknown' }],
    [
      'only the mail was not sent',
      { tickets: [issued('1261234567890'), issued('1261234567891')], warnings: [error('MISSING_DATA', 'EMAIL_NOT_FOUND')] },
      { outcome: 'ok' },
    ],
    [
      'an error stands beside a ticket',
      { tickets: [issued('1261234567890'), issued('1261234567891')], errors: [error('APPLICATION_ERROR', 'PRICE_MISMATCH', NOTHING)] },
      { outcome: 'unknown' },
    ],
    [
      'the price rose',
      { errors: [error('APPLICATION_ERROR', 'PRICE_MISMATCH', NOTHING)] },
      { outcome: 'rejected', reason: 'price_changed' },
    ],
    [
      'the price rose, it does not say before what',
      { errors: [error('APPLICATION_ERROR', 'PRICE_MISMATCH', 'Price mismatch.')] },
      { outcome: 'unknown' },
    ],
    ['it was ticketed before', { errors: [error('APPLICATION_ERROR', 'BOOKING_FULFILLED')] }, { outcome: 'unknown' }],
  ])('ticketing, when %s', (_, body, expected) => {
    expect(outcomeOfTicketing(reply({ timestamp: at, request: {}, ...body }), 2)).toMatchObject(expected)
  })

  test('a ticket of more than four flights has two numbers', () => {
    const outcome = outcomeOfTicketing(
      reply({ timestamp: at, tickets: [issued('1606802005099/00', { travelerGivenName: 'BUDI', travelerSurname: 'SANTOSO' })] }),
      1,
    )
    expect(outcome).toMatchObject({
      outcome: 'ok',
      value: [
        { number: '1606802005099', passengerName: 'BUDI SANTOSO' },
        { number: '1606802005100', passengerName: 'BUDI SANTOSO' },
      ],
    })
  })

  test.each([
    ['nothing is left', { booking: { bookingId: 'GLEBNY', isCancelable: false } }, { outcome: 'ok' }],
    ['nothing is said against it', { request: {} }, { outcome: 'ok' }],
    ['a flight is still there', { booking: booking(['HK']) }, { outcome: 'unknown' }],
    [
      'it is outside the void window',
      {
        errors: [
          error(
            'CANCELLATION_ERROR',
            'UNABLE_TO_VOID_TICKET',
            'The ticket is outside of the void period. Please follow refund procedures.',
          ),
        ],
      },
      { outcome: 'rejected', reason: 'not_allowed' },
    ],
    [
      'voiding failed somehow',
      { errors: [error('CANCELLATION_ERROR', 'UNABLE_TO_VOID_TICKET', 'Ticket void operation failed.')] },
      { outcome: 'unknown' },
    ],
    [
      'one ticket was voided before it stopped',
      {
        voidedTickets: ['1261234567890'],
        errors: [error('CANCELLATION_ERROR', 'UNABLE_TO_VOID_TICKET', 'The ticket is outside of the void period.')],
      },
      { outcome: 'unknown' },
    ],
    [
      'there is no such booking',
      { errors: [error('RESOURCE_NOT_FOUND', 'BOOKING_NOT_FOUND')] },
      { outcome: 'rejected', reason: 'not_found' },
    ],
    [
      'the cancellation failed',
      { errors: [error('CANCELLATION_ERROR', 'UNABLE_TO_CANCEL', 'Operation of ending transaction failed')] },
      { outcome: 'unknown' },
    ],
  ])('cancelling, when %s', (_, body, expected) => {
    expect(outcomeOfCancellation(reply({ timestamp: at, ...body }))).toMatchObject(expected)
  })

  test('voiding and refunding go by the tickets that are named', () => {
    const numbers = ['1261234567890', '1261234567891']
    expect(outcomeOfVoid(reply({ timestamp: at, voidedTickets: numbers }), numbers)).toEqual({ outcome: 'ok', value: null })
    expect(outcomeOfVoid(reply({ timestamp: at, voidedTickets: [numbers[0]] }), numbers)).toMatchObject({ outcome: 'unknown' })
    expect(outcomeOfVoid(reply({ timestamp: at, errors: [error('WARNING', 'NO_TICKETS_VOIDED')] }), numbers)).toMatchObject({
      outcome: 'unknown',
    })
    const tickets = numbers.map((number) => ({ number, refundTotals: { total: '40.00', currencyCode: 'USD' } }))
    expect(outcomeOfRefund(reply({ timestamp: at, refundedTickets: numbers, tickets }), numbers)).toMatchObject({
      outcome: 'ok',
      value: { refund: { amount: 8_000 } },
    })
    expect(outcomeOfRefund(reply({ timestamp: at, refundedTickets: [numbers[0]], tickets }), numbers)).toMatchObject({ outcome: 'unknown' })
  })

  test('a lost reply is unknown unless no byte left us; somebody’s bug flies on', () => {
    expect(toLostWrite(new PartnerError('timeout', 'late', { neverSent: false }))).toMatchObject({ outcome: 'unknown', cause: 'timeout' })
    expect(toLostWrite(new PartnerError('unreachable', 'refused', { neverSent: true }))).toMatchObject({
      outcome: 'rejected',
      reason: 'not_sent',
    })
    expect(() => toLostWrite(new TypeError('bug'))).toThrow('bug')
  })

  test('messages name type and field, and never what a passenger typed', () => {
    const errors = [{ ...error('BAD_REQUEST', 'INVALID_VALUE', 'SANTOSO is not allowed', 'travelers[0].surname'), fieldValue: 'SANTOSO' }]
    expect(JSON.stringify(outcomeOfCreation(reply({ errors }), null))).not.toContain('SANTOSO')
  })
})
