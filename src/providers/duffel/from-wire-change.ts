import type { Money } from '../../kernel/money.ts'
import { parseInstant } from '../../kernel/time.ts'
import type { Slice } from '../../travel/flight.ts'
import type { AirlineChange, ExchangeQuote } from '../contract.ts'
import { toMoney, toSlice } from './from-wire-offer.ts'
import { wireSlice, type WireAirlineChange, type WireChangeTerms } from './wire-change.ts'

/**
 * What a quote's `supplierToken` holds. `change` is the amount as the offer stated it, in Duffel's own digits: what is
 * confirmed later has to cost the same.
 */
export type ExchangeToken = {
  readonly order: string
  readonly offer: string
  readonly change: { readonly amount: string; readonly currency: string } | null
}

/** The terms of a change: what it costs more, the penalty inside that, and what everything then costs. */
export type ChangeTerms = Pick<ExchangeQuote, 'difference' | 'penalty' | 'newTotal' | 'expiresAt'>

/**
 * Their terms as ours. A refund that comes as a voucher or airline credit is no money: its difference is null, "to be
 * settled". Throws a RangeError when an amount or a time cannot be understood.
 */
export function toChangeTerms(wire: WireChangeTerms): ChangeTerms {
  const change = toMoney(wire.change_total_amount, wire.change_total_currency)
  return {
    difference: change && isSettledInMoney(change, wire) ? change : null,
    penalty: toMoney(wire.penalty_total_amount, wire.penalty_total_currency) ?? toMoney(wire.penalty_amount, wire.penalty_currency),
    newTotal: toMoney(wire.new_total_amount, wire.new_total_currency),
    expiresAt: wire.expires_at ? parseInstant(wire.expires_at) : null,
  }
}

function isSettledInMoney(change: Money, { refund_to: refundTo }: WireChangeTerms): boolean {
  return change.amount >= 0 || (refundTo !== 'voucher' && refundTo !== 'airline_credits')
}

/** The quote for an offer to change; `slices` is the journey after it. Throws a RangeError. */
export function toExchangeQuote(wire: WireChangeTerms, orderId: string, slices: readonly Slice[]): ExchangeQuote {
  const { change_total_amount: amount, change_total_currency: currency } = wire
  const token: ExchangeToken = { order: orderId, offer: wire.id, change: amount && currency ? { amount, currency } : null }
  return { ...toChangeTerms(wire), slices, supplierToken: JSON.stringify(token) }
}

/** What the airline has changed. Duffel states no time by which it wants an answer. Throws a RangeError. */
export function toAirlineChange(wire: WireAirlineChange): AirlineChange {
  const actions = wire.available_actions ?? []
  return {
    id: wire.id,
    removed: (wire.removed ?? []).map(readSlice),
    added: (wire.added ?? []).map(readSlice),
    mayAccept: actions.includes('accept'),
    mayRefund: actions.includes('cancel'),
    answerBy: null,
  }
}

/** One slice of an order or a change. Throws a RangeError when it is none. */
export function readSlice(value: unknown): Slice {
  const slice = withNamesOfToday(value)
  if (!wireSlice.Check(slice)) throw new RangeError('a slice cannot be read')
  return toSlice(slice, '')
}

/** Airline-initiated changes of 2022 call the times and terminals of a segment by the names of Duffel's own tables. */
function withNamesOfToday(slice: unknown): unknown {
  if (!isObject(slice) || !Array.isArray(slice['segments'])) return slice
  return {
    ...slice,
    segments: slice['segments'].map((segment: unknown) =>
      isObject(segment)
        ? {
            ...segment,
            departing_at: segment['departing_at'] ?? segment['departure_datetime'],
            arriving_at: segment['arriving_at'] ?? segment['arrival_datetime'],
            origin_terminal: segment['origin_terminal'] ?? segment['departure_terminal'],
            destination_terminal: segment['destination_terminal'] ?? segment['arrival_terminal'],
          }
        : segment,
    ),
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
