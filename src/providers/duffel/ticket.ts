import type { Ticket } from '../../travel/reservation.ts'
import type { Call, TicketOrder, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { isFailure, read, write, type Deps } from './exchange.ts'
import { unknown } from './faults.ts'
import { errorCodesOf, readOrder, readTicketing } from './read-reply.ts'
import { toPayment } from './to-wire.ts'
import type { WireOrder } from './wire.ts'

/** Refusals after which only the order can say what is so: an earlier call of ours, whose reply was lost, may have paid. */
const PERHAPS_PAID = new Set(['already_paid', 'order_type_not_eligible_for_payment'])

/**
 * Pays a held order from our balance with the agreed total, so that a dearer one is refused by Duffel itself, and reads the
 * tickets from the order. A payment whose tickets do not show yet is unknown, and found by looking at the order again.
 */
export async function ticket(deps: Deps, order: TicketOrder, call: Call): Promise<WriteOutcome<readonly Ticket[]>> {
  const paid = await write(deps, '/air/payments', toPayment(order), call)
  if (isFailure(paid)) return paid
  if (errorCodesOf(paid).some((code) => PERHAPS_PAID.has(code))) return settlePaid(deps, order, call)
  const result = readTicketing(paid)
  if (result.outcome !== 'ok') return result
  return readIssued(deps, order, call, () => unknown('pending', 'the order is paid and its tickets do not show yet'))
}

/**
 * The order was paid for before. A held one by us: its tickets are ours, or yet to come. An instant one when it was made,
 * and when it says that it has no documents at all, the airline issues none and this call has changed nothing. Documents
 * that are not told, or that cannot be understood, prove nothing.
 */
async function settlePaid(deps: Deps, order: TicketOrder, call: Call): Promise<WriteOutcome<readonly Ticket[]>> {
  return readIssued(deps, order, call, (wire) => {
    const refuse = (code: string, message: string) => ({ outcome: 'rejected', reason: 'not_allowed', code, message }) as const
    if (wire.cancelled_at) return refuse('already_cancelled', 'the order is cancelled')
    if (wire.type === 'instant' && wire.documents?.length === 0)
      return refuse('already_paid', 'the order was paid when it was made and has no tickets')
    return unknown('pending', 'the order is paid and its tickets do not show yet')
  })
}

async function readIssued(
  deps: Deps,
  { reservation }: TicketOrder,
  call: Call,
  withoutTickets: (wire: WireOrder) => WriteOutcome<readonly Ticket[]>,
): Promise<WriteOutcome<readonly Ticket[]>> {
  try {
    const { reservation: current, wire } = readOrder(await read(deps, `/air/orders/${encodeURIComponent(reservation.supplierRef)}`, call))
    const isIssued = current.status === 'active' && current.tickets.length > 0 && coversEverybody(wire)
    return isIssued ? { outcome: 'ok', value: current.tickets } : withoutTickets(wire)
  } catch (error) {
    if (error instanceof ProviderError) return unknown('unrecognised', `the order could not be read after its payment: ${error.message}`)
    throw error
  }
}

/** False when a passenger has no e-ticket among documents that all say whose they are. */
function coversEverybody({ documents, passengers }: WireOrder): boolean {
  const tickets = (documents ?? []).filter((document) => !document.type || document.type === 'electronic_ticket')
  if (tickets.some((document) => (document.passenger_ids ?? []).length === 0)) return true
  const holders = new Set(tickets.flatMap((document) => document.passenger_ids ?? []))
  return passengers.every((passenger) => !passenger.id || holders.has(passenger.id))
}
