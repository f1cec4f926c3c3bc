import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { createStoppedClock, parseLocalDate } from '../../kernel/time.ts'
import { PartnerError, toPartnerReply, type PartnerReply, type PartnerRequest } from '../../platform/partner.ts'
import { attribute, child, children, childText, descendants, parseXml } from '../../platform/xml.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { StayOffer } from '../../travel/stay.ts'
import type { StayOrder } from '../contract.ts'
import { messageIn, readMessage } from './exchange.ts'
import { createOpenTravel, OPENTRAVEL_DEFAULT_LIMITS } from './index.ts'

const call = { signal: new AbortController().signal }

/** A seller that answers each message with what the test says, and notes what it was sent. */
function createSeller(answers: Readonly<Record<string, string | PartnerError>>) {
  const asked: PartnerRequest[] = []
  const send = (request: PartnerRequest): Promise<PartnerReply> => {
    asked.push(request)
    const answer =
      answers[readMessage(request.body ?? '').name] ?? new PartnerError('cut_off', 'nothing was prepared', { neverSent: false })
    return answer instanceof PartnerError ? Promise.reject(answer) : Promise.resolve(toPartnerReply(200, {}, Buffer.from(answer)))
  }
  const config = {
    url: 'http://seller/ota',
    username: 'u:ser',
    password: 'p',
    requestorId: 'FW1',
    chainCode: null,
    currency: 'EUR',
    limits: OPENTRAVEL_DEFAULT_LIMITS,
  }
  const { stays } = createOpenTravel({ config, send, clock: createStoppedClock('2026-12-01T00:00:00Z') })
  return { stays: stays!, names: () => asked.map((one) => readMessage(one.body ?? '').name), asked }
}

const key = { roomTypeCode: 'DBL', roomId: null, ratePlanCode: 'BAR', ratePlanId: null, bookingCode: null }
const offer: StayOffer = {
  id: 'HH1.0',
  provider: 'opentravel',
  property: 'HH1',
  propertyName: 'One',
  checkIn: parseLocalDate('2027-03-01'),
  checkOut: parseLocalDate('2027-03-04'),
  rooms: [
    { name: 'Double', code: 'DBL', occupancy: { adults: 2, childAges: [] } },
    { name: 'Double', code: 'DBL', occupancy: { adults: 1, childAges: [7, 7, 3] } },
  ],
  board: 'BB',
  boardText: null,
  ratePlan: { code: 'BAR', name: null },
  total: money(30_000, 'EUR'),
  charges: [],
  payAt: 'booking',
  refundable: true,
  cancellation: null,
  roomsLeft: null,
  isPackageOnly: false,
  remarks: [],
  expiresAt: null,
  supplierToken: JSON.stringify({ v: 1, chain: 'FW', rooms: [key, key] }),
}
const order: StayOrder = {
  reference: 'FWREF1',
  offer,
  guests: [
    { room: 0, isLead: true, title: 'mrs', givenName: 'Dewi <&> "Ayu"', familyName: '<![CDATA[x]]>\u0001O’Neil', age: null },
    { room: 1, isLead: false, title: null, givenName: 'Budi', familyName: 'Santoso', age: 7 },
  ],
  contact: { email: 'dewi@example.com', phone: '+628123456' },
}

const held = (total: string, extra = '') =>
  `<HotelReservations><HotelReservation><UniqueID Type="14" ID="FWREF1" ID_Context="FAREWIRE"/><UniqueID Type="14" ID="S-77"/>${extra}<ResGlobalInfo><Total AmountAfterTax="${total}" CurrencyCode="EUR"/></ResGlobalInfo></HotelReservation></HotelReservations>`
const booked = (inner: string, attributes = 'ResResponseType="Committed"') =>
  `<OTA_HotelResRS xmlns="http://www.opentravel.org/OTA/2003/05" ${attributes}><Success/>${inner}</OTA_HotelResRS>`
const CANCELLED = '<OTA_CancelRS Status="Cancelled"><Success/><UniqueID Type="14" ID="S-77"/></OTA_CancelRS>'
const reservation: Reservation = {
  pnr: 'S-77',
  supplierRef: 'S-77',
  status: 'active',
  segments: [],
  total: money(30_000, 'EUR'),
  tickets: [],
  ticketBy: null,
}

