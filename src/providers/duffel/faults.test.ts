import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PartnerError } from '../../platform/partner.ts'
import {
  CANCELLATION_REJECTIONS,
  findGone,
  PAYMENT_REJECTIONS,
  toLostWrite,
  toReadError,
  toTransportError,
  toWriteFailure,
} from './faults.ts'
import { readBooking } from './read-reply.ts'
import type { WireError } from './wire.ts'

const error = (type: string, code: string, more: Partial<WireError> = {}): WireError => ({
  type,
  code,
  title: 'A title',
  message: 'Something about Budi Santoso',
  ...more,
})

describe('a refusal counts as proof only where Duffel guarantees that nothing happened', () => {
  test.each([
    ['airline_error', 'offer_no_longer_available', 422, 'sold_out'],
    ['airline_error', 'price_changed', 422, 'price_changed'],
    ['validation_error', 'payment_amount_does_not_match_order_amount', 422, 'price_changed'],
    ['invalid_state_error', 'insufficient_balance', 422, 'declined'],
    ['validation_error', 'duplicate_passenger_name', 422, 'invalid_passenger'],
    ['rate_limit_error', 'rate_limit_exceeded', 429, 'not_allowed'],
    ['authentication_error', 'expired_access_token', 401, 'not_allowed'],
    ['invalid_request_error', 'not_found', 404, 'not_found'],
  ])('%s %s with status %i is rejected: %s', (type, code, status, reason) => {
    expect(toWriteFailure([error(type, code)], status)).toMatchObject({ outcome: 'rejected', reason, code })
  })

  test('order_not_created is the only proof that comes with a 502', () => {
    expect(toWriteFailure([error('airline_error', 'order_not_created')], 502)).toMatchObject({ outcome: 'rejected', reason: 'declined' })
    for (const code of ['offer_no_longer_available', 'price_changed', 'insufficient_balance']) {
      expect(toWriteFailure([error('airline_error', code)], 502)).toMatchObject({ outcome: 'unknown', cause: 'server_error' })
    }
  })

  test.each([
    ['airline_error', 'duplicate_booking', 422],
    ['validation_error', 'offer_request_already_booked', 422],
    ['airline_error', 'airline_internal', 422],
    ['airline_error', 'airline_unknown', 502],
    ['api_error', 'internal_server_error', 401],
    ['api_error', 'offer_no_longer_available', 422],
    ['airline_error', 'a_code_of_tomorrow', 422],
  ])('%s %s with status %i is unknown', (type, code, status) => {
    expect(toWriteFailure([error(type, code)], status)).toMatchObject({ outcome: 'unknown' })
  })

  test('the validator’s own codes are proof where they name the field they refused, and only then', () => {
    const passenger = { source: { pointer: '/passengers/0/born_on', field: 'born_on' } }
    expect(toWriteFailure([error('validation_error', 'validation_format', passenger)], 422)).toMatchObject({
      outcome: 'rejected',
      reason: 'invalid_passenger',
    })
    expect(
      toWriteFailure([error('validation_error', 'validation_format', { source: { pointer: '/payments/0', field: '0' } })], 422),
    ).toMatchObject({ reason: 'not_allowed' })
    expect(toWriteFailure([error('validation_error', 'validation_format')], 422)).toMatchObject({ outcome: 'unknown' })
    expect(toWriteFailure([error('validation_error', 'offer_request_already_booked', passenger)], 422)).toMatchObject({
      outcome: 'unknown',
    })
  })

  test('one error that proves nothing spoils the proof of the others', () => {
    expect(
      toWriteFailure([error('airline_error', 'offer_no_longer_available'), error('airline_error', 'airline_internal')], 422),
    ).toMatchObject({ outcome: 'unknown' })
  })

  test.each([
    ['payment_currency_does_not_match_order_currency', PAYMENT_REJECTIONS, 'price_changed'],
    ['past_payment_required_by_date', PAYMENT_REJECTIONS, 'offer_expired'],
    ['schedule_changed', PAYMENT_REJECTIONS, 'not_allowed'],
    ['already_cancelled', PAYMENT_REJECTIONS, 'not_allowed'],
    ['order_cancellation_stale', CANCELLATION_REJECTIONS, 'offer_expired'],
  ])('%s is proof as the answer to its own operation, and to no other', (code, list, reason) => {
    const errors = [error('invalid_state_error', code)]
    expect(toWriteFailure(errors, 422, list)).toMatchObject({ outcome: 'rejected', reason, code })
    expect(toWriteFailure(errors, 422)).toMatchObject({ outcome: 'unknown' })
    expect(toWriteFailure(errors, 502, list)).toMatchObject({ outcome: 'unknown' })
    expect(toWriteFailure([error('api_error', code)], 422, list)).toMatchObject({ outcome: 'unknown' })
    expect(toWriteFailure([...errors, error('airline_error', 'airline_internal')], 422, list)).toMatchObject({ outcome: 'unknown' })
  })

  test.each([
    'already_paid',
    'order_type_not_eligible_for_payment',
    'order_change_already_confirmed',
    'order_not_created_yet',
    'constructor',
  ])('%s proves nothing in any operation: an earlier call of ours may have done it', (code) => {
    for (const list of [{}, PAYMENT_REJECTIONS, CANCELLATION_REJECTIONS])
      expect(toWriteFailure([error('invalid_state_error', code)], 422, list)).toMatchObject({ outcome: 'unknown' })
  })

  test('no code outside the list is ever read as rejected, whatever its type and status', () => {
    const known =
      /^(offer_|price_changed|ancillary_|payment_amount|insufficient_|duplicate_passenger|invalid_|missing_|malformed_|unsupported_|unavailable_|not_found|rate_limit_|access_token|expired_|order_not_created|validation_)/
    const types = fc.constantFrom(
      'airline_error',
      'api_error',
      'validation_error',
      'invalid_state_error',
      'invalid_request_error',
      'rate_limit_error',
      'authentication_error',
      'new_error',
    )
    fc.assert(
      fc.property(types, fc.stringMatching(/^[a-z_]{3,30}$/), fc.integer({ min: 200, max: 599 }), (type, code, status) => {
        fc.pre(!known.test(code))
        expect(toWriteFailure([error(type, code)], status).outcome).toBe('unknown')
      }),
    )
  })

  test('what a passenger typed does not get into what is stored and logged', () => {
    const failure = toWriteFailure(
      [error('validation_error', 'validation_format', { source: { pointer: '/passengers/0/given_name' } })],
      422,
    )
    expect(JSON.stringify(failure)).not.toContain('Budi')
    expect(failure.message).toContain('/passengers/0/given_name')
  })
})

