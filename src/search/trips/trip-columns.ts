import type { ColumnSchema } from '../engine/column-schema.ts'

/** What journeys by bus, train and ferry are filtered, counted and sorted by. */
export const TRIP_COLUMNS: ColumnSchema = {
  kind: 'trip',
  facets: [
    { name: 'modes', kind: 'every', group: 'modes', order: ['bus', 'train', 'ferry', 'air'], isReported: true },
    { name: 'transfers', kind: 'one', group: 'transfers', order: 'number', isReported: true },
    { name: 'operators', kind: 'every', group: 'operators', order: 'frequency', isReported: true },
    { name: 'classes', kind: 'one', group: 'classes', order: 'frequency', isReported: true },
    { name: 'amenities', kind: 'has', group: 'amenities', order: 'frequency', isReported: true },
    { name: 'refundable', kind: 'one', group: 'refundable', order: ['yes', 'no', 'unknown'], isReported: true },
    { name: 'origin_stops', kind: 'one', group: 'origin_stops', order: 'frequency', isReported: true },
    { name: 'destination_stops', kind: 'one', group: 'destination_stops', order: 'frequency', isReported: true },
  ],
  numbers: [
    { name: 'transfers', group: 'transfers' },
    { name: 'duration', group: 'duration' },
    { name: 'departure', group: 'departure' },
    { name: 'arrival', group: 'arrival' },
    { name: 'departure_1', group: 'departure_1' },
    { name: 'arrival_1', group: 'arrival_1' },
    { name: 'seats_left', group: 'seats_left' },
  ],
  reports: [
    { name: 'duration', least: 'duration', greatest: 'duration' },
    { name: 'seats_left', least: 'seats_left', greatest: 'seats_left' },
  ],
  sorts: [
    { name: 'duration', by: 'number', column: 'duration' },
    { name: 'departure', by: 'number', column: 'departure' },
    { name: 'arrival', by: 'number', column: 'arrival' },
  ],
}
