import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startOpenTravelMock, type OpenTravelMock } from '../../../fixtures/opentravel/index.ts'
import { createStoppedClock, parseLocalDate } from '../../kernel/time.ts'
import { createPartner, type Partner } from '../../platform/partner.ts'
import { scanXml, wantedNames } from '../../platform/scan-xml.ts'
import { parseXml, XmlError, type XmlElement } from '../../platform/xml.ts'
import type { StayQuery } from '../../travel/stay.ts'
import type { UnreadShop } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { judge, messageIn } from './exchange.ts'
import { createOpenTravel, OPENTRAVEL_DEFAULT_LIMITS } from './index.ts'
import { AVAIL_ELEMENTS, readAvail } from './read-avail.ts'
import { availabilityIn, scanAvail } from './read-shop-reply.ts'

const FRAME = ['Envelope', 'Body', 'OTA_HotelAvailRS', 'HotelAvailRS']
const RECORDINGS = new URL('../../../../shared/recordings/opentravel-hotel/', import.meta.url)
const recordings = existsSync(RECORDINGS)
  ? readdirSync(RECORDINGS).flatMap((step) => readdirSync(new URL(`${step}/`, RECORDINGS)).map((file) => `${step}/${file}`))
  : []
const now = createStoppedClock('2027-02-01T00:00:00Z').now()

/** What the reader makes of a tree, or of its being refused. */
function outcomeOf(read: () => XmlElement): unknown {
  try {
    const message = messageIn(read())
    const answer = message && availabilityIn(judge(message, ['HotelAvailRS']))
    return answer ? readAvail(answer, { query: null, now }) : answer
  } catch (error) {
    if (error instanceof XmlError) return 'not XML'
    if (error instanceof ProviderError) return { fault: error.fault, code: error.code, message: error.message }
    return String(error)
  }
}

const strict = (text: string): unknown => outcomeOf(() => parseXml(text))

/** The scanner's outcome, or undefined where it leaves the message to the strict reader. */
function scanned(text: string): unknown {
  const message = scanAvail(Buffer.from(text))
  return message === null ? undefined : outcomeOf(() => message)
}

const plan = (code: string, inner: string): string => `<RatePlan RatePlanCode="${code}" RatePlanName="Plan ${code}">${inner}</RatePlan>`
const whole = '<Total AmountAfterTax="100.00" CurrencyCode="EUR"/>'

/** Everything that the reader looks for at least once, each where leaving it out changes what is read. */
const EVERYTHING = `<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><OTA_HotelAvailRS xmlns="http://www.opentravel.org/OTA/2003/05" Version="6.001">
<Success/><Warnings><Warning Type="3" Code="1">Some &amp; none</Warning></Warnings>
<RoomStays>
<RoomStay><RoomTypes>
<RoomType RoomTypeCode="A" NumberOfUnits="3"><RoomDescription><Text>Room A &amp; sea é</Text></RoomDescription></RoomType>
<RoomType RoomTypeCode="B" RoomType="Room B"><RoomDescriptions><ListItem>With a list</ListItem></RoomDescriptions></RoomType></RoomTypes>
<RatePlans>
${plan('P1', '<RatePlanDescription><Text>Words of the plan</Text></RatePlanDescription><AdditionalDetails><AdditionalDetail><DetailDescription><Text>Details</Text></DetailDescription></AdditionalDetail></AdditionalDetails><Guarantee GuaranteeType="PrePay"/><CancelPenalties><CancelPenalty><Deadline AbsoluteDeadline="2027-02-20T18:00:00"/><AmountPercent Percent="50"/><PenaltyDescription><Text>Half</Text></PenaltyDescription></CancelPenalty></CancelPenalties><MealsIncluded Breakfast="true"/>')}
${plan('P2', '')}</RatePlans>
<RoomRates>
<RoomRate RoomTypeCode="A" RatePlanCode="P1"><Rates><Rate EffectiveDate="2027-03-01" ExpireDate="2027-03-02"><Base AmountAfterTax="60.00" CurrencyCode="EUR"/></Rate><Rate EffectiveDate="2027-03-02" ExpireDate="2027-03-03"><Base AmountAfterTax="50.00" CurrencyCode="EUR"/></Rate></Rates></RoomRate>
<RoomRate RoomTypeCode="B" RatePlanCode="P2"><Rates><Rate><Fees><Fee Type="Exclusive" Amount="4.00" CurrencyCode="EUR"><Description><Text>Cleaning</Text></Description></Fee></Fees><CancelPolicies><CancelPenalty><AmountPercent Amount="10.00"/></CancelPenalty></CancelPolicies><PaymentPolicies><GuaranteePayment PaymentCode="DirectPayment"/></PaymentPolicies><Total AmountBeforeTax="90.00" CurrencyCode="EUR"><Taxes><Tax Type="Exclusive" Amount="9.00" CurrencyCode="EUR"><TaxDescription Name="VAT"/></Tax></Taxes></Total><RateDescription><Text>Words of the rate</Text></RateDescription></Rate></Rates><RoomRateDescription><Text>Words of the room</Text></RoomRateDescription></RoomRate>
</RoomRates><GuestCounts><GuestCount AgeQualifyingCode="10" Count="2"/><GuestCount AgeQualifyingCode="8" Age="7" Count="1"/></GuestCounts><TimeSpan Start="2027-03-01" End="2027-03-03"/><BasicPropertyInfo HotelCode="HH1" HotelName="One"><Position Latitude="-6.2" Longitude="106.8"/></BasicPropertyInfo></RoomStay>
<RoomStay><RatePlans>${plan('P3', '<CancelPolicy><CancelPenalty NonRefundable="true"/></CancelPolicy>')}</RatePlans><RoomRates><RoomRate RatePlanCode="P3">${whole}</RoomRate></RoomRates><TimeSpan Start="2027-03-01" Duration="P2N"/><BasicPropertyInfo HotelCode="HH2"/></RoomStay>
<RoomStay RPH="7"><RoomRates><RoomRate>${whole}</RoomRate></RoomRates><TimeSpan Start="2027-03-01" End="2027-03-03"/></RoomStay>
</RoomStays><HotelStays><HotelStay RoomStayRPH="6 7"><BasicPropertyInfo HotelCode="HH3"/></HotelStay></HotelStays></OTA_HotelAvailRS></soap:Body></soap:Envelope>`