describe('booking', () => {
  test('commits in one message: reference, rates, total, guests, and nobody’s card', async () => {
    const seller = createSeller({ OTA_HotelResRQ: booked(held('300.00')) })
    expect(await seller.stays.book(order, call)).toEqual({ outcome: 'ok', value: reservation })
    expect(seller.names()).toEqual(['OTA_HotelResRQ'])
    const [{ headers, body, url, timeoutMs }] = seller.asked as [PartnerRequest]
    expect([url, timeoutMs]).toEqual(['http://seller/ota', 90_000])
    expect(headers).toMatchObject({
      authorization: `Basic ${Buffer.from('u:ser:p').toString('base64')}`,
      soapaction: '"OTA_HotelResRQ"',
      'content-type': 'text/xml; charset=utf-8',
    })
    const root = parseXml(body!)
    const message = messageIn(root)!
    expect([root.namespace, message.namespace, attribute(message, 'ResStatus')]).toEqual([
      'http://schemas.xmlsoap.org/soap/envelope/',
      'http://www.opentravel.org/OTA/2003/05',
      'Commit',
    ])
    const [unique] = descendants(message, 'UniqueID')
    expect([attribute(unique, 'Type'), attribute(unique, 'ID'), attribute(unique, 'ID_Context')]).toEqual(['14', 'FWREF1', 'FAREWIRE'])
    const rooms = descendants(message, 'RoomStay')
    expect(rooms.map((room) => attribute(descendants(room, 'RoomRate')[0], 'RatePlanCode'))).toEqual(['BAR', 'BAR'])
    expect(rooms.map((room) => attribute(child(room, 'BasicPropertyInfo'), 'HotelCode'))).toEqual(['HH1', 'HH1'])
    expect(
      descendants(rooms[1], 'GuestCount').map((count) => ['AgeQualifyingCode', 'Age', 'Count'].map((name) => attribute(count, name))),
    ).toEqual([
      ['10', undefined, '1'],
      ['8', '3', '1'],
      ['8', '7', '2'],
    ])
    expect(descendants(rooms[1], 'ResGuestRPH').map((guest) => attribute(guest, 'RPH'))).toEqual(['2'])
    const total = descendants(child(descendants(message, 'HotelReservation')[0], 'ResGlobalInfo'), 'Total')[0]
    expect([attribute(total, 'AmountAfterTax'), attribute(total, 'CurrencyCode')]).toEqual(['300.00', 'EUR'])
    expect(body).not.toContain('PaymentCard')
    expect(attribute(descendants(message, 'DirectBill')[0], 'DirectBill_ID')).toBe('FW1')
  })

  test('writes names as they are, whatever they look like in XML', async () => {
    const seller = createSeller({ OTA_HotelResRQ: booked(held('300.00')) })
    await seller.stays.book(order, call)
    const guests = descendants(readMessage(seller.asked[0]!.body!), 'ResGuest')
    const names = guests.map((guest) => descendants(guest, 'PersonName')[0])
    expect(names.map((name) => childText(name, 'GivenName'))).toEqual(['Dewi <&> "Ayu"', 'Budi'])
    // What XML cannot hold is left out, and what the package would take for markup is text.
    expect(childText(names[0], 'Surname')).toBe('< ![CDATA[x]]>O’Neil')
    expect(names.map((name) => childText(name, 'NamePrefix'))).toEqual(['Mrs', undefined])
    expect(descendants(guests[0], 'Email').map((email) => email.text)).toEqual(['dewi@example.com'])
    expect(children(guests[1], 'Email')).toEqual([])
  })

  test('a reservation that is dearer than agreed is cancelled again and rejected', async () => {
    const seller = createSeller({ OTA_HotelResRQ: booked(held('300.01')), OTA_CancelRQ: CANCELLED })
    expect(await seller.stays.book(order, call)).toMatchObject({ outcome: 'rejected', reason: 'price_changed', code: 'dearer_cancelled' })
    expect(seller.names()).toEqual(['OTA_HotelResRQ', 'OTA_CancelRQ'])
    expect(attribute(descendants(readMessage(seller.asked[1]!.body!), 'UniqueID')[0], 'ID')).toBe('S-77')
  })

  test.each([
    ['is not answered', new PartnerError('cut_off', 'cut off', { neverSent: false })],
    ['never left us', new PartnerError('unreachable', 'no connection', { neverSent: true })],
    ['is pending', CANCELLED.replace('Cancelled', 'Pending')],
    ['is refused', '<OTA_CancelRS><Errors><Error Type="3" Code="264"/></Errors></OTA_CancelRS>'],
  ])('when that cancellation %s, nobody knows what is held', async (_, answer) => {
    const seller = createSeller({ OTA_HotelResRQ: booked(held('300.01')), OTA_CancelRQ: answer })
    const outcome = await seller.stays.book(order, call)
    expect(outcome).toMatchObject({ outcome: 'unknown' })
    expect(JSON.stringify(outcome)).toContain('S-77')
  })

  test('a cheaper one is taken', async () => {
    const seller = createSeller({ OTA_HotelResRQ: booked(held('250.00')) })
    expect(await seller.stays.book(order, call)).toMatchObject({ outcome: 'ok', value: { total: { amount: 25_000 } } })
  })

  test.each([
    ['no word of success', `<OTA_HotelResRS ResResponseType="Committed">${held('300.00')}</OTA_HotelResRS>`, 'unrecognised'],
    ['a success without a reservation', booked(''), 'unrecognised'],
    ['a success with our own number only', booked(held('300.00').replace('<UniqueID Type="14" ID="S-77"/>', '')), 'unrecognised'],
    ['a pending reservation', booked(held('300.00'), 'ResResponseType="Pending"'), 'pending'],
    ['one that is only requested', booked(held('300.00'), 'ResResponseType="Requested"'), 'pending'],
    ['a status that nobody knows', booked(held('300.00'), 'ResResponseType="Fine"'), 'unrecognised'],
    ['a cancelled one', booked(held('300.00'), 'ResResponseType="Cancelled"'), 'unrecognised'],
    [
      'two reservations',
      booked(
        held('300.00').replace(
          '</HotelReservations>',
          '<HotelReservation><UniqueID Type="14" ID="S-78"/></HotelReservation></HotelReservations>',
        ),
      ),
      'unrecognised',
    ],
    ['another message', '<OTA_CancelRS><Success/></OTA_CancelRS>', 'malformed'],
    ['nothing', '', 'malformed'],
  ])('%s is unknown', async (_, answer, cause) => {
    const seller = createSeller({ OTA_HotelResRQ: answer })
    expect(await seller.stays.book(order, call)).toMatchObject({ outcome: 'unknown', cause })
  })

  test('what never left us may be sent again', async () => {
    const seller = createSeller({ OTA_HotelResRQ: new PartnerError('unreachable', 'no connection', { neverSent: true }) })
    expect(await seller.stays.book(order, call)).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
  })

  test('the guest shows the hotel’s own confirmation where there is one', async () => {
    const ids =
      '<ResGlobalInfo><HotelReservationIDs><HotelReservationID ResID_Type="10" ResID_Value="HOTEL9"/></HotelReservationIDs><Total AmountAfterTax="300.00" CurrencyCode="EUR"/></ResGlobalInfo>'
    const seller = createSeller({ OTA_HotelResRQ: booked(held('300.00').replace(/<ResGlobalInfo>.*<\/ResGlobalInfo>/, ids)) })
    expect(await seller.stays.book(order, call)).toMatchObject({ value: { pnr: 'HOTEL9', supplierRef: 'S-77' } })
  })
})

