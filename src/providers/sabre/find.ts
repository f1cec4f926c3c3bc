import type { Reservation } from '../../travel/reservation.ts'
import type { Call, FindQuery, FindReply } from '../contract.ts'
import { createBudget, type Deps } from './exchange.ts'
import { hasReference } from './from-wire-booking.ts'
import { retrieveView } from './read-operations.ts'
import { searchByName } from './trip-search.ts'

/**
 * Looks for our reference. Sabre cannot be asked for a remark, so the candidates are the office's active reservations of
 * the first passenger's family name, and each is read until one carries the reference. If one of them cannot be read, the
 * search fails rather than prove an absence. Where an active reservation and another carry it, the active one is found.
 */
export async function find(deps: Deps, query: FindQuery, call: Call): Promise<FindReply> {
  const budget = createBudget(deps, deps.settings.limits.readTimeoutMs)
  const locators = await searchByName(deps, query.passengers[0]?.familyName ?? '', call, budget)
  let other: Reservation | null = null
  for (const locator of locators) {
    const view = await retrieveView(deps, locator, call, budget)
    if (!hasReference(view, query.reference)) continue
    if (view.reservation.status === 'active') return { outcome: 'found', reservation: view.reservation }
    other ??= view.reservation
  }
  return other ? { outcome: 'found', reservation: other } : { outcome: 'absent' }
}
