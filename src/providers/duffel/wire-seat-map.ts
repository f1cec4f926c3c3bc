import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { Nullable } from './wire.ts'

/**
 * Seat maps in Duffel's words: only what we read. Source: https://duffel.com/docs/api/seat-maps. An element is a seat, or
 * something that stands where seats could be; the list of types is open.
 */
const WireSeatService = Type.Object({
  id: Type.String({ minLength: 1 }),
  passenger_id: Nullable(Type.String()),
  total_amount: Type.String(),
  total_currency: Type.String(),
})
export type WireSeatService = Static<typeof WireSeatService>

const WireElement = Type.Object({
  type: Type.String(),
  designator: Nullable(Type.String()),
  name: Nullable(Type.String()),
  disclosures: Nullable(Type.Array(Type.String())),
  available_services: Nullable(Type.Array(WireSeatService)),
})
export type WireElement = Static<typeof WireElement>

const WireRow = Type.Object({ sections: Nullable(Type.Array(Type.Object({ elements: Nullable(Type.Array(WireElement)) }))) })
export type WireRow = Static<typeof WireRow>

const WireCabin = Type.Object({
  deck: Nullable(Type.Number()),
  cabin_class: Nullable(Type.String()),
  wings: Nullable(Type.Object({ first_row_index: Nullable(Type.Number()), last_row_index: Nullable(Type.Number()) })),
  rows: Nullable(Type.Array(WireRow)),
})
export type WireCabin = Static<typeof WireCabin>

const WireSeatMap = Type.Object({ segment_id: Nullable(Type.String()), cabins: Type.Array(WireCabin) })
export type WireSeatMap = Static<typeof WireSeatMap>

/** Maps are checked one by one: one that cannot be read costs itself and not the others. */
export const wireSeatMap = Compile(WireSeatMap)
export const wireSeatMapsReply = Compile(Type.Object({ data: Type.Array(Type.Unknown()) }))