describe('looking up', () => {
  const list = (...ids: readonly string[]) =>
    `<OTA_ResRetrieveRS><Success/><ReservationsList>${ids.join('')}</ReservationsList></OTA_ResRetrieveRS>`
  const one = (id: string, status: string, reference = 'FWREF1') =>
    `<HotelReservation ResStatus="${status}"><UniqueID Type="14" ID="${id}"/><UniqueID Type="14" ID="${reference}" ID_Context="FAREWIRE"/></HotelReservation>`

  test('finds by our reference, in any case, and prefers what is held', async () => {
    const seller = createSeller({ OTA_ReadRQ: list(one('S-1', 'Cancel'), one('S-2', 'Commit', 'fwref1')) })
    expect(await seller.stays.find(order, call)).toMatchObject({ outcome: 'found', reservation: { supplierRef: 'S-2', status: 'active' } })
    const [unique] = descendants(readMessage(seller.asked[0]!.body!), 'UniqueID')
    expect([attribute(unique, 'ID'), attribute(unique, 'ID_Context')]).toEqual(['FWREF1', 'FAREWIRE'])
  })

  test('absent is what the seller says, or an empty list; another reservation is neither', async () => {
    const find = (answer: string) => createSeller({ OTA_ReadRQ: answer }).stays.find(order, call)
    expect(await find(list())).toEqual({ outcome: 'absent' })
    expect(await find('<OTA_ResRetrieveRS><Errors><Error Type="3" Code="97"/></Errors></OTA_ResRetrieveRS>')).toEqual({ outcome: 'absent' })
    await expect(find('<OTA_ResRetrieveRS><Errors><Error Type="1" Code="97"/></Errors></OTA_ResRetrieveRS>')).rejects.toThrow('no reason')
    await expect(find(list(one('S-9', 'Commit', 'OTHER')))).rejects.toThrow('does not name our reference')
    await expect(find('<OTA_ResRetrieveRS/>')).rejects.toThrow('neither')
  })

  test('retrieves the very reservation, and knows no status that is not told', async () => {
    const retrieve = (answer: string) => createSeller({ OTA_ReadRQ: answer }).stays.retrieve('S-2', call)
    expect(await retrieve(list(one('S-1', 'Commit'), one('S-2', 'Cancelled')))).toMatchObject({ supplierRef: 'S-2', status: 'cancelled' })
    expect(await retrieve(list(one('S-2', '')))).toMatchObject({ status: 'unknown' })
    await expect(retrieve(list(one('S-1', 'Commit')))).rejects.toThrow('does not hold the reservation S-2')
  })
})

