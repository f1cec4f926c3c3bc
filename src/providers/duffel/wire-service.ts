import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { Nullable } from './wire.ts'

/**
 * Services in Duffel's words: what is sold beside the seat. Only what we read. Source: https://duffel.com/docs/api/offers
 * ("available_services"); the list of types is open, "we won't consider adding new service types a breaking change".
 */
const WireService = Type.Object({
  id: Type.String({ minLength: 1 }),
  type: Type.String(),
  total_amount: Type.String(),
  total_currency: Type.String(),
  maximum_quantity: Nullable(Type.Integer({ minimum: 0 })),
  passenger_ids: Nullable(Type.Array(Type.String())),
  segment_ids: Nullable(Type.Array(Type.String())),
  metadata: Nullable(
    Type.Object({
      type: Nullable(Type.String()),
      name: Nullable(Type.String()),
      designator: Nullable(Type.String()),
      maximum_weight_kg: Nullable(Type.Number()),
    }),
  ),
})
export type WireService = Static<typeof WireService>

/** Services are checked one by one: one that cannot be read costs itself and not the others. */
export const wireService = Compile(WireService)

/** An offer with the ids of its passengers and flights, to which its services refer. */
export const wireOfferServicesReply = Compile(
  Type.Object({
    data: Type.Object({
      passengers: Type.Array(Type.Object({ id: Type.String() })),
      slices: Type.Array(
        Type.Object({
          segments: Type.Array(Type.Object({ id: Type.String(), aircraft: Nullable(Type.Object({ iata_code: Nullable(Type.String()) })) })),
        }),
      ),
      available_services: Nullable(Type.Array(Type.Unknown())),
    }),
  }),
)
