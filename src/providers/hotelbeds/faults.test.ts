import { describe, expect, test } from 'vitest'
import { PartnerError, toPartnerReply } from '../../platform/partner.ts'
import { findGone, findRefusal, isOutage, toLostWrite, toReadError, toWriteFailure } from './faults.ts'

const error = (code: string, message = 'something') =>
  findRefusal({ error: { code: `${code}-99FDDAF786E1443CB6A639A634BB935B`, message } })!
const text = (message: string) => findRefusal({ error: message })!

describe('a write is rejected only for what proves that nothing happened', () => {
  test.each([
    [500, 'PRODUCT_ERROR', 'ProductException(BOOKING_CONFIRM, Price has changed: Unable to book as the price …)', 'price_changed'],
    [500, 'PRODUCT_ERROR', 'Price has increased', 'price_changed'],
    [500, 'PRODUCT_ERROR', 'ProductException(BOOKING_CONFIRM, Insufficient allotment)', 'sold_out'],
    [500, 'PRODUCT_ERROR', "There's a stop sales for the date/s", 'sold_out'],
    [500, 'PRODUCT_ERROR', 'Contract is closed', 'sold_out'],
    [500, 'PRODUCT_ERROR', 'Release violated', 'sold_out'],
    [500, 'PRODUCT_ERROR', 'Cannot find channel quotation', 'not_allowed'],
    [400, 'INVALID_REQUEST', 'Error at property hotels->hotel', 'not_allowed'],
    [400, 'INVALID_REQUEST', 'Error at property rooms->paxes->name', 'invalid_passenger'],
    [400, 'INVALID_DATA', 'Invalid data. The rateKey is not valid or has expired', 'offer_expired'],
    [400, 'INVALID_DATA', 'Invalid data. At least one pax of room 1 is required', 'invalid_passenger'],
    [400, 'INVALID_DATA', 'Invalid data. Something else', 'not_allowed'],
    [404, 'INVALID_DATA', 'Invalid data. The booking does not exist or you do not have permissions to access it.', 'not_found'],
    [410, 'INVALID_DATA', 'ProductException(BOOKING_CONFIRM, Insufficient allotment)', 'sold_out'],
    [null, 'INVALID_REQUEST', 'Error at property stay', 'not_allowed'],
  ])('%s %s %s', (status, code, message, reason) => {
    expect(toWriteFailure(error(code, message), status)).toMatchObject({ outcome: 'rejected', reason })
  })

  test.each([
    [401, 'Request signature verification failed'],
    [401, 'Authorization field missing'],
    [403, 'Access to this API has been disallowed'],
    [403, 'Developer Over Qps'],
    [429, 'Too many requests'],
    [null, 'Request signature verification failed'],
  ])('at the door: %s %s', (status, message) => {
    expect(toWriteFailure(text(message), status)).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
  })

  test.each([
    [500, error('PRODUCT_ERROR', 'Booking confirmation error 1-4075658')],
    [500, error('PRODUCT_ERROR', 'Booking confirmation error 1-4075658: Insufficient allotment')],
    [500, error('PRODUCT_ERROR', 'Something nobody has seen')],
    [500, error('SYSTEM_ERROR', 'Internal server error')],
    [500, error('CONFIGURATION_ERROR', 'This apikey is not associated with a valid client')],
    [503, error('SERVICE_OVERLOAD', 'Overloaded')],
    [503, error('BOOKING CHANGE', 'Error during cancellation, the booking 1-1 is locked. Please try again later.')],
    [400, error('INSCRUTABLE_MOOD')],
    [402, error('PAYMENT', 'The parameters were valid but the request failed')],
    [400, error('INVALID_DATA', 'Invalid data. The clientReference is duplicated')],
    [400, error('INVALID_DATA', 'Invalid data. The booking is already confirmed')],
    [410, error('INVALID_DATA', 'The request is being repeated')],
    [500, error('INVALID_DATA', 'The rateKey is not valid')],
    [500, error('INVALID_REQUEST', 'Error at property stay')],
    [200, error('INVALID_DATA', 'The rateKey is not valid')],
    [500, text('Request signature verification failed')],
    [401, text('Something a proxy says')],
    [500, error('constructor')],
  ])('anything else is unknown: %s %j', (status, refusal) => {
    expect(toWriteFailure(refusal, status)).toMatchObject({ outcome: 'unknown' })
  })

  test('what a guest has typed is not repeated', () => {
    const failure = toWriteFailure(error('INVALID_DATA', `The surname "D'Angelo" and the name 'Budi' of a pax are wrong`), 400)
    expect(failure).toMatchObject({ outcome: 'rejected', reason: 'invalid_passenger' })
    expect(failure.message).not.toMatch(/Angelo|Budi/)
  })

  test('a reply that was never sent for is rejected, one that was cut off is not', () => {
    expect(toLostWrite(new PartnerError('unreachable', 'refused', { neverSent: true }))).toMatchObject({
      outcome: 'rejected',
      reason: 'not_sent',
    })
    for (const fault of ['timeout', 'cut_off', 'too_large', 'aborted'] as const)
      expect(toLostWrite(new PartnerError(fault, 'gone', { neverSent: false }))).toMatchObject({ outcome: 'unknown' })
    expect(() => toLostWrite(new TypeError('a bug'))).toThrow(TypeError)
  })
})

test.each([
  ['PRODUCT_ERROR', 'ProductException(CHECK_RATE, Insufficient allotment)', 500, true],
  ['PRODUCT_ERROR', 'Cannot find channel quotation', 500, true],
  ['INVALID_DATA', 'The rateKey is not valid or has expired', 400, true],
  ['INVALID_DATA', 'Something else', 400, false],
  ['INVALID_REQUEST', 'Error at property rooms', 400, false],
  ['SYSTEM_ERROR', 'Internal server error', 500, false],
])('a rate is gone, or nobody knows: %s %s', (code, message, status, isGone) => {
  expect(findGone(error(code, message), status) !== undefined).toBe(isGone)
})

test.each([
  [429, text('Too many requests'), 'throttled'],
  [403, text('Developer Over Rate'), 'throttled'],
  [401, text('Request signature verification failed'), 'unauthorised'],
  [403, text('Access to this API has been disallowed'), 'unauthorised'],
  [504, undefined, 'timeout'],
  [503, undefined, 'unreachable'],
  [500, error('SYSTEM_ERROR'), 'unreachable'],
  [500, error('PRODUCT_ERROR'), 'refused'],
  [404, error('INVALID_DATA'), 'refused'],
  [200, undefined, 'malformed'],
  [null, undefined, 'malformed'],
])('a reader is told which fault it was: %s %j is %s', (status, refusal, fault) => {
  expect(toReadError(refusal, status)).toMatchObject({ provider: 'hotelbeds', fault })
})

test('a refusal with status 500 is an answer and no outage', () => {
  const reply = (status: number, body: string) => toPartnerReply(status, {}, Buffer.from(body))
  expect(isOutage(reply(500, '{"auditData":{},"error":{"code":"PRODUCT_ERROR-1","message":"Price has changed"}}'))).toBe(false)
  expect(isOutage(reply(500, '{"error":{"code":"SYSTEM_ERROR-1","message":"Internal server error"}}'))).toBe(true)
  expect(isOutage(reply(503, 'upstream connect error'))).toBe(true)
  expect(isOutage(reply(400, '{}'))).toBe(false)
})
