import type { Reservation } from '../../travel/reservation.ts'
import type { Call, Cancellation, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { isFailure, write, type Deps } from './call.ts'
import { notSent, unknown } from './faults.ts'
import { isCancelled, toRefund } from './from-wire-itinerary.ts'
import { retrieveWire } from './look-up.ts'
import { readRoomCancellation } from './read-reply.ts'
import { parseRef, type ItineraryRef } from './token.ts'
import type { WireItinerary } from './wire.ts'

/**
 * Cancels every room through the link that the itinerary has for it, all at once. Rejected only when no room was
 * cancelled, and provably; as soon as one was, anything but the end of all of them is unknown.
 */
export async function cancel(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  const ref = parseRef(reservation.supplierRef)
  const before = await readNow(deps, ref, call)
  if (before instanceof ProviderError) return readingFailed(before)
  const rooms = before.rooms ?? []
  if (rooms.length === 0) return notSent('the itinerary cannot be read yet: it shows no rooms')
  const open = rooms.filter((room) => !isCancelled(room))
  if (open.length === 0) return { outcome: 'ok', value: { refund: toRefund(before) } }

  // An itinerary that is held is given back as a whole.
  const held = before.links?.['resume'] ? before.links['cancel'] : undefined
  const links = held ? [held] : open.map(({ links: own }) => own?.cancel)
  if (links.some((link) => !link))
    return {
      outcome: 'rejected',
      reason: 'not_allowed',
      code: 'no_cancel_link',
      message: 'Expedia Rapid offers no way to cancel a room of it',
    }

  const outcomes = await Promise.all(links.map((link) => cancelRoom(deps, { link: link!.href, session: ref.session }, call)))
  const failed = outcomes.filter((outcome) => outcome.outcome !== 'ok')
  if (failed.length === 0) return { outcome: 'ok', value: { refund: await findRefund(deps, ref, call) } }
  const doubtful = failed.find(({ outcome }) => outcome === 'unknown')
  if (doubtful) return isAccepted(failed) ? settleAccepted(deps, ref, call) : doubtful
  const [first] = failed
  if (failed.length === outcomes.length) return first!
  return unknown('unrecognised', `${failed.length} of ${outcomes.length} rooms could not be cancelled: ${first!.message}`)
}

async function cancelRoom(deps: Deps, { link, session }: { link: string; session: string }, call: Call): Promise<WriteOutcome<null>> {
  const { writeTimeoutMs: timeoutMs } = deps.settings.limits
  const reply = await write(deps, { method: 'DELETE', link, session, timeoutMs }, call)
  return isFailure(reply) ? reply : readRoomCancellation(reply)
}

function isAccepted(failed: readonly WriteOutcome<null>[]): boolean {
  return failed.every((outcome) => outcome.outcome === 'unknown' && outcome.cause === 'pending')
}

/** "Accepted" asks for a look: what the itinerary shows then decides. */
async function settleAccepted(deps: Deps, ref: ItineraryRef, call: Call): Promise<WriteOutcome<Cancellation>> {
  const after = await readNow(deps, ref, call)
  if (after instanceof ProviderError || !(after.rooms ?? []).length || !after.rooms!.every(isCancelled))
    return unknown('pending', 'the cancellation is accepted and does not show yet')
  return { outcome: 'ok', value: { refund: toRefund(after) } }
}

async function findRefund(deps: Deps, ref: ItineraryRef, call: Call): Promise<Cancellation['refund']> {
  const after = await readNow(deps, ref, call)
  return after instanceof ProviderError || !(after.rooms ?? []).every(isCancelled) ? null : toRefund(after)
}

async function readNow(deps: Deps, ref: ItineraryRef, call: Call): Promise<WireItinerary | ProviderError> {
  try {
    return await retrieveWire(deps, ref, call)
  } catch (error) {
    if (error instanceof ProviderError) return error
    throw error
  }
}

/** Nothing was cancelled: the itinerary has to be read for the links that do it. */
function readingFailed(error: ProviderError): WriteOutcome<never> {
  if (error.code === 'resource_not_found') return { outcome: 'rejected', reason: 'not_found', code: error.code, message: error.message }
  return notSent(error.message)
}
