import { describe, expect, test } from 'vitest'
import { formatMoney, money } from '../../kernel/money.ts'
import { ProviderError } from '../errors.ts'
import { translate } from './translate.ts'
import type { OfferToken } from './wire.ts'

type Json = Record<string, unknown>

/**
 * A search in the shape of version 6: CGK–SIN–NRT overnight and back, two prices. Ids are not positions; one time has no
 * offset; the base was filed in another currency.
 */
function sample(change: (response: Json) => void = () => undefined): string {
  const response: Json = {
    version: '6.6.1',
    messages: [{ severity: 'Info', type: 'WORKERTHREAD', code: 'TRANSACTIONID', text: '317666661052779852' }],
    statistics: { itineraryCount: 1 },
    scheduleDescs: [
      schedule(30, ['CGK', '18:35:00+07:00'], ['SIN', '21:25:00+08:00'], { marketing: 'SQ', marketingFlightNumber: 961 }),
      schedule(10, ['SIN', '00:55:00+08:00'], ['NRT', '08:30:00'], { marketing: 'SQ', marketingFlightNumber: 12, operating: 'NH' }),
      schedule(20, ['NRT', '23:40:00+09:00', '1'], ['CGK', '05:20:00+07:00', '3'], { marketing: 'SQ', marketingFlightNumber: '0639' }, 1),
    ],
    legDescs: [
      { id: 7, elapsedTime: 715, schedules: [{ ref: 30 }, { ref: 10, departureDateAdjustment: 1 }] },
      { id: 3, elapsedTime: 460, schedules: [{ ref: 20 }] },
    ],
    fareComponentDescs: [
      { id: 5, fareBasisCode: 'SLITE', cabinCode: 'Y', brand: { code: 'EL', brandName: 'ECONOMY LITE' }, segments: [] },
      { id: 9, fareBasisCode: 'VLITECH', cabinCode: 'Y', brand: { code: 'EL', brandName: 'ECONOMY LITE' }, segments: [] },
      { id: 2, fareBasisCode: 'INFLITE', segments: [] },
    ],
    validatingCarrierDescs: [{ id: 1, default: { code: 'SQ' } }],
    baggageAllowanceDescs: [
      { id: 1, pieceCount: 0 },
      { id: 4, weight: 30, unit: 'kg' },
      { id: 6, pieceCount: 1, description1: 'UP TO 50 POUNDS/23 KILOGRAMS', description2: 'UP TO 62 LINEAR INCHES/158 LINEAR CENTIMETERS' },
      { id: 8, weight: 15, unit: 'lbs' },
    ],
    itineraryGroups: [
      {
        groupDescription: { legDescriptions: [{ departureDate: '2026-12-01' }, { departureDate: '2026-12-09' }] },
        itineraries: [
          { id: 1, pricingSource: 'ADVJR1', legs: [{ ref: 7 }, { ref: 3 }], pricingInformation: [pricing(1_054.95), pricing(1_300)] },
        ],
      },
    ],
  }
  change(response)
  return JSON.stringify({ groupedItineraryResponse: response })
}

function schedule(id: number, from: string[], to: string[], carrier: Json, days = 0): Json {
  const end = ([airport, time, terminal]: string[]): Json => ({ airport, city: airport, time, ...(terminal && { terminal }) })
  return {
    id,
    stopCount: 0,
    elapsedTime: 110,
    departure: end(from),
    arrival: { ...end(to), ...(days && { dateAdjustment: days }) },
    carrier: { ...carrier, equipment: { code: '359' } },
  }
}

function pricing(totalPrice: number): Json {
  return {
    distributionModel: 'ATPCO',
    fare: {
      validatingCarrierCode: '',
      validatingCarriers: [{ ref: 1 }],
      lastTicketDate: '2026-11-20',
      lastTicketTime: '23:59',
      passengerInfoList: [passenger('ADT', 2, (totalPrice - 54.95) / 2, 5), passenger('INF', 1, 54.95, 2)],
      totalFare: {
        totalPrice,
        totalTaxAmount: 154.95,
        currency: 'USD',
        baseFareAmount: 14_000_000,
        baseFareCurrency: 'IDR',
        equivalentAmount: Math.round((totalPrice - 154.95) * 100) / 100,
        equivalentCurrency: 'USD',
      },
    },
  }
}

