import { describe, expect, test } from 'vitest'
import { ProviderError } from '../errors.ts'
import { translate } from './translate.ts'

const ota = (name: string, inner: string, attributes = ''): string =>
  `<OTA_${name} xmlns="http://www.opentravel.org/OTA/2003/05" ${attributes}>${inner}</OTA_${name}>`

describe('what a message is', () => {
  test('is told by the message, whatever it is taken for', () => {
    const message = ota(
      'HotelResRS',
      '<Success/><HotelReservations><HotelReservation ResStatus="Confirmed"><UniqueID ID="94514652"/></HotelReservation></HotelReservations>',
    )
    for (const kind of ['shop', 'book', 'cancel', 'availability', 'stay-shop'] as const)
      expect(translate(kind, message)).toMatchObject({
        kind: 'reservation',
        result: { outcome: 'ok', value: { pnr: '94514652', status: 'active' } },
      })
  })

  test.each([
    ['nothing', ''],
    ['words', 'not a message'],
    ['a page', '<!DOCTYPE html><html><body>Bad gateway</body></html>'],
    ['JSON', '{"a":1}'],
    ['cut off', ota('HotelAvailRS', '<Success/>').slice(0, -5)],
    ['another vocabulary', '<LowFareSearchRsp/>'],
    ['an empty envelope', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>'],
    ['a bomb', '<a>'.repeat(100_000)],
    ['a message that we do not read', ota('HotelRatePlanRS', '<Success/>')],
    ['a message that says nothing', ota('HotelAvailRS', '')],
    ['a list that says nothing', ota('HotelSearchRS', '')],
    ['flights that say nothing', ota('AirLowFareSearchRS', '')],
    ['a reading that says nothing', ota('ResRetrieveRS', '')],
  ])('is malformed for %s', (_, text) => {
    expect(() => translate('shop', text)).toThrow(ProviderError)
    try {
      translate('shop', text)
    } catch (error) {
      expect((error as ProviderError).fault).toBe('malformed')
    }
  })

  test('may be a list of hotels under the name of an availability', () => {
    const amadeus = '<Warnings><Warning Tag="OK">OK</Warning></Warnings><HotelStays><HotelStay/><HotelStay/></HotelStays>'
    expect(translate('shop', ota('HotelAvailRS', amadeus))).toEqual({ kind: 'stays', solutions: 2, offers: [] })
    const sabre = '<ApplicationResults status="Complete"/><AvailabilityOptions><AvailabilityOption/></AvailabilityOptions>'
    expect(translate('shop', ota('HotelAvailLLSRS', sabre))).toEqual({ kind: 'stays', solutions: 1, offers: [] })
  })

  test('no availability is an availability', () => {
    expect(translate('shop', ota('HotelAvailRS', '<Success/>'))).toEqual({ kind: 'stays', solutions: 0, offers: [] })
    expect(translate('shop', ota('HotelAvailRS', '<Success/><RoomStays/>'))).toEqual({ kind: 'stays', solutions: 0, offers: [] })
  })

  test('several reservations or none are told as facts', () => {
    const one = (id: string) => `<HotelReservation ResStatus="Cancel"><UniqueID Type="14" ID="${id}"/></HotelReservation>`
    const list = (inner: string) => ota('ResRetrieveRS', `<Success/><ReservationsList>${inner}</ReservationsList>`)
    expect(translate('retrieve', list(one('A1')))).toMatchObject({
      kind: 'reservation',
      result: { value: { pnr: 'A1', status: 'cancelled' } },
    })
    expect(translate('retrieve', list(one('A1') + one('A2')))).toMatchObject({
      kind: 'note',
      facts: { reservations: [{ pnr: 'A1' }, { pnr: 'A2' }] },
    })
    expect(translate('retrieve', list(''))).toMatchObject({ kind: 'note', facts: { reservations: 0 } })
  })
})

describe('flights, which we read for whoever is shown them', () => {
  const segment = (attributes: string, from: string, to: string) =>
    `<FlightSegment ${attributes}><DepartureAirport LocationCode="${from}" Terminal="2"/><ArrivalAirport LocationCode="${to}"/><OperatingAirline Code="AA"/><Equipment AirEquipType="320"/><MarketingAirline Code="LX"/></FlightSegment>`
  const itinerary = `<AirItinerary><OriginDestinationOptions><OriginDestinationOption>${segment('DepartureDateTime="2027-03-01T08:35:00" ArrivalDateTime="2027-03-01T11:25:00" FlightNumber="0317" ResBookDesigCode="L" Status="HK"', 'LHR', 'ZRH')}</OriginDestinationOption></OriginDestinationOptions></AirItinerary>`

  test('are told with their slices, passengers and taxes', () => {
    const pricing = `<AirItineraryPricingInfo><ItinTotalFare><BaseFare Amount="200.00" CurrencyCode="EUR"/><Taxes><Tax Amount="30.00" CurrencyCode="EUR"/><Tax Amount="20.00" CurrencyCode="EUR"/></Taxes><TotalFare Amount="250.00" CurrencyCode="EUR"/></ItinTotalFare><PTC_FareBreakdowns><PTC_FareBreakdown><PassengerTypeQuantity Code="ADT" Quantity="1"/><PassengerFare><TotalFare Amount="250.00" CurrencyCode="EUR"/></PassengerFare></PTC_FareBreakdown></PTC_FareBreakdowns></AirItineraryPricingInfo>`
    const translation = translate(
      'shop',
      ota(
        'AirLowFareSearchRS',
        `<Success/><PricedItineraries><PricedItinerary SequenceNumber="1">${itinerary}${pricing}<TicketingInfo TicketTimeLimit="2027-02-01T00:00:00"/></PricedItinerary><PricedItinerary SequenceNumber="2"/></PricedItineraries>`,
      ),
    )
    if (translation.kind !== 'offers') throw new Error(translation.kind)
    expect([translation.solutions, translation.offers.length]).toEqual([2, 1])
    expect(translation.offers[0]).toMatchObject({
      total: { amount: 25_000 },
      base: { amount: 20_000 },
      taxes: { amount: 5_000 },
      passengers: [{ type: 'adult', count: 1, total: { amount: 25_000 } }],
      changeable: null,
      lastTicketingAt: '2027-02-01T00:00:00',
      slices: [
        {
          origin: 'LHR',
          destination: 'ZRH',
          segments: [
            {
              carrier: 'LX',
              operatingCarrier: 'AA',
              flightNumber: '317',
              originTerminal: '2',
              departure: { local: '2027-03-01T08:35', offset: '+00:00' },
              arrival: { offset: '+01:00' },
              equipment: '320',
              bookingClass: 'L',
            },
          ],
        },
      ],
    })
  })

  test('a booking is told with its number, its tickets and how each flight is held', () => {
    const held = `<AirReservation>${itinerary}<PriceInfo><ItinTotalFare><TotalFare Amount="250.00" CurrencyCode="EUR"/></ItinTotalFare></PriceInfo><Ticketing TicketDocumentNbr="724-1234567890"/><BookingReferenceID Type="14" ID="ABC123"/></AirReservation>`
    expect(translate('book', ota('AirBookRS', `<Success/>${held}`))).toMatchObject({
      kind: 'reservation',
      result: {
        outcome: 'ok',
        value: {
          pnr: 'ABC123',
          status: 'active',
          total: { amount: 25_000 },
          segments: [{ status: 'confirmed' }],
          tickets: [{ number: '7241234567890' }],
        },
      },
    })
    expect(translate('book', ota('AirBookRS', held))).toMatchObject({ result: { outcome: 'unknown' } })
    expect(translate('book', ota('AirBookRS', '<Errors><Error Type="3" Code="322"/></Errors>'))).toMatchObject({
      kind: 'reservation',
      result: { outcome: 'rejected' },
    })
  })
})
