import { money } from '../../src/kernel/money.ts'
import { parseInstant, parseLocalDate } from '../../src/kernel/time.ts'
import type { Guest, StayOffer } from '../../src/travel/stay.ts'

/** Three nights for two in Lisbon at EUR 300.00, free to cancel until two days before, with whatever a test needs changed. */
export function stayOffer(changes: Partial<StayOffer> = {}): StayOffer {
  return {
    id: 'off_stay',
    provider: 'fake',
    property: '1001',
    propertyName: 'Grand Lisbon Palace',
    checkIn: parseLocalDate('2027-03-10'),
    checkOut: parseLocalDate('2027-03-13'),
    rooms: [{ name: 'Double room', code: 'DBL', occupancy: { adults: 2, childAges: [] } }],
    board: 'BB',
    boardText: 'Bed and breakfast',
    ratePlan: { code: 'FLEX', name: 'Flexible' },
    total: money(30_000, 'EUR'),
    charges: [{ kind: 'city_tax', name: 'City tax', amount: money(1_200, 'EUR'), due: 'property' }],
    payAt: 'booking',
    refundable: true,
    cancellation: [
      { from: null, penalty: money(0, 'EUR') },
      { from: parseInstant('2027-03-08T12:00:00Z'), penalty: money(10_000, 'EUR') },
      { from: parseInstant('2027-03-10T12:00:00Z'), penalty: money(30_000, 'EUR') },
    ],
    roomsLeft: 3,
    isPackageOnly: false,
    remarks: ['The pool is closed in March.'],
    expiresAt: null,
    supplierToken: 'rate-key',
    ...changes,
  }
}

/** The adult a room is held for. */
export function guest(changes: Partial<Guest> = {}): Guest {
  return { room: 0, isLead: true, title: 'mr', givenName: 'Budi', familyName: 'Santoso', age: null, ...changes }
}