function passenger(passengerType: string, passengerNumber: number, totalFare: number, component: number): Json {
  const segment = (bookingCode: string, isLast: boolean): Json => ({
    segment: { bookingCode, cabinCode: 'Y', ...(isLast && { availabilityBreak: true }) },
  })
  const isInfant = passengerType === 'INF'
  return {
    passengerInfo: {
      passengerType,
      passengerNumber,
      nonRefundable: false,
      fareComponents: [
        { ref: component, beginAirport: 'CGK', endAirport: 'NRT', segments: [segment('S', false), segment('S', true)] },
        { ref: isInfant ? component : 9, beginAirport: 'NRT', endAirport: 'CGK', segments: [{ surface: {} }, segment('V', true)] },
      ],
      passengerTotalFare: { totalFare, totalTaxAmount: 0, currency: 'USD', baseFareAmount: totalFare, baseFareCurrency: 'USD' },
      penaltiesInfo: {
        penalties: [
          { type: 'Exchange', applicability: 'Before', changeable: true, amount: 50, currency: 'USD' },
          { type: 'Exchange', applicability: 'After', changeable: false },
          { type: 'Refund', applicability: 'Before', refundable: true, amount: 100.5, currency: 'USD' },
          { type: 'Refund', applicability: 'After', cat16Info: true },
        ],
      },
      baggageInformation: [
        { provisionType: 'A', airlineCode: 'SQ', segments: [{ id: 0 }, { id: 1 }], allowance: { ref: isInfant ? 1 : 4 } },
        { provisionType: 'A', airlineCode: 'SQ', segments: [{ id: 2 }], allowance: { ref: isInfant ? 1 : 6 } },
        { provisionType: 'B', airlineCode: 'SQ', segments: [{ id: 2 }], allowance: { ref: 8 } },
        { provisionType: 'C', airlineCode: 'SQ', segments: [{ id: 0 }], charge: { ref: 1 } },
      ],
    },
  }
}

function shop(message: string) {
  const translation = translate('shop', message)
  if (translation.kind !== 'offers') throw new Error('not offers')
  return translation
}

const tokenOf = (offer: { supplierToken: string }): OfferToken => JSON.parse(offer.supplierToken) as OfferToken
const itinerary = (response: Json): Json => (response['itineraryGroups'] as { itineraries: Json[] }[])[0]!.itineraries[0]!
const price = (response: Json): Json => (itinerary(response)['pricingInformation'] as Json[])[0]!

