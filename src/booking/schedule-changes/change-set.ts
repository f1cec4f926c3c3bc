import type { Instant } from '../../kernel/time.ts'
import type { Slice } from '../../travel/flight.ts'
import { isHeldByTraveller, type ItemState } from '../machine/index.ts'

/** One thing the airline has changed. `supplierChangeId` is null where the supplier has no name for it: it was seen in the reservation. */
export type ChangePart = { readonly supplierChangeId: string | null; readonly removed: readonly Slice[]; readonly added: readonly Slice[] }

/** What a traveller can do about a change. */
export type ChangeAction = 'accept' | 'refund'

/** Everything the airline has changed about an item at one look, as it was found: it never changes afterwards (semantics S11). */
export type ChangeSet = {
  readonly id: string
  readonly bookingId: string
  readonly itemId: string
  /** Counted through the booking; only the latest of an item may be answered. */
  readonly seq: number
  /** `cancelled`: no flight is left, and the airline offers none. */
  readonly kind: 'changed' | 'cancelled'
  /** Whether the traveller is asked. What is not material is told only. */
  readonly isMaterial: boolean
  readonly parts: readonly ChangePart[]
  readonly actions: readonly ChangeAction[]
  /** Null where nothing is to be answered. */
  readonly respondBy: Instant | null
  /** What is done when nobody has answered by then. */
  readonly defaultAction: 'accept' | 'ask_person' | 'none'
  readonly foundAt: Instant
}

/** What was answered and how far it has come. `noted`, `sent` and `unknown` are under way; a rejected one counts no more. */
export type ChangeAnswer = {
  readonly id: string
  readonly changeId: string
  readonly action: ChangeAction | 'ask_person' | 'withdrawn'
  readonly answeredBy: 'traveller' | 'deadline' | 'airline'
  readonly state: 'noted' | 'sent' | 'unknown' | 'ok' | 'rejected'
  readonly answeredAt: Instant
  readonly sendings: number
  readonly probes: number
  readonly horizonAt: Instant | null
}

/** A change set with the answer that counts, if there is one. */
export type AnsweredChange = ChangeSet & { readonly answer: ChangeAnswer | null }

export const CHANGE_STATUSES = [
  'open',
  'told',
  'superseded',
  'withdrawn',
  'answering',
  'accepted',
  'returned',
  'not_taken_back',
  'with_a_person',
] as const

/** `told`: there is nothing to answer. `answering`: the airline has not confirmed the answer yet. `returned`: the ticket is given back. */
export type ChangeStatus = (typeof CHANGE_STATUSES)[number]

/** The latest change set of an item: the only one that may be answered. */
export function latestOf<Change extends ChangeSet>(changes: readonly Change[], itemId: string): Change | undefined {
  return changes.findLast((change) => change.itemId === itemId)
}

/** Where a change set stands. The answer "refund" is carried out by the item, whose position says how far it is. */
export function statusOf(change: AnsweredChange, item: Pick<ItemState, 'position'>, isLatest: boolean): ChangeStatus {
  const { answer } = change
  if (answer?.action === 'withdrawn') return 'withdrawn'
  if (answer?.action === 'ask_person') return change.defaultAction === 'none' ? 'told' : 'with_a_person'
  if (answer?.action === 'refund') {
    if (item.position === 'returning') return 'answering'
    return isHeldByTraveller(item) ? 'not_taken_back' : 'returned'
  }
  if (answer) return answer.state === 'ok' ? 'accepted' : 'answering'
  if (!isLatest) return 'superseded'
  return change.actions.length === 0 ? 'told' : 'open'
}

export function removedSlices(change: Pick<ChangeSet, 'parts'>): readonly Slice[] {
  return change.parts.flatMap((part) => part.removed)
}

export function addedSlices(change: Pick<ChangeSet, 'parts'>): readonly Slice[] {
  return change.parts.flatMap((part) => part.added)
}
