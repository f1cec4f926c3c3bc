import type { Slice } from '../../travel/flight.ts'
import type { ExchangeRequest } from '../contract.ts'

/**
 * The body of a request for offers to change. New slices all need one cabin class: that of the first flight that is given
 * up, unasked for where the order does not say. Source: https://duffel.com/docs/api/order-change-requests
 */
export function toChangeRequest(request: ExchangeRequest, current: readonly { readonly id: string; readonly slice: Slice }[]): object {
  const cabin = current[request.slices[0]!.replaces]?.slice.segments[0]?.cabin ?? null
  return {
    data: {
      order_id: request.reservation.supplierRef,
      slices: {
        remove: request.slices.map((slice) => ({ slice_id: current[slice.replaces]!.id })),
        add: request.slices.map((slice) => ({
          origin: slice.origin,
          destination: slice.destination,
          departure_date: slice.departureDate,
          ...(cabin && { cabin_class: cabin }),
        })),
      },
    },
  }
}

/** The body that makes a change, still to be confirmed, of an offer to change. */
export function toOrderChange(offerId: string): object {
  return { data: { selected_order_change_offer: offerId } }
}

/** The body of a confirmation. A change that costs nothing, or gives something back, is confirmed without a payment. */
export function toChangePayment(price: { readonly amount: string; readonly currency: string } | null): object {
  return { data: price ? { payment: { type: 'balance', ...price } } : {} }
}
