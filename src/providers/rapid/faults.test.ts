import { describe, expect, test } from 'vitest'
import { PartnerError } from '../../platform/partner.ts'
import { findErrors, toLostWrite, toReadError } from './faults.ts'
import { readBooking, readItineraries, readRoomCancellation, toReply } from './read-reply.ts'

const booking = (status: number | null, body: unknown) =>
  readBooking(toReply(status, typeof body === 'string' ? body : JSON.stringify(body)))
const single = (type: string, more: object = {}) => ({ type, message: 'said', ...more })
const nested = (...errors: object[]) => ({ type: 'invalid_input', message: 'see below', errors })
const field = (name: string) => ({ fields: [{ name, type: 'body', value: 'Secret Name' }] })

describe('what a refused booking proves', () => {
  test.each([
    [409, single('price_mismatch'), 'price_changed'],
    [410, single('rooms_unavailable'), 'sold_out'],
    [400, nested(single('link.invalid')), 'offer_expired'],
    [410, single('link.expired'), 'offer_expired'],
    [404, single('resource_not_found'), 'not_found'],
    [401, single('request_unauthenticated'), 'not_allowed'],
    [403, single('request_unauthorized'), 'not_allowed'],
    [426, single('upgrade_required'), 'not_allowed'],
    [429, single('too_many_requests'), 'not_allowed'],
    [400, nested(single('address.country_code.invalid', field('country_code'))), 'not_allowed'],
    [400, nested(single('rooms.given_name.invalid_length', field('given_name'))), 'invalid_passenger'],
    [400, nested(single('email.required', field('email'))), 'invalid_passenger'],
    [null, single('price_mismatch'), 'price_changed'],
  ])('%s %j is a rejection: %s', (status, body, reason) => {
    expect(booking(status, body)).toMatchObject({ outcome: 'rejected', reason })
  })

  test.each([
    [400, nested(single('duplicate_itinerary', field('affiliate_reference_id')))],
    [400, nested(single('link.invalid'), single('duplicate_itinerary'))],
    [400, nested(single('something.new'))],
    [400, single('invalid_input')],
    [400, nested(single('payment.declined', field('payments')))],
    // A field that is refused has to be named.
    [400, nested(single('email.invalid'))],
    [500, single('unknown_internal_error')],
    [503, single('service_unavailable')],
    [null, single('service_unavailable')],
    [500, single('price_mismatch')],
    [200, single('rooms_unavailable')],
    [400, single('constructor')],
    [400, single('toString')],
    [201, '{"itinerary_id":"89'],
    [201, {}],
    [201, { itinerary_id: '' }],
    [202, ''],
    [502, '<html>bad gateway</html>'],
    [200, '<html>maintenance</html>'],
    [429, { error: 'slow down' }],
    [201, '['.repeat(100_000)],
  ])('%s %s proves nothing', (status, body) => {
    expect(booking(status, body).outcome).toBe('unknown')
  })

  test('a time-out of theirs is a server error, a code nobody knows is unrecognised', () => {
    expect(booking(503, single('service_unavailable'))).toMatchObject({ cause: 'server_error' })
    expect(booking(400, single('inscrutable_mood'))).toMatchObject({ cause: 'unrecognised' })
    expect(booking(502, 'bad')).toMatchObject({ cause: 'server_error' })
  })

  test('says which field was refused and never what was in it', () => {
    const outcome = booking(400, nested(single('rooms.given_name.invalid', field('given_name'))))
    expect(JSON.stringify(outcome)).toContain('given_name')
    expect(JSON.stringify(outcome)).not.toContain('Secret Name')
  })
})

describe('what became of cancelling a room', () => {
  const cancelling = (status: number, body: unknown) => readRoomCancellation(toReply(status, JSON.stringify(body) ?? ''))

  test('204 is done and so is a room that was cancelled before; 202 is not yet', () => {
    expect(cancelling(204, undefined)).toEqual({ outcome: 'ok', value: null })
    expect(cancelling(400, single('room_already_cancelled'))).toEqual({ outcome: 'ok', value: null })
    expect(cancelling(202, undefined)).toMatchObject({ outcome: 'unknown', cause: 'pending' })
  })

  test('200 with a page, 5xx and unknown codes prove nothing', () => {
    expect(cancelling(200, {}).outcome).toBe('unknown')
    expect(cancelling(500, single('room_already_cancelled')).outcome).toBe('unknown')
    expect(cancelling(400, single('inscrutable')).outcome).toBe('unknown')
    expect(cancelling(404, single('resource_not_found'))).toMatchObject({ outcome: 'rejected', reason: 'not_found' })
  })
})

describe('a call that brought nothing whole', () => {
  test('is rejected only when it never left', () => {
    expect(toLostWrite(new PartnerError('unreachable', 'refused', { neverSent: true }))).toMatchObject({
      outcome: 'rejected',
      reason: 'not_sent',
    })
    for (const fault of ['timeout', 'cut_off', 'too_large', 'aborted', 'overloaded'] as const)
      expect(toLostWrite(new PartnerError(fault, 'lost', { neverSent: false })).outcome).toBe('unknown')
    expect(() => toLostWrite(new Error('a bug'))).toThrow('a bug')
  })
})

describe('a read that failed', () => {
  test.each([
    [429, single('too_many_requests'), 'throttled'],
    [401, single('request_unauthenticated'), 'unauthorised'],
    [403, single('request_unauthorized'), 'unauthorised'],
    [500, single('unknown_internal_error'), 'unreachable'],
    [503, single('service_unavailable'), 'unreachable'],
    [504, '', 'timeout'],
    [502, '<html>', 'unreachable'],
    [429, '', 'throttled'],
    [400, single('currency.invalid'), 'refused'],
    [200, '<html>', 'malformed'],
    [null, '', 'malformed'],
  ] as const)('%s %j is %s', (status, body, fault) => {
    const reply = toReply(status, typeof body === 'string' ? body : JSON.stringify(body))
    expect(toReadError(findErrors(reply.body), status).fault).toBe(fault)
  })

  test('nothing under a reference is an empty list or a 404 of theirs, and never a page that is neither', () => {
    expect(readItineraries(toReply(200, '[]'))).toEqual([])
    expect(readItineraries(toReply(404, JSON.stringify(single('resource_not_found'))))).toEqual([])
    expect(() => readItineraries(toReply(404, '<html>'))).toThrow()
    expect(() => readItineraries(toReply(200, '{}'))).toThrow()
    expect(() => readItineraries(toReply(500, JSON.stringify(single('resource_not_found'))))).toThrow()
  })
})
