import { parseMoney } from '../../kernel/money.ts'
import type { ServiceOffer } from '../contract.ts'
import { wireService, type WireService } from './wire-service.ts'

/** What a service's `supplierToken` holds: what an order has to name, and what one of it costs as Duffel wrote it. */
export type ServiceToken = { readonly service: string; readonly amount: string; readonly currency: string }

/** The passengers and flights of the offer, in its order; services name them by id. */
export type ServiceParties = { readonly passengerIds: readonly string[]; readonly segmentIds: readonly string[] }

/** Their services as ours. One that cannot be read, or is for somebody or a flight that is not the offer's, is left out. */
export function toServiceOffers(services: readonly unknown[], parties: ServiceParties): readonly ServiceOffer[] {
  const passengers = new Map(parties.passengerIds.map((id, index) => [id, index]))
  const segments = new Map(parties.segmentIds.map((id, index) => [id, index]))
  return services.flatMap((service): ServiceOffer[] => {
    if (!wireService.Check(service)) return []
    const passengerIndexes = (service.passenger_ids ?? []).map((id) => passengers.get(id) ?? -1)
    const segmentIndexes = (service.segment_ids ?? []).map((id) => segments.get(id) ?? -1)
    if (passengerIndexes.includes(-1) || segmentIndexes.includes(-1)) return []
    try {
      return [toServiceOffer(service, passengerIndexes, segmentIndexes.length === parties.segmentIds.length ? [] : segmentIndexes)]
    } catch (error) {
      if (error instanceof RangeError) return []
      throw error
    }
  })
}

function toServiceOffer(wire: WireService, passengerIndexes: readonly number[], segmentIndexes: readonly number[]): ServiceOffer {
  const token: ServiceToken = { service: wire.id, amount: wire.total_amount, currency: wire.total_currency }
  return {
    kind: KINDS.get(wire.type) ?? 'other',
    name: nameOf(wire),
    price: parseMoney(wire.total_amount, wire.total_currency),
    quantityMax: wire.maximum_quantity ?? 1,
    passengerIndexes,
    segmentIndexes,
    supplierToken: JSON.stringify(token),
  }
}

const KINDS = new Map<string, ServiceOffer['kind']>([
  ['baggage', 'baggage'],
  ['seat', 'seat'],
  ['meal', 'meal'],
  ['cancel_for_any_reason', 'cancel_for_any_reason'],
])

const BAGS = new Map([
  ['checked', 'Checked bag'],
  ['carry_on', 'Carry-on bag'],
  ['personal_item', 'Personal item'],
])

/** "Checked bag, 23 kg"; a service without a name is called by its type. */
function nameOf({ type, metadata }: WireService): string {
  if (type === 'baggage') {
    const bag = BAGS.get(metadata?.type ?? '') ?? 'Bag'
    return metadata?.maximum_weight_kg ? `${bag}, ${metadata.maximum_weight_kg} kg` : bag
  }
  if (type === 'seat') return metadata?.designator ? `Seat ${metadata.designator}` : (metadata?.name ?? 'Seat')
  const words = (metadata?.name ?? type).replaceAll('_', ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