/** Elements that only matter to a message of another form: what they change is shown beside them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  Success: EVERYTHING.replace(/<RoomStays>[\s\S]*<\/HotelStays>/, ''),
  Errors: EVERYTHING.replace('<Success/>', '<Errors><Error Type="13" Code="7">no</Error></Errors>'),
  Error: EVERYTHING.replace('<Success/>', '<Errors><Error Type="13" Code="7">no</Error></Errors>'),
}
/** Read for people who are shown a message, not for an offer. */
const UNREAD_HERE = ['Warnings', 'Warning']

describe('an availability reply that is scanned', () => {
  let mock: OpenTravelMock
  let partner: Partner

  beforeAll(async () => {
    mock = await startOpenTravelMock({ seed: 7 })
    partner = createPartner({ name: 'OpenTravel', concurrentMax: 4 })
  })
  afterAll(async () => {
    await partner.close()
    await mock.close()
  })

  test('says all that the strict reader finds in it', () => {
    expect(scanned(EVERYTHING)).toEqual(strict(EVERYTHING))
    const { offers, solutions } = strict(EVERYTHING) as ReturnType<typeof readAvail>
    expect([solutions, offers.map((offer) => offer.property)]).toEqual([3, ['HH1', 'HH1', 'HH2', 'HH3']])
    expect(offers[0]).toMatchObject({
      total: { amount: 11_000 },
      board: 'BB',
      payAt: 'booking',
      roomsLeft: 3,
      rooms: [{ name: 'Room A & sea é' }],
    })
    expect(offers[1]).toMatchObject({ total: { amount: 9_900 }, payAt: 'property', cancellation: [{ penalty: { amount: 1_000 } }] })
  })

  test.each(AVAIL_ELEMENTS.filter((name) => !UNREAD_HERE.includes(name)))('would lose something without %s', (name) => {
    const text = ELSEWHERE[name] ?? EVERYTHING
    const root = scanXml(Buffer.from(text), wantedNames([...FRAME, ...AVAIL_ELEMENTS.filter((one) => one !== name)]))!
    expect(outcomeOf(() => root)).not.toEqual(strict(text))
    expect(scanned(text)).toEqual(strict(text))
  })

  test.skipIf(recordings.length === 0)('is read the same in every recording, of whatever message', () => {
    for (const path of recordings) {
      const text = readFileSync(new URL(path, RECORDINGS), 'utf8')
      const outcome = scanned(text)
      if (/^(rates|price)\//.test(path)) expect(outcome, path).toBeDefined()
      if (outcome !== undefined) expect(outcome, path).toEqual(strict(text))
    }
  })

  test('is read the same from the mock, for a family and a friend', async () => {
    const config = {
      url: mock.url,
      username: 'u',
      password: 'p',
      requestorId: null,
      chainCode: null,
      currency: 'USD',
      limits: OPENTRAVEL_DEFAULT_LIMITS,
    }
    const { stays } = createOpenTravel({ config, send: partner.send, clock: createStoppedClock('2027-02-01T00:00:00Z') })
    const query: StayQuery = {
      properties: Array.from({ length: 50 }, (_, index) => `HH${String(index * 3).padStart(6, '0')}`),
      checkIn: parseLocalDate('2027-03-01'),
      checkOut: parseLocalDate('2027-03-08'),
      rooms: [
        { adults: 2, childAges: [4, 9] },
        { adults: 1, childAges: [] },
      ],
      guestCountry: 'ID',
      currency: 'USD',
    }
    const reply = (await stays!.shop(query, { signal: new AbortController().signal })) as UnreadShop
    const text = Buffer.from(reply.unread).toString('utf8')
    expect(scanned(text)).toEqual(strict(text))
    const { offers } = stays!.readShop!(reply, query)
    expect(offers.length).toBeGreaterThan(100)
    // The question and the message lead to the same offers, where the message tells who sleeps where.
    expect((scanned(text) as { offers: unknown[] }).offers).toEqual(offers)
  })

  test('asks for the strict reader where it is wrapped deeper than a frame, or not plain', () => {
    const wrapped = EVERYTHING.replace('<OTA_HotelAvailRS', '<ns:HotelAvailResponse xmlns:ns="urn:x"><return><OTA_HotelAvailRS').replace(
      '</OTA_HotelAvailRS>',
      '</OTA_HotelAvailRS></return></ns:HotelAvailResponse>',
    )
    expect(scanned(wrapped)).toBeUndefined()
    expect(strict(wrapped)).toEqual(strict(EVERYTHING))
    const cdata = EVERYTHING.replace('Words of the rate', '<![CDATA[Words of the rate]]>')
    expect(scanned(cdata)).toBeUndefined()
    expect(strict(cdata)).toEqual(strict(EVERYTHING))
  })

  describe('after it was changed', () => {
    const leavesIn = (text: string): RegExpExecArray[] => [...text.matchAll(/<([\w:.]+)(?:\s[^<>]*)?(?:\/>|>[^<]*<\/\1>)/g)]
    const atLeaf = (text: string, n: number, change: (leaf: string) => string): string => {
      const leaves = leavesIn(text)
      const leaf = leaves[n % leaves.length]
      return leaf ? text.slice(0, leaf.index) + change(leaf[0]) + text.slice(leaf.index + leaf[0].length) : text
    }
    type Change = (text: string, n: number) => string
    const PLAIN: Readonly<Record<string, Change>> = {
      'a prefix everywhere': (text, n) => text.replace(/<(\/?)(?=[A-Z])/g, `<$1n${n}:`).replaceAll('xmlns=', `xmlns:n${n}=`),
      'another namespace': (text) => text.replaceAll('OTA/2003/05', 'OTA/2002/11'),
      'no SOAP': (text) => text.replace(/<\/?soap:\w+[^>]*>/g, ''),
      'other quotes': (text, n) => atLeaf(text, n, (leaf) => leaf.replaceAll('"', "'")),
      'a comment': (text, n) => atLeaf(text, n, (leaf) => `<!-- <${n}> & -->${leaf}<!---->`),
      'an element less': (text, n) => atLeaf(text, n, () => ''),
      'an element twice': (text, n) => atLeaf(text, n, (leaf) => leaf + leaf),
      'an unknown element around': (text, n) => atLeaf(text, n, (leaf) => `<Whatever a="1">${leaf}</Whatever>`),
      'an unknown attribute': (text, n) =>
        atLeaf(text, n, (leaf) => (leaf.includes('W="') ? leaf : leaf.replace(/^<([\w:.]+)/, '<$1 W="1"'))),
      'a digit changed': (text, n) => atLeaf(text, n, (leaf) => leaf.replace(/="(\D*)\d/, (_, before: string) => `="${before}${n % 10}`)),
      'blanks between elements': (text) => text.replaceAll('><', '>\r\n  <'),
    }
    const ODD: Readonly<Record<string, Change>> = {
      'cut off': (text, n) => text.slice(0, (n * 7919) % text.length),
      'a letter lost': (text, n) => text.slice(0, (n * 7919) % text.length) + text.slice(((n * 7919) % text.length) + 1),
      'a letter more': (text, n) =>
        `${text.slice(0, (n * 7919) % text.length)}${'<>"\'&/= !?]\0é\t'[n % 15] ?? ''}${text.slice((n * 7919) % text.length)}`,
      CDATA: (text, n) => atLeaf(text, n, (leaf) => leaf.replace(/>([^<]+)</, '><![CDATA[$1]]><')),
    }
    const changes = (from: Readonly<Record<string, Change>>) =>
      fc.array(fc.tuple(fc.constantFrom(...Object.keys(from)), fc.nat(10_000)), { minLength: 1, maxLength: 5 })
    const apply = (steps: readonly (readonly [string, number])[]): string =>
      steps.reduce((text, [name, n]) => ({ ...PLAIN, ...ODD })[name]!(text, n), EVERYTHING)

    test('into something as plain is read the same, and never breaks the reader', () => {
      fc.assert(
        fc.property(changes(PLAIN), (steps) => {
          const text = apply(steps)
          const read = strict(text)
          expect(typeof read === 'string' ? 'refused' : 'read').toBe('read')
          const outcome = scanned(text)
          if (outcome !== undefined) expect(outcome).toEqual(read)
        }),
        { numRuns: 300 },
      )
    })

    test('into something broken is read the same, refused by both, or left to the strict reader', () => {
      let left = 0
      fc.assert(
        fc.property(changes({ ...PLAIN, ...ODD }), (steps) => {
          const text = apply(steps)
          const outcome = scanned(text)
          if (outcome === undefined) left += 1
          else expect(outcome).toEqual(strict(text))
        }),
        { numRuns: 400 },
      )
      expect(left).toBeGreaterThan(30)
    })
  })
})
