import { describe, expect, test } from 'vitest'
import { parseXml } from '../../platform/xml.ts'
import { isCancelledBefore, isNoReservation, isNothingFound, outcomeOfErrors, readErrors, readSoapFault, refused } from './faults.ts'
import { translate } from './translate.ts'

const error = (type: string | null, code: string | null) => ({ type, code, message: 'why' })
const reply = (name: string, inner: string): string => `<${name} xmlns="http://www.opentravel.org/OTA/2003/05">${inner}</${name}>`
const errors = (...list: readonly (readonly [type: string, code: string])[]): string =>
  `<Errors>${list.map(([type, code]) => `<Error Type="${type}" Code="${code}" ShortText="no"/>`).join('')}</Errors>`

describe('the allow-list of bookings', () => {
  test.each([
    ['3', '322', 'sold_out'],
    ['13', '322', 'sold_out'],
    ['3', '438', 'sold_out'],
    ['13', '783', 'sold_out'],
    ['3', '436', 'price_changed'],
    ['3', '842', 'offer_expired'],
    ['3', '397', 'invalid_passenger'],
    ['13', '242', 'declined'],
    ['13', '351', 'declined'],
  ])('type %s with code %s proves that nothing happened: %s', (type, code, reason) => {
    expect(outcomeOfErrors('book', [error(type, code)])).toMatchObject({ outcome: 'rejected', reason, code })
    // The same proves nothing of a cancellation.
    expect(outcomeOfErrors('cancel', [error(type, code)])).toMatchObject({ outcome: 'unknown' })
  })

  test.each(['4', '6'])('type %s is being kept out, and the attempt may be made again', (type) => {
    for (const operation of ['book', 'cancel'] as const)
      expect(outcomeOfErrors(operation, [error(type, '175')])).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
  })

  test.each([
    ['1', '322', 'unknown'],
    ['2', '322', 'not implemented'],
    ['5', '322', 'a session that timed out'],
    ['7', '322', 'a protocol violation'],
    ['8', '322', 'a transaction that may have been made'],
    ['11', '322', 'an advisory'],
    ['12', '322', 'a processing exception'],
    [null, '322', 'no type'],
    ['3', null, 'no code'],
    ['3', '127', 'a reservation that exists already'],
    ['3', '187', 'a system that is away'],
    ['3', '188', 'a transaction error'],
    ['13', '448', 'a system error'],
    ['13', '450', 'not processed'],
    ['13', '9999', 'a code that nobody knows'],
  ])('type %s with code %s proves nothing (%s)', (type, code, _what) => {
    expect(outcomeOfErrors('book', [error(type, code)])).toMatchObject({ outcome: 'unknown', cause: 'unrecognised' })
  })

  test('several errors prove something only when all are on the list and agree', () => {
    expect(outcomeOfErrors('book', [error('3', '322'), error('3', '438')])).toMatchObject({ outcome: 'rejected', reason: 'sold_out' })
    expect(outcomeOfErrors('book', [error('3', '322'), error('13', '448')])).toMatchObject({ outcome: 'unknown' })
    expect(outcomeOfErrors('book', [error('3', '322'), error('3', '436')])).toMatchObject({ outcome: 'unknown' })
    expect(outcomeOfErrors('book', [error('3', '322'), error('4', '1')])).toMatchObject({ outcome: 'unknown' })
    expect(outcomeOfErrors('book', [])).toMatchObject({ outcome: 'unknown' })
  })

  test('errors beside a reservation prove nothing', () => {
    const held = '<HotelReservations><HotelReservation><UniqueID Type="14" ID="A1"/></HotelReservation></HotelReservations>'
    expect(translate('book', reply('OTA_HotelResRS', errors(['3', '322'])))).toMatchObject({
      result: { outcome: 'rejected', reason: 'sold_out' },
    })
    expect(translate('book', reply('OTA_HotelResRS', errors(['3', '322']) + held))).toMatchObject({ result: { outcome: 'unknown' } })
  })
})

