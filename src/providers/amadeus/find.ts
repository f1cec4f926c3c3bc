import type { FlightOffer } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { Call, FindQuery, FindReply } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { createBudget, type Deps } from './deps.ts'
import { PROVIDER_ID, refused, replyOf } from './exchange.ts'
import { isNoMatch } from './faults.ts'
import { isSameReference } from '../host-text.ts'
import { readLocators, readPnr, readPnrErrors, type PnrView } from './read-pnr.ts'
import { retrievePnr, withStoredFares } from './read-operations.ts'
import { malformed } from './read-values.ts'
import { inSession, type Session } from './session.ts'
import { REFERENCE_REMARK } from './wire.ts'
import { writeRetrieveByName } from './write-servicing.ts'
import { segmentsOf } from './write-values.ts'

/** Records of one name on one flight that are looked into before the search is called too wide to prove an absence. */
const CANDIDATES_MAX = 40

/**
 * The reservation whose remark holds our reference. There is no search by remark: records are displayed by the first traveller's family
 * name on the first flight, and each is looked into. A record without flights has been cancelled and is not found by a flight any
 * more. Throws ProviderError when a candidate could not be read: it might have been the one.
 */
export async function find(deps: Deps, query: FindQuery, call: Call): Promise<FindReply> {
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  const who = query.passengers.find((one) => one.type === 'adult') ?? query.passengers[0]
  const first = segmentsOf(query.offer)[0]
  if (!who || !first) throw malformed('nobody and no flight to look for')
  return inSession(deps, call, budget, async (session): Promise<FindReply> => {
    const result = await session.ask('PNR_Retrieve', writeRetrieveByName(deps.config, who, first), { orElse: 'PNR_List' })
    if (result.kind === 'fault' && isNoMatch(result.fault)) return { outcome: 'absent' }
    const reply = replyOf(result)
    if (reply.name !== 'PNR_List') {
      const view = readPnr(reply)
      if (view) return isOurs(view, query.reference) ? found(await withStoredFares(session, view), query.offer) : { outcome: 'absent' }
      const refusal = readPnrErrors(reply)[0]
      if (refusal && isNoMatch(refusal)) return { outcome: 'absent' }
      throw refusal ? refused(refusal) : malformed('the reply shows neither a record nor a list')
    }
    return lookInto(session, readLocators(reply), query)
  })
}

async function lookInto(session: Session, locators: readonly string[], query: FindQuery): Promise<FindReply> {
  if (locators.length > CANDIDATES_MAX)
    throw new ProviderError(PROVIDER_ID, 'refused', `more than ${CANDIDATES_MAX} records match, so none can be ruled out`)
  let other: PnrView | undefined
  for (const locator of locators) {
    const view = await retrievePnr(session, locator)
    if (!isOurs(view, query.reference)) continue
    if (view.reservation.status === 'active') return found(await withStoredFares(session, view), query.offer)
    other ??= view
  }
  return other ? { outcome: 'found', reservation: other.reservation } : { outcome: 'absent' }
}

/** A record that lacks a flight or a stored fare cannot be ticketed: whoever finds it must not take it for a booking that worked. */
function found(view: PnrView, offer: FlightOffer): FindReply {
  const { reservation } = view
  const isWhole =
    reservation.total !== null &&
    reservation.segments.length >= segmentsOf(offer).length &&
    reservation.segments.every((segment) => segment.status === 'confirmed')
  const known: Reservation = isWhole || reservation.tickets.length > 0 ? reservation : { ...reservation, status: 'unknown' }
  return { outcome: 'found', reservation: known }
}

function isOurs(view: PnrView, reference: string): boolean {
  return view.remarks.some((remark) => {
    const at = remark.toUpperCase().indexOf(REFERENCE_REMARK)
    return at >= 0 && isSameReference(remark.slice(at + REFERENCE_REMARK.length), reference)
  })
}