describe('a reply to an order that is not an order is unknown', () => {
  test.each([
    ['202: the outcome comes later', 202, { data: {} }, 'pending'],
    ['a success without an order in it', 201, { data: { id: 'ord_1' } }, 'malformed'],
    ['a success that carries errors', 200, { errors: [error('airline_error', 'offer_no_longer_available')] }, 'unrecognised'],
    ['a page of a proxy', 403, undefined, 'malformed'],
    ['a bad gateway without a word', 502, undefined, 'server_error'],
    ['a bare list', 200, [], 'malformed'],
    ['nothing', 200, null, 'malformed'],
  ])('%s', (_, status, body, cause) => {
    expect(readBooking({ status, body })).toMatchObject({ outcome: 'unknown', cause })
  })
})

describe('a read tells which fault it was', () => {
  test.each([
    [[error('rate_limit_error', 'rate_limit_exceeded')], 429, 'throttled'],
    [[error('authentication_error', 'access_token_not_found')], 401, 'unauthorised'],
    [[error('api_error', 'gateway_timeout_error')], 504, 'timeout'],
    [[error('api_error', 'internal_server_error')], 500, 'unreachable'],
    [[error('airline_error', 'airline_internal')], 502, 'unreachable'],
    [[error('validation_error', 'validation_required')], 422, 'refused'],
    [undefined, 503, 'unreachable'],
    [undefined, 429, 'throttled'],
    [undefined, 403, 'unauthorised'],
    [undefined, 200, 'malformed'],
  ])('%o with status %i is %s', (errors, status, fault) => {
    expect(toReadError(errors, status)).toMatchObject({ provider: 'duffel', fault })
  })

  test('only a code that says so means gone', () => {
    expect(findGone([error('airline_error', 'offer_no_longer_available')])).toMatchObject({ code: 'offer_no_longer_available' })
    expect(findGone([error('api_error', 'internal_server_error')])).toBeUndefined()
    expect(findGone([error('api_error', 'not_found')])).toBeUndefined()
  })

  test('a lost call is the transport’s fault, and a bug is nobody’s', () => {
    const lost = new PartnerError('cut_off', 'the connection failed', { neverSent: false })
    expect(toTransportError(lost)).toMatchObject({ fault: 'unreachable' })
    expect(toLostWrite(lost)).toMatchObject({ outcome: 'unknown', cause: 'unreachable' })
    expect(toLostWrite(new PartnerError('too_large', 'too much', { neverSent: false }))).toMatchObject({ cause: 'malformed' })
    expect(() => toLostWrite(new TypeError('a bug'))).toThrow(TypeError)
  })
})

test('a code that is a word of the language, and of no list, is unknown', () => {
  for (const code of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    expect([code, toWriteFailure([{ type: 'airline_error', code }], 400).outcome]).toEqual([code, 'unknown'])
  }
})