describe('errors of reads', () => {
  test('nothing found and no reservation are answers only when the seller has judged', () => {
    for (const code of ['322', '424', '425', '438', '783', '842']) {
      expect(isNothingFound([error('3', code)])).toBe(true)
      expect(isNothingFound([error('12', code)])).toBe(false)
    }
    for (const code of ['97', '385', '430']) {
      expect(isNoReservation([error('13', code)])).toBe(true)
      expect(isNoReservation([error('1', code)])).toBe(false)
    }
    expect(isNothingFound([error('3', '322'), error('3', '448')])).toBe(false)
    expect([isCancelledBefore([error('3', '95')]), isCancelledBefore([error('2', '95')]), isCancelledBefore([])]).toEqual([
      true,
      false,
      false,
    ])
    expect([isNothingFound([]), isNoReservation([])]).toEqual([false, false])
  })

  test('being kept out is told from a refusal', () => {
    expect(refused([error('4', null)]).fault).toBe('unauthorised')
    expect(refused([error('3', '400')])).toMatchObject({ fault: 'refused', code: '400', message: 'why' })
  })

  test('an error is read from its attributes, its text, or both; an empty list is an error of which nothing is known', () => {
    const read = (inner: string) => readErrors(parseXml(reply('OTA_HotelAvailRS', inner)))
    expect(read('<Errors><Error Type="6" Code="392">Hotel not found</Error></Errors>')).toEqual([
      { type: '6', code: '392', message: 'Hotel not found' },
    ])
    expect(read('<Errors><Error Type="13" Code="322" ShortText="No availability">HTL4444</Error></Errors>')[0]!.message).toBe(
      'No availability: HTL4444',
    )
    expect(read('<Errors/>')).toEqual([{ type: null, code: null, message: expect.stringContaining('names none') }])
    expect(read('<Success/>')).toEqual([])
  })

  test('a SOAP fault of either version is read, and the errors in its detail count', () => {
    const fault = (inner: string) => readSoapFault(parseXml(`<Fault>${inner}</Fault>`))
    expect(fault('<faultcode>soap:Server</faultcode><faultstring>Away</faultstring>')).toEqual({
      type: null,
      code: 'soap:Server',
      message: 'Away',
    })
    expect(fault('<Code><Value>env:Sender</Value></Code><Reason><Text>Bad</Text></Reason>')).toMatchObject({
      code: 'env:Sender',
      message: 'Bad',
    })
    expect(fault(`<faultcode>x</faultcode><detail><OTA_HotelResRS>${errors(['3', '322'])}</OTA_HotelResRS></detail>`)).toMatchObject({
      type: '3',
      code: '322',
    })
  })
})

describe('what is shown of an error', () => {
  test('the message that holds it says what it is the answer to', () => {
    const text = reply('OTA_HotelAvailRS', errors(['13', '322']))
    for (const kind of ['shop', 'book', 'cancel'] as const)
      expect(translate(kind, text)).toEqual({ kind: 'stays', solutions: 0, offers: [] })
    expect(() => translate('shop', reply('OTA_HotelAvailRS', errors(['13', '400'])))).toThrow('no')
    expect(translate('shop', reply('OTA_CancelRS', errors(['3', '95'])))).toMatchObject({
      kind: 'cancellation',
      result: { outcome: 'ok', value: { refund: null } },
    })
    expect(translate('shop', reply('OTA_CancelRS', errors(['3', '385'])))).toMatchObject({
      kind: 'cancellation',
      result: { outcome: 'unknown' },
    })
    expect(translate('shop', reply('OTA_ResRetrieveRS', errors(['3', '322'])))).toMatchObject({
      kind: 'reservation',
      result: { outcome: 'unknown' },
    })
  })

  test('of a SOAP fault the operation says it', () => {
    const fault = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>Away</faultstring></s:Fault></s:Body></s:Envelope>`
    expect(translate('book', fault)).toMatchObject({ kind: 'reservation', result: { outcome: 'unknown' } })
    expect(translate('cancel', fault)).toMatchObject({ kind: 'cancellation', result: { outcome: 'unknown' } })
    expect(() => translate('shop', fault)).toThrow('Away')
  })
})