describe('cancelling', () => {
  const cancel = (answer: string | PartnerError) => createSeller({ OTA_CancelRQ: answer }).stays.cancel(reservation, call)
  const rules = (inner: string) =>
    CANCELLED.replace('</OTA_CancelRS>', `<CancelInfoRS><CancelRules>${inner}</CancelRules></CancelInfoRS></OTA_CancelRS>`)

  test('gives the total back without the penalty that is stated, and says so when none is', async () => {
    expect(await cancel(CANCELLED)).toEqual({ outcome: 'ok', value: { refund: null } })
    expect(await cancel(rules('<CancelRule Amount="50.00" CurrencyCode="EUR"/>'))).toMatchObject({ value: { refund: { amount: 25_000 } } })
    expect(await cancel(rules('<CancelRule Amount="900.00" CurrencyCode="EUR"/>'))).toMatchObject({ value: { refund: { amount: 0 } } })
    expect(await cancel(rules('<CancelRule Amount="50.00" CurrencyCode="USD"/>'))).toMatchObject({ value: { refund: null } })
    expect(
      await cancel(rules('<CancelRule><CancelPenalty><AmountPercent Amount="50.00" CurrencyCode="EUR"/></CancelPenalty></CancelRule>')),
    ).toMatchObject({ value: { refund: { amount: 25_000 } } })
  })

  test('only the status Cancelled of a success is one; what was cancelled before is one too', async () => {
    expect(await cancel('<OTA_CancelRS><Errors><Error Type="13" Code="95"/></Errors></OTA_CancelRS>')).toEqual({
      outcome: 'ok',
      value: { refund: null },
    })
    expect(await cancel('<OTA_CancelRS><Success/><Warnings><Warning Type="3" Code="95"/></Warnings></OTA_CancelRS>')).toEqual({
      outcome: 'ok',
      value: { refund: null },
    })
    expect(await cancel(CANCELLED.replace('<Success/>', ''))).toMatchObject({ outcome: 'unknown' })
    expect(await cancel(CANCELLED.replace('Cancelled', 'Pending'))).toMatchObject({ outcome: 'unknown', cause: 'pending' })
    expect(await cancel(CANCELLED.replace(' Status="Cancelled"', ''))).toMatchObject({ outcome: 'unknown' })
    expect(await cancel(CANCELLED.replace('Cancelled', 'Denied'))).toMatchObject({ outcome: 'unknown' })
    expect(await cancel('<OTA_CancelRS><Errors><Error Type="3" Code="385"/></Errors></OTA_CancelRS>')).toMatchObject({ outcome: 'unknown' })
    expect(await cancel(new PartnerError('unreachable', 'no connection', { neverSent: true }))).toMatchObject({
      outcome: 'rejected',
      reason: 'not_sent',
    })
  })
})

test('a token of another adapter’s is refused before anything is sent', async () => {
  const seller = createSeller({})
  await expect(seller.stays.book({ ...order, offer: { ...offer, supplierToken: 'rate-key' } }, call)).rejects.toThrow('not ours')
  await expect(seller.stays.price({ ...offer, supplierToken: '{"v":2}' }, call)).rejects.toThrow('another version')
  expect(seller.asked).toEqual([])
})
