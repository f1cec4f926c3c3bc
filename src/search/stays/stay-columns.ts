import type { ColumnSchema } from '../engine/column-schema.ts'

const TRI_STATE = ['yes', 'no', 'unknown'] as const

/** What stays are filtered, counted and sorted by: one row is a room at a rate in a property. */
export const STAY_COLUMNS: ColumnSchema = {
  kind: 'stay',
  facets: [
    { name: 'stars', kind: 'one', group: 'stars', order: ['5', '4', '3', '2', '1', 'unknown'], isReported: true },
    // What the rate includes to eat, in the trade's codes.
    { name: 'boards', kind: 'one', group: 'boards', order: ['RO', 'BB', 'HB', 'FB', 'AI', 'unknown'], isReported: true },
    { name: 'refundable', kind: 'one', group: 'refundable', order: TRI_STATE, isReported: true },
    { name: 'pay_at', kind: 'one', group: 'pay_at', order: ['booking', 'property', 'unknown'], isReported: true },
    // A guest who asks for a pool and parking wants both.
    { name: 'amenities', kind: 'has', group: 'amenities', order: 'frequency', isReported: true },
    { name: 'districts', kind: 'one', group: 'districts', order: 'frequency', isReported: true },
    { name: 'property_types', kind: 'one', group: 'property_types', order: 'frequency', isReported: true },
    { name: 'suppliers', kind: 'one', group: 'suppliers', order: 'frequency', isReported: true },
  ],
  numbers: [
    { name: 'distance_m', group: 'distance' },
    { name: 'rating', group: 'rating' },
  ],
  reports: [
    { name: 'distance_m', least: 'distance_m', greatest: 'distance_m' },
    // Tenths of a point of ten.
    { name: 'rating', least: 'rating', greatest: 'rating' },
  ],
  sorts: [{ name: 'distance', by: 'number', column: 'distance_m' }],
}
