import { toIso } from '../../kernel/time.ts'
import { flightNames } from '../../travel/flight-names.ts'
import type { Slice } from '../../travel/flight.ts'
import { toBoughtView, toDirectionView, toFlownView } from '../../travel/offer-view.ts'
import { itemOf, type Booking } from '../booking.ts'
import { addedSlices, latestOf, removedSlices, statusOf, type AnsweredChange } from './change-set.ts'
import type { ScheduleChangeView } from './schemas.ts'

/** A booking's change sets as its traveller sees them, the latest last. `actions` is what can be done now. */
export function toChangesView(booking: Booking, changes: readonly AnsweredChange[]): ScheduleChangeView[] {
  return changes.map((change) => {
    const item = itemOf(booking, change.itemId)
    const status = statusOf(change, item, latestOf(changes, change.itemId) === change)
    return {
      seq: change.seq,
      item_id: change.itemId,
      kind: change.kind,
      is_material: change.isMaterial,
      removed: removedSlices(change).map(toSliceView),
      added: addedSlices(change).map(toSliceView),
      status,
      actions: status === 'open' ? change.actions.filter((action) => action !== 'refund' || !item.isKept) : [],
      respond_by: change.respondBy && toIso(change.respondBy),
      default_action: change.defaultAction,
      found_at: toIso(change.foundAt),
      answered_at: change.answer && toIso(change.answer.answeredAt),
    }
  })
}

function toSliceView(slice: Slice): ScheduleChangeView['removed'][number] {
  const segments = slice.segments.map((segment) => ({ ...toFlownView(segment, flightNames.carrier), ...toBoughtView(segment) }))
  return { ...toDirectionView(slice), segments }
}
