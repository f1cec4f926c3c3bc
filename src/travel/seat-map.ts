import type { Money } from '../kernel/money.ts'
import type { CabinClass } from './flight.ts'

/** Whether a seat can be chosen. `unknown` is a code nobody knows, which is never sold. */
export type SeatState = 'free' | 'taken' | 'blocked' | 'unknown'

export type SeatFeature = 'window' | 'aisle' | 'middle' | 'exit' | 'bulkhead' | 'extra_legroom' | 'bassinet' | 'wing' | 'restricted_recline'

/** One seat: "12A". `price` is for one passenger, null when the supplier does not say; a free seat says zero. */
export type Seat = {
  readonly number: string
  readonly row: number
  readonly column: string
  readonly state: SeatState
  readonly features: readonly SeatFeature[]
  readonly price: Money | null
  /** The adapter's own, needed to ask for the seat; null where the number is enough. */
  readonly supplierToken: string | null
}

/** A deck's rows from nose to tail. `columns` are in order from left to right, with null for an aisle: ["A","B",null,"C"]. */
export type SeatCabin = {
  readonly cabin: CabinClass | null
  readonly deck: 'main' | 'upper'
  readonly columns: readonly (string | null)[]
  readonly seats: readonly Seat[]
}

/** The seats of one segment, by its place in the journey: 0 is the first flight of the first slice. */
export type SeatMap = { readonly segmentIndex: number; readonly equipment: string | null; readonly cabins: readonly SeatCabin[] }
