import type { Booking, Offer, OffersAnswer, Segment, Slice } from '../api/types.ts'

/** A flight of Garuda from Jakarta to Tokyo; tests say only what matters to them. */
export function sampleSegment(part: Partial<Segment> = {}): Segment {
  return {
    carrier: 'GA',
    carrier_name: 'Garuda Indonesia',
    flight_number: '874',
    operating_carrier: null,
    origin: 'CGK',
    origin_terminal: '3',
    destination: 'NRT',
    destination_terminal: '1',
    departure: { local: '2027-01-20T23:25', offset: '+07:00' },
    arrival: { local: '2027-01-21T08:50', offset: '+09:00' },
    duration_minutes: 445,
    equipment: '789',
    cabin: 'economy',
    booking_class: 'Y',
    fare_basis: null,
    brand: null,
    baggage: [],
    ...part,
  }
}

export function sampleSlice(segments: Segment[] = [sampleSegment()]): Slice {
  return {
    origin: segments[0]!.origin,
    destination: segments.at(-1)!.destination,
    duration_minutes: 445,
    stops: segments.length - 1,
    segments,
  }
}

export function sampleOffer(part: Partial<Offer> = {}): Offer {
  return {
    id: 'off_1',
    provider: 'travelport',
    solution: 0,
    total: { amount: '100.00', currency: 'USD' },
    base: null,
    taxes: null,
    passengers: [{ type: 'adult', count: 1, total: null, base: null, taxes: null }],
    validating_carrier: 'GA',
    last_ticketing_at: null,
    expires_at: null,
    refundable: null,
    changeable: null,
    penalties: [],
    slices: [sampleSlice()],
    ...part,
  }
}

export function sampleAnswer(offers: Offer[], part: Partial<OffersAnswer> = {}): OffersAnswer {
  return {
    search: {
      origin: 'CGK',
      destination: 'NRT',
      departure_date: '2027-01-20',
      return_date: null,
      passengers: { adults: 1, children: 0, infants: 0 },
      cabin: 'economy',
    },
    sources: [],
    prices: { checked_at: '2026-11-21T09:00:00Z', age_seconds: 3, fresh_until: '2026-11-21T09:05:00Z', from_cache: false },
    currency: 'USD',
    total: offers.length,
    matching: offers.length,
    facets: { stops: [], airlines: [], price: null },
    data: offers,
    page: { after: null, has_more: false },
    ...part,
  }
}

export function sampleBooking(part: Partial<Booking> = {}): Booking {
  return {
    id: 'bkg_1',
    reference: 'FW-7K3M9Q',
    status: 'INIT',
    stage: 'awaiting_payment',
    version: 1,
    total: { amount: '100.00', currency: 'USD' },
    offer: sampleOffer(),
    passengers: [],
    contact: { email: 'b…@example.com', phone: '…789' },
    pnr: null,
    tickets: [],
    documents: [],
    payment_required_by: '2026-11-21T09:30:00Z',
    promise: null,
    refund: null,
    timeline: [{ at: '2026-11-21T09:00:00Z', event: 'booking.placed', text: 'Booking placed' }],
    money_moved: 'none',
    ledger: [],
    created_at: '2026-11-21T09:00:00Z',
    updated_at: '2026-11-21T09:00:00Z',
    ...part,
  }
}
