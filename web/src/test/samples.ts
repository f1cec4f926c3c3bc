import type { PriceAge } from '../api/price-age.ts'
import type {
  Booking,
  Facets,
  OffersUpdate,
  PassengerFare,
  PassengerType,
  Result,
  Segment,
  Slice,
  StayFacets,
  StayOffer,
} from '../api/types.ts'
import type { OfferList } from '../lists/offer-list.ts'

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
    technical_stops: null,
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

export function sampleFare(type: PassengerType = 'adult', part: Partial<PassengerFare> = {}): PassengerFare {
  return { type, count: 1, total: null, base: null, taxes: null, fees: null, baggage: null, ...part }
}

export function sampleOffer(part: Partial<Result> = {}): Result {
  return {
    id: 'off_1',
    provider: 'travelport',
    solution: 0,
    total: { amount: '100.00', currency: 'USD' },
    base: null,
    taxes: null,
    alternatives: [],
    passengers: [sampleFare()],
    validating_carrier: 'GA',
    last_ticketing_at: null,
    price_guaranteed_until: null,
    expires_at: null,
    refundable: null,
    changeable: null,
    penalties: [],
    slices: [sampleSlice()],
    emissions_kg: null,
    self_transfer: null,
    ...part,
  }
}

/** A double room in Lisbon for three nights, paid now, free to cancel for a while. */
export function sampleStay(part: Partial<StayOffer> = {}): StayOffer {
  return {
    kind: 'stay',
    id: 'sty_1',
    provider: 'hotelbeds',
    property: { code: '5089', name: 'Grand Lisbon Palace' },
    check_in: '2027-01-20',
    check_out: '2027-01-23',
    nights: 3,
    rooms: [{ name: 'DOUBLE ROOM', adults: 2, child_ages: [] }],
    board: 'BB',
    board_text: null,
    rate_plan: null,
    total: { amount: '300.00', currency: 'USD' },
    pay_at: 'booking',
    due_at_property: [],
    refundable: true,
    cancellation: [
      { from: null, penalty: { amount: '0.00', currency: 'USD' } },
      { from: '2027-01-18T10:00:00Z', penalty: { amount: '100.00', currency: 'USD' } },
    ],
    rooms_left: null,
    remarks: [],
    expires_at: null,
    ...part,
  }
}

export const noStayFacets: StayFacets = {
  stars: [],
  boards: [],
  refundable: [],
  pay_at: [],
  amenities: [],
  districts: [],
  property_types: [],
  suppliers: [],
  price: null,
  distance_m: null,
  rating: null,
}

export const noFacets: Facets = {
  stops: [],
  airlines: [],
  alliances: [],
  connections: [],
  cabins: [],
  bags: [],
  refundable: [],
  changeable: [],
  suppliers: [],
  overnight: [],
  self_transfer: [],
  origin_airports: [],
  destination_airports: [],
  price: null,
  duration: null,
  emissions: null,
  connection_minutes: null,
}

const prices = { checked_at: '2026-11-21T09:00:00Z', fresh_until: '2026-11-21T09:05:00Z', is_stale: false }

export const sampleAge: PriceAge = { checkedAt: prices.checked_at, toldSeconds: 3, receivedAtMs: 0 }

export function sampleList(offers: Result[], part: Partial<OfferList> = {}): OfferList {
  return {
    offers,
    total: offers.length,
    matching: offers.length,
    currency: 'USD',
    prices,
    age: sampleAge,
    facets: noFacets,
    after: null,
    ...part,
  }
}

/** What a stream says that has told nothing yet; `order` is that of the offers. */
export function sampleUpdate(upsert: Result[], part: Partial<OffersUpdate> = {}): OffersUpdate {
  const order = part.order ?? upsert.map((offer) => offer.id)
  return {
    upsert,
    remove: [],
    order,
    reset: false,
    total: order.length,
    matching: order.length,
    currency: 'USD',
    prices,
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
    items: [],
    payment_required_by: '2026-11-21T09:30:00Z',
    promise: null,
    refund: null,
    schedule_changes: [],
    timeline: [{ at: '2026-11-21T09:00:00Z', event: 'booking.placed', text: 'Booking placed' }],
    money_moved: 'none',
    ledger: [],
    created_at: '2026-11-21T09:00:00Z',
    updated_at: '2026-11-21T09:00:00Z',
    ...part,
  }
}
