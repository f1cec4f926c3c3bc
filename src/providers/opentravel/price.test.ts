import { describe, expect, test } from 'vitest'
import { createStoppedClock, parseLocalDate } from '../../kernel/time.ts'
import { toPartnerReply, type PartnerRequest } from '../../platform/partner.ts'
import { attribute, child, descendants } from '../../platform/xml.ts'
import type { StayOffer, StayQuery } from '../../travel/stay.ts'
import { readMessage } from './exchange.ts'
import { createOpenTravel, OPENTRAVEL_DEFAULT_LIMITS } from './index.ts'

const call = { signal: new AbortController().signal }
const query: StayQuery = {
  properties: ['HH1', 'HH2'],
  checkIn: parseLocalDate('2027-03-01'),
  checkOut: parseLocalDate('2027-03-04'),
  rooms: [
    { adults: 2, childAges: [7, 3, 7] },
    { adults: 1, childAges: [] },
  ],
  guestCountry: 'ID',
  currency: 'EUR',
}
const oneRoom: StayQuery = { ...query, properties: ['HH1'], rooms: [{ adults: 1, childAges: [] }] }

function createSeller(answers: readonly string[], chainCode: string | null = null) {
  const asked: string[] = []
  const send = (request: PartnerRequest) =>
    Promise.resolve(toPartnerReply(200, {}, Buffer.from(answers[asked.push(request.body ?? '') - 1] ?? '')))
  const config = {
    url: 'http://seller/ota',
    username: 'u',
    password: 'p',
    requestorId: 'FW1',
    chainCode,
    currency: 'EUR',
    limits: OPENTRAVEL_DEFAULT_LIMITS,
  }
  const { stays } = createOpenTravel({ config, send, clock: createStoppedClock('2027-01-01T00:00:00Z') })
  return { stays: stays!, sent: (index: number) => readMessage(asked[index]!) }
}

type Rate = { readonly id: string; readonly room?: string; readonly amount: string }
const avail = (...rates: readonly Rate[]): string =>
  `<OTA_HotelAvailRS><Success/><RoomStays><RoomStay><RoomTypes><RoomType RoomID="R1"><RoomDescription>Double</RoomDescription></RoomType><RoomType RoomID="R2"><RoomDescription>Suite</RoomDescription></RoomType></RoomTypes><RatePlans>${rates
    .map(({ id }) => `<RatePlan RatePlanID="${id}" RatePlanName="Best"/>`)
    .join('')}</RatePlans><RoomRates>${rates
    .map(
      ({ id, room = 'R1', amount }) =>
        `<RoomRate RatePlanID="${id}" RoomID="${room}"><Total AmountAfterTax="${amount}" CurrencyCode="EUR"/></RoomRate>`,
    )
    .join('')}</RoomRates><BasicPropertyInfo ChainCode="CH" HotelCode="HH1"/></RoomStay></RoomStays></OTA_HotelAvailRS>`

async function offerOf(seller: ReturnType<typeof createSeller>): Promise<StayOffer> {
  const reply = await seller.stays.shop(oneRoom, call)
  if (!('unread' in reply)) throw new Error('was read already')
  return seller.stays.readShop!(reply, oneRoom).offers[0]!
}

