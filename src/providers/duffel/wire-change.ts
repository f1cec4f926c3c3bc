import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { Nullable, WireSlice } from './wire.ts'

/**
 * Changes of orders in Duffel's words, those that travellers ask for and those that airlines make: only what we read.
 * Sources: https://duffel.com/docs/api/order-change-requests, …/order-changes, …/airline-initiated-changes and the types of
 * `@duffel/api` 4.30.0. Slices are checked when they are read, because older messages name their times differently.
 */
const WireChangedSlices = Type.Object({ add: Nullable(Type.Array(Type.Unknown())), remove: Nullable(Type.Array(Type.Unknown())) })

/** An offer to change, and the change made of it, which repeats the offer's terms. */
const WireChangeTerms = Type.Object({
  id: Type.String({ minLength: 1 }),
  change_total_amount: Nullable(Type.String()),
  change_total_currency: Nullable(Type.String()),
  new_total_amount: Nullable(Type.String()),
  new_total_currency: Nullable(Type.String()),
  // The API says penalty_total_…, the types of its client penalty_….
  penalty_total_amount: Nullable(Type.String()),
  penalty_total_currency: Nullable(Type.String()),
  penalty_amount: Nullable(Type.String()),
  penalty_currency: Nullable(Type.String()),
  refund_to: Nullable(Type.String()),
  expires_at: Nullable(Type.String()),
  slices: WireChangedSlices,
})
export type WireChangeTerms = Static<typeof WireChangeTerms>

const WireChangeRequest = Type.Object({
  id: Type.String({ minLength: 1 }),
  order_id: Type.String({ minLength: 1 }),
  order_change_offers: Type.Array(Type.Unknown()),
})
export type WireChangeRequest = Static<typeof WireChangeRequest>

const WireOrderChange = Type.Intersect([
  WireChangeTerms,
  Type.Object({
    order_id: Type.String({ minLength: 1 }),
    confirmed_at: Nullable(Type.String()),
    available_payment_types: Nullable(Type.Array(Type.String())),
  }),
])
export type WireOrderChange = Static<typeof WireOrderChange>

const WireAirlineChange = Type.Object({
  id: Type.String({ minLength: 1 }),
  order_id: Nullable(Type.String()),
  action_taken: Nullable(Type.String()),
  available_actions: Nullable(Type.Array(Type.String())),
  added: Nullable(Type.Array(Type.Unknown())),
  removed: Nullable(Type.Array(Type.Unknown())),
})
export type WireAirlineChange = Static<typeof WireAirlineChange>

/** An order's slices with the ids by which they are exchanged. */
const WireOrderSlices = Type.Object({ slices: Type.Array(Type.Object({ id: Type.String({ minLength: 1 }) })) })

export const wireSlice = Compile(WireSlice)
export const wireChangeTerms = Compile(WireChangeTerms)
export const wireChangeRequestReply = Compile(Type.Object({ data: WireChangeRequest }))
export const wireOrderChangeReply = Compile(Type.Object({ data: WireOrderChange }))
export const wireAirlineChangeReply = Compile(Type.Object({ data: WireAirlineChange }))
export const wireAirlineChangesReply = Compile(Type.Object({ data: Type.Array(WireAirlineChange) }))
export const wireOrderSlicesReply = Compile(Type.Object({ data: WireOrderSlices }))