describe('a grouped itinerary response', () => {
  test('gives one solution and one offer for each price of an itinerary', () => {
    const { solutions, offers } = shop(sample())
    expect([solutions, offers.map((offer) => offer.solution)]).toEqual([2, [0, 1]])
    expect(offers.map((offer) => formatMoney(offer.total))).toEqual(['USD 1054.95', 'USD 1300.00'])
    expect(new Set(offers.map((offer) => offer.id)).size).toBe(2)
  })

  test('puts flights on their days: the group’s dates, the leg’s adjustments, the arrival’s adjustment', () => {
    const [offer] = shop(sample()).offers
    const times = offer!.slices.map((slice) =>
      slice.segments.map(({ departure, arrival }) => [departure.local, departure.offset, arrival.local, arrival.offset]),
    )
    expect(times).toEqual([
      [
        ['2026-12-01T18:35', '+07:00', '2026-12-01T21:25', '+08:00'],
        ['2026-12-02T00:55', '+08:00', '2026-12-02T08:30', '+09:00'],
      ],
      [['2026-12-09T23:40', '+09:00', '2026-12-10T05:20', '+07:00']],
    ])
    expect(offer!.slices.map(({ origin, destination, durationMinutes }) => [origin, destination, durationMinutes])).toEqual([
      ['CGK', 'NRT', 715],
      ['NRT', 'CGK', 460],
    ])
  })

  test('a leg that states its own date goes by that, and an offset in the message wins over the airport’s', () => {
    const [offer] = shop(
      sample((response) => {
        itinerary(response)['legs'] = [{ ref: 7, departureDate: '2026-12-03' }, { ref: 3 }]
        ;((response['scheduleDescs'] as Json[])[0]!['departure'] as Json)['time'] = '18:35:00+05:00'
      }),
    ).offers
    expect(offer!.slices[0]!.segments[0]!.departure).toEqual({ local: '2026-12-03T18:35', offset: '+05:00' })
    expect(offer!.slices[0]!.segments[1]!.departure.local).toBe('2026-12-04T00:55')
  })

  test('tells carriers, numbers, terminals, equipment, classes, fare bases, brands and which flights are married', () => {
    const [offer] = shop(sample()).offers
    const segments = offer!.slices.flatMap((slice) => slice.segments)
    expect(segments.map((one) => [one.carrier, one.flightNumber, one.operatingCarrier, one.equipment])).toEqual([
      ['SQ', '961', null, '359'],
      ['SQ', '12', 'NH', '359'],
      ['SQ', '639', null, '359'],
    ])
    expect(segments.map((one) => [one.cabin, one.bookingClass, one.fareBasis, one.brand])).toEqual([
      ['economy', 'S', 'SLITE', 'ECONOMY LITE'],
      ['economy', 'S', 'SLITE', 'ECONOMY LITE'],
      ['economy', 'V', 'VLITECH', 'ECONOMY LITE'],
    ])
    expect([segments[2]!.originTerminal, segments[2]!.destinationTerminal, segments[0]!.originTerminal]).toEqual(['1', '3', null])
    expect(segments.map((one) => one.technicalStops)).toEqual([[], [], []])
    expect(tokenOf(offer!)).toEqual({
      v: 1,
      source: 'ATPCO',
      passengers: [
        { code: 'ADT', count: 2 },
        { code: 'INF', count: 1 },
      ],
      brands: ['EL', 'EL', 'EL'],
      married: [false, true, false],
    })
    expect([offer!.validatingCarrier, offer!.lastTicketingAt]).toEqual(['SQ', '2026-11-20T23:59'])
  })

  test('tells bags by flight: weight, pieces, pieces of a weight, none; charges say nothing', () => {
    const [offer] = shop(sample()).offers
    expect(offer!.slices.flatMap((slice) => slice.segments.map((segment) => segment.baggage))).toEqual([
      [{ kind: 'checked', pieces: null, weightKg: 30 }],
      [{ kind: 'checked', pieces: null, weightKg: 30 }],
      [
        { kind: 'checked', pieces: 1, weightKg: 23 },
        { kind: 'carry_on', pieces: null, weightKg: 7 },
      ],
    ])
    const none = { kind: 'checked', pieces: 0, weightKg: null }
    expect(offer!.passengers.map((fare) => fare.baggage)).toEqual([
      null,
      [[none], [none], [none, { kind: 'carry_on', pieces: null, weightKg: 7 }]],
    ])
  })

  test('an allowance that is not told is unknown and not none', () => {
    const [offer] = shop(sample((response) => (response['baggageAllowanceDescs'] = [{ id: 4 }]))).offers
    expect(offer!.slices.flatMap((slice) => slice.segments.map((segment) => segment.baggage))).toEqual([[], [], []])
  })

  test('prices: the equivalent counts where the base was filed in another currency, and types add up to the total', () => {
    const [offer] = shop(sample()).offers
    expect([offer!.base, offer!.taxes].map((part) => part && formatMoney(part))).toEqual(['USD 900.00', 'USD 154.95'])
    expect(offer!.passengers.map(({ type, count, total }) => [type, count, total && formatMoney(total)])).toEqual([
      ['adult', 2, 'USD 1000.00'],
      ['infant', 1, 'USD 54.95'],
    ])
  })

  test('shares that do not add up are not made up, and the total stands', () => {
    const [offer] = shop(
      sample((response) => {
        const fare = price(response)['fare'] as Json
        ;(fare['totalFare'] as Json)['totalPrice'] = 2_000
      }),
    ).offers
    expect(formatMoney(offer!.total)).toBe('USD 2000.00')
    expect([offer!.base, offer!.taxes, ...offer!.passengers.map((fare) => fare.total)]).toEqual([null, null, null, null])
  })

  test('reads how many passengers there are wherever it adds up', () => {
    const [offer] = shop(
      sample((response) => {
        const [adults] = (price(response)['fare'] as { passengerInfoList: { passengerInfo: Json }[] }).passengerInfoList
        adults!.passengerInfo['passengerNumber'] = 1
        adults!.passengerInfo['total'] = 2
      }),
    ).offers
    expect(offer!.passengers.map(({ type, count }) => [type, count])).toEqual([
      ['adult', 2],
      ['infant', 1],
    ])
  })

  test('a currency without decimals is read without them', () => {
    const [offer] = shop(
      sample((response) => {
        price(response)['fare'] = {
          passengerInfoList: [
            {
              passengerInfo: {
                passengerType: 'ADT',
                passengerNumber: 1,
                fareComponents: [],
                passengerTotalFare: { totalFare: 60_200, currency: 'KRW' },
              },
            },
          ],
          totalFare: { totalPrice: 60_200, totalTaxAmount: 200, currency: 'KRW', baseFareAmount: 60_000, baseFareCurrency: 'KRW' },
        }
      }),
    ).offers
    expect([offer!.total, offer!.base]).toEqual([money(60_200, 'KRW'), money(60_000, 'KRW')])
    expect(offer!.slices[0]!.segments[0]).toMatchObject({ cabin: null, bookingClass: null, fareBasis: null, brand: null, baggage: [] })
  })

  test('penalties stay tri-state: a flag and an amount, a flag, or nothing', () => {
    const [offer] = shop(sample()).offers
    expect(offer!.penalties).toEqual([
      { kind: 'change', allowed: true, amount: money(5_000, 'USD'), when: 'before_departure' },
      { kind: 'change', allowed: false, amount: null, when: 'after_departure' },
      { kind: 'refund', allowed: true, amount: money(10_050, 'USD'), when: 'before_departure' },
      { kind: 'refund', allowed: null, amount: null, when: 'after_departure' },
    ])
    expect([offer!.refundable, offer!.changeable]).toEqual([true, true])
  })

  test.each<[string, unknown, unknown, boolean | null]>([
    ['both say yes', false, [{ type: 'Refund', applicability: 'Before', refundable: true }], true],
    ['only the flag speaks', true, undefined, false],
    ['nothing speaks', undefined, undefined, null],
    ['they contradict each other', true, [{ type: 'Refund', applicability: 'Before', refundable: true }], null],
    ['the penalty is text only', undefined, [{ type: 'Refund', applicability: 'Before', cat16Info: true }], null],
  ])('whether money comes back, when %s', (_, nonRefundable, penalties, expected) => {
    const [offer] = shop(
      sample((response) => {
        for (const { passengerInfo } of (price(response)['fare'] as { passengerInfoList: { passengerInfo: Json }[] }).passengerInfoList) {
          passengerInfo['nonRefundable'] = nonRefundable
          passengerInfo['penaltiesInfo'] = penalties === undefined ? undefined : { penalties }
        }
      }),
    ).offers
    expect(offer!.refundable).toBe(expected)
  })

  test.each<[string, (response: Json) => void]>([
    ['an unknown currency', (response) => ((price(response)['fare'] as { totalFare: Json }).totalFare['currency'] = 'QQQ')],
    ['an amount with too many digits', (response) => ((price(response)['fare'] as { totalFare: Json }).totalFare['totalPrice'] = 12.345)],
    [
      'a passenger type without a price',
      (response) =>
        (price(response)['fare'] as { passengerInfoList: Json[] }).passengerInfoList.push({
          passengerNotAvailableInfo: { passengerType: 'CNN', reason: 'F' },
        }),
    ],
  ])('a price that cannot be read is counted and not sold: %s', (_, change) => {
    const { solutions, offers } = shop(sample(change))
    expect([solutions, offers.map((offer) => offer.solution)]).toEqual([2, [1]])
  })

  test('a reference to nowhere costs the itineraries that make it, and no others', () => {
    const twice = sample((response) => {
      const [group] = response['itineraryGroups'] as { itineraries: Json[] }[]
      group!.itineraries.push({ ...itinerary(response), id: 2, legs: [{ ref: 7 }, { ref: 99 }] })
    })
    const { solutions, offers } = shop(twice)
    expect([solutions, offers.map((offer) => offer.solution)]).toEqual([4, [0, 1]])
    expect(() => shop(sample((response) => (response['scheduleDescs'] = [])))).toThrow('none of the 2 prices could be read')
  })

  test('what is told to be sold out, departed, or several tickets is not an offer', () => {
    const { solutions } = shop(
      sample((response) => {
        const [group] = response['itineraryGroups'] as { groupDescription: Json; itineraries: Json[] }[]
        const list = itinerary(response)['pricingInformation'] as Json[]
        list.push({ soldOut: { status: 'O' }, fare: list[0]!['fare'] }, { tickets: [] })
        ;(response['itineraryGroups'] as Json[]).push({
          ...group,
          groupDescription: { ...group!.groupDescription, itineraryType: 'soldOut' },
        })
      }),
    )
    expect(solutions).toBe(2)
  })

  test('content of another source is told apart, because it is booked otherwise', () => {
    const [ndc, lcc] = shop(
      sample((response) => {
        const [first, second] = itinerary(response)['pricingInformation'] as Json[]
        first!['distributionModel'] = 'NDC'
        second!['distributionModel'] = 'API'
      }),
    ).offers
    expect([tokenOf(ndc!).source, tokenOf(lcc!).source]).toEqual(['NDC', 'LCC'])
  })

  test.each([
    [
      'a response that says so',
      JSON.stringify({
        groupedItineraryResponse: {
          version: '6',
          messages: [{ severity: 'Error', code: 'PROCESS', text: 'No complete journey can be built in IF2/ADVJR1.' }],
          statistics: { itineraryCount: 0 },
        },
      }),
    ],
    [
      'the gateway, in its own form',
      JSON.stringify({
        status: 'NotProcessed',
        type: 'Application',
        errorCode: 'WARN.RAF.APPLICATION',
        message: '{"Errors":[{"ShortText":"NO FLIGHT SCHEDULES FOR QUALIFIERS USED"}]}',
      }),
    ],
    ['a response with nothing in it', JSON.stringify({ groupedItineraryResponse: { version: '6', messages: [] } })],
  ])('nothing found is an answer: %s', (_, message) => {
    expect(shop(message)).toEqual({ kind: 'offers', solutions: 0, offers: [] })
  })

  test.each([
    ['refused', { groupedItineraryResponse: { messages: [{ severity: 'Error', code: 'ERR', text: 'Error during Processing' }] } }],
    [
      'refused',
      { status: 'NotProcessed', errorCode: 'ERR.2SG.CLIENT.INVALID_REQUEST', message: 'Incorrect GIR response schema version used' },
    ],
    ['malformed', { hello: 'world' }],
    ['malformed', {}],
  ])('an error is %s and no empty answer', (fault, message) => {
    const read = () => shop(JSON.stringify(message))
    expect(read).toThrow(ProviderError)
    expect(read).toThrow(expect.objectContaining({ fault }))
  })

  test('a leg of thousands of flights is no leg, however many itineraries refer to it', () => {
    const read = () =>
      shop(
        sample((response) => {
          ;(response['legDescs'] as Json[])[0]!['schedules'] = Array.from({ length: 5_000 }, () => ({ ref: 30 }))
          const [group] = response['itineraryGroups'] as { itineraries: Json[] }[]
          group!.itineraries = Array.from({ length: 500 }, () => itinerary(response))
        }),
      )
    expect(read).toThrow('none of the 1000 prices could be read')
  })

  test('odd types anywhere cost what they are in, and never more than a ProviderError', () => {
    const odd = [null, 7, 'text', [], {}, [[]], [null], { id: {} }]
    for (const member of [
      'scheduleDescs',
      'legDescs',
      'fareComponentDescs',
      'baggageAllowanceDescs',
      'itineraryGroups',
      'messages',
      'validatingCarrierDescs',
    ]) {
      for (const value of odd) {
        try {
          shop(sample((response) => (response[member] = value)))
        } catch (error) {
          expect(error).toBeInstanceOf(ProviderError)
        }
      }
    }
    for (const value of odd) {
      try {
        shop(sample((response) => (price(response)['fare'] = value)))
        shop(sample((response) => (itinerary(response)['legs'] = value)))
      } catch (error) {
        expect(error).toBeInstanceOf(ProviderError)
      }
    }
  })
})