describe('asking', () => {
  test('names the hotels, the dates, and a candidate for each room with its guests by age', async () => {
    const seller = createSeller([''], 'CH')
    await seller.stays.shop(query, call)
    const message = seller.sent(0)
    expect(message.name).toBe('OTA_HotelAvailRQ')
    expect([attribute(message, 'RequestedCurrency'), attribute(message, 'ExactMatchOnly')]).toEqual(['EUR', 'false'])
    const [source] = descendants(message, 'Source')
    expect([attribute(source, 'ISOCountry'), attribute(child(source, 'RequestorID'), 'ID')]).toEqual(['ID', 'FW1'])
    expect(descendants(message, 'HotelRef').map((ref) => [attribute(ref, 'ChainCode'), attribute(ref, 'HotelCode')])).toEqual([['CH', 'HH1'], ['CH', 'HH2']]) // prettier-ignore
    const [dates] = descendants(message, 'StayDateRange')
    expect([attribute(dates, 'Start'), attribute(dates, 'End')]).toEqual(['2027-03-01', '2027-03-04'])
    const candidates = descendants(message, 'RoomStayCandidate')
    expect(candidates.map((candidate) => attribute(candidate, 'RPH'))).toEqual(['1', '2'])
    expect(
      descendants(candidates[0], 'GuestCount').map((count) => ['AgeQualifyingCode', 'Age', 'Count'].map((name) => attribute(count, name))),
    ).toEqual([
      ['10', undefined, '2'],
      ['8', '3', '1'],
      ['8', '7', '2'],
    ])
  })

  test('asks for the very rate when it prices, in the hotel’s own chain', async () => {
    const seller = createSeller([avail({ id: 'A#1', amount: '100.00' }), avail({ id: 'A#1', amount: '100.00' })])
    const offer = await offerOf(seller)
    expect(await seller.stays.price(offer, call)).toEqual({ outcome: 'priced', offer })
    const message = seller.sent(1)
    expect(attribute(message, 'ExactMatchOnly')).toBe('true')
    const [ref] = descendants(message, 'HotelRef')
    expect([attribute(ref, 'ChainCode'), attribute(ref, 'HotelCode')]).toEqual(['CH', 'HH1'])
    const [plan] = descendants(message, 'RatePlanCandidate')
    const [room] = descendants(message, 'RoomStayCandidate')
    expect([
      attribute(plan, 'RatePlanID'),
      attribute(plan, 'RPH'),
      attribute(room, 'RoomID'),
      attribute(room, 'RatePlanCandidateRPH'),
    ]).toEqual(['A#1', '1', 'R1', '1'])
  })
})

describe('the live price', () => {
  const price = async (answer: string) => {
    const seller = createSeller([avail({ id: 'A#1', amount: '100.00' }), answer])
    return seller.stays.price(await offerOf(seller), call)
  }

  test('is that of the same rate, whatever else is told', async () => {
    expect(await price(avail({ id: 'B#1', amount: '80.00' }, { id: 'A#1', amount: '110.00' }))).toMatchObject({
      outcome: 'priced',
      offer: { id: 'HH1.0~11000', total: { amount: 11_000 } },
    })
  })

  test('is that of a rate with another id when it is the only one that is the same to a guest', async () => {
    expect(await price(avail({ id: 'A#2', amount: '110.00' }))).toMatchObject({ outcome: 'priced', offer: { total: { amount: 11_000 } } })
    expect(await price(avail({ id: 'A#2', amount: '110.00' }, { id: 'A#3', amount: '120.00' }))).toMatchObject({ outcome: 'gone' })
    expect(await price(avail({ id: 'A#2', room: 'R2', amount: '110.00' }))).toMatchObject({ outcome: 'gone' })
  })

  test('is gone when nothing is told, or the seller says so; anything else cannot be known', async () => {
    expect(await price(avail())).toMatchObject({ outcome: 'gone' })
    expect(await price('<OTA_HotelAvailRS><Errors><Error Type="3" Code="322"/></Errors></OTA_HotelAvailRS>')).toMatchObject({
      outcome: 'gone',
    })
    await expect(price('<OTA_HotelAvailRS><Errors><Error Type="1" Code="322"/></Errors></OTA_HotelAvailRS>')).rejects.toThrow('no reason')
    await expect(price('<OTA_HotelAvailRS/>')).rejects.toThrow('neither')
    await expect(price('<OTA_CancelRS><Success/></OTA_CancelRS>')).rejects.toThrow('expected HotelAvailRS')
  })
})

test('an error about some hotels does not hide the rates of the others', async () => {
  const some = avail({ id: 'A#1', amount: '100.00' }).replace('<Success/>', '<Errors><Error Type="13" Code="322">HH2</Error></Errors>')
  expect(await offerOf(createSeller([some]))).toMatchObject({ total: { amount: 10_000 } })
})
