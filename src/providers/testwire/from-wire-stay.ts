import { parseMoney } from '../../kernel/money.ts'
import { parseInstant, parseLocalDate, type Instant } from '../../kernel/time.ts'
import { AMENITIES, type Property } from '../../travel/property.ts'
import type { CancellationStep, StayOffer } from '../../travel/stay.ts'
import { TESTWIRE } from './faults.ts'
import { findMoney } from './from-wire-flight.ts'
import type { WireProperty, WireStayOffer } from './wire.ts'

/** Their rate as ours; `now` decides whether cancelling is free. Throws a RangeError for an amount or a time that is none. */
export function toStayOffer(wire: WireStayOffer, now: Instant): StayOffer {
  const { currency } = wire
  const cancellation =
    wire.cancellation?.map(({ from, penalty }): CancellationStep => ({
      from: from === null ? null : parseInstant(from),
      penalty: findMoney(penalty, currency),
    })) ?? null
  const step = cancellation?.findLast(({ from }) => from === null || from <= now)
  return {
    id: wire.id,
    provider: TESTWIRE,
    property: wire.property,
    propertyName: wire.property_name,
    checkIn: parseLocalDate(wire.check_in),
    checkOut: parseLocalDate(wire.check_out),
    rooms: wire.rooms.map(({ code, name, adults, child_ages: childAges }) => ({ code, name, occupancy: { adults, childAges } })),
    board: wire.board,
    boardText: wire.board_text,
    ratePlan: wire.rate_plan,
    total: parseMoney(wire.total, currency),
    charges: wire.charges.map(({ kind, name, amount, currency: its, due }) => ({ kind, name, amount: findMoney(amount, its), due })),
    payAt: wire.pay_at,
    refundable: step?.penalty ? step.penalty.amount === 0 : null,
    cancellation,
    roomsLeft: wire.rooms_left,
    isPackageOnly: wire.package_only,
    remarks: wire.remarks,
    expiresAt: null,
    supplierToken: wire.id,
  }
}

const TYPES = ['hotel', 'apartment', 'hostel', 'resort', 'guest_house'] as const

export function toProperty(wire: WireProperty): Property {
  return {
    provider: TESTWIRE,
    code: wire.code,
    name: wire.name,
    stars: wire.stars,
    latitude: wire.latitude,
    longitude: wire.longitude,
    address: wire.address,
    city: wire.city,
    country: wire.country,
    district: wire.district,
    type: TYPES.find((type) => type === wire.type) ?? 'other',
    amenities: AMENITIES.filter((amenity) => wire.amenities.includes(amenity)),
    rating: wire.rating,
    images: wire.images.filter((image) => image.startsWith('https://')),
    description: wire.description,
    checkInFrom: wire.check_in_from,
    checkOutUntil: wire.check_out_until,
  }
}
