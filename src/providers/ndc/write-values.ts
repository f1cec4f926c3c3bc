import type { Money } from '../../kernel/money.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import type { Contact, Passenger, PassengerType } from '../../travel/passenger.ts'
import { escapeXml, writeXml } from '../../platform/xml.ts'
import type { FindQuery, FlightOrder } from '../contract.ts'
import type { NdcConfig } from './config.ts'
import type { OrderRef } from './read-order.ts'
import { PASSENGER_CODES, toPassengerType, type OfferToken } from './wire.ts'

/** Writes the requests of one version, each as a whole document. Pure. */
export type Writer = {
  readonly shop: (config: NdcConfig, query: FlightQuery) => string
  readonly price: (config: NdcConfig, token: OfferToken) => string
  readonly create: (config: NdcConfig, order: FlightOrder, token: OfferToken, travellers: readonly NamedTraveller[]) => string
  readonly retrieve: (config: NdcConfig, ref: OrderRef) => string
  readonly list: (config: NdcConfig, query: FindQuery) => string
  readonly ticket: (config: NdcConfig, ref: OrderRef, payment: Payment) => string
  readonly seats: (config: NdcConfig, token: OfferToken) => string
}

/** What is paid from our account with the airline, under our reference. */
export type Payment = { readonly amount: Money; readonly reference: string }

/** A passenger under the key that the airline gave to whoever is of this type. */
export type NamedTraveller = { readonly id: string; readonly code: string; readonly passenger: Passenger; readonly infant: string | null }

/** Whom to ask a price for: an own key each, in the order adults, children, infants. */
export function travellersOf(query: FlightQuery): readonly { readonly id: string; readonly code: string }[] {
  const { adults, children, infants } = query.passengers
  const counts: readonly (readonly [PassengerType, number])[] = [
    ['adult', adults],
    ['child', children],
    ['infant', infants],
  ]
  const codes = counts.flatMap(([type, count]) => Array.from({ length: count }, () => PASSENGER_CODES[type]))
  return codes.map((code, i) => ({ id: `PAX${i + 1}`, code }))
}

/**
 * The passengers of an order under the airline's keys: each gets one of its type, infants go with the adults in turn.
 * Undefined when the offer is for other people than these.
 */
export function nameTravellers(order: FlightOrder, token: OfferToken): readonly NamedTraveller[] | undefined {
  const free = token.pax.map(([id, code]) => ({ id, code, type: toPassengerType(code) }))
  const named: { id: string; code: string; passenger: Passenger }[] = []
  for (const passenger of order.passengers) {
    const index = free.findIndex((one) => one.type === passenger.type)
    const [taken] = index < 0 ? [] : free.splice(index, 1)
    if (!taken) return undefined
    named.push({ id: taken.id, code: taken.code, passenger })
  }
  if (free.length > 0) return undefined
  const infants = named.filter((one) => one.passenger.type === 'infant').map((one) => one.id)
  return named.map((one) => ({ ...one, infant: one.passenger.type === 'adult' ? (infants.shift() ?? null) : null }))
}

/** An element with a text, or nothing without one. */
export function leaf(name: string, text: string | null | undefined): string {
  return text === null || text === undefined || text === '' ? '' : writeXml(name, {}, escapeXml(text))
}

/** The digits of a telephone number; interfaces want them without the plus. */
export function digitsOf(contact: Contact): string {
  return contact.phone.replace(/\D/g, '')
}

/** The gender letter that NDC has: M, F, and X for neither. */
export function genderCode(passenger: Passenger): string {
  return passenger.gender === 'male' ? 'M' : passenger.gender === 'female' ? 'F' : 'X'
}
