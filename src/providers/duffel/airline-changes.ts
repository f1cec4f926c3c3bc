import type { Reservation } from '../../travel/reservation.ts'
import type { AirlineChange, Call, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { isFailure, read, write, type Deps } from './exchange.ts'
import { unknown } from './faults.ts'
import { readAcceptance, readAirlineChanges } from './read-change-reply.ts'
import { readOrder } from './read-reply.ts'

/** What the airline has changed about the order and nobody has answered yet. */
export async function airlineChanges(deps: Deps, supplierRef: string, call: Call): Promise<readonly AirlineChange[]> {
  return readAirlineChanges(await read(deps, `/air/airline_initiated_changes?order_id=${encodeURIComponent(supplierRef)}`, call))
}

/**
 * Agrees to the airline's change. Where Duffel's people have to do it by hand, no action is taken when it answers: that is
 * unknown until the list of open changes is asked for again.
 */
export async function acceptAirlineChange(
  deps: Deps,
  supplierRef: string,
  changeId: string,
  call: Call,
): Promise<WriteOutcome<Reservation>> {
  const accepted = await write(deps, `/air/airline_initiated_changes/${encodeURIComponent(changeId)}/actions/accept`, undefined, call)
  if (isFailure(accepted)) return accepted
  const answer = readAcceptance(accepted)
  if (answer.outcome !== 'ok') return answer
  const { action_taken: action } = answer.value
  if (!action) return unknown('pending', 'the change is not accepted yet')
  if (action !== 'accepted') return unknown('unrecognised', `Duffel says that the change was ${action.slice(0, 40)}`)
  try {
    return { outcome: 'ok', value: readOrder(await read(deps, `/air/orders/${encodeURIComponent(supplierRef)}`, call)).reservation }
  } catch (error) {
    if (error instanceof ProviderError) return unknown('unrecognised', `the change is accepted, and the order not read: ${error.message}`)
    throw error
  }
}
