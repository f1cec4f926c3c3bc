import { answerChange, type ChangeOrder } from './answer-change.ts'
import { carryOutAnswer } from './carry-out-answer.ts'
import type { AnsweredChange } from './change-set.ts'
import type { ScheduleChangeDeps } from './deps.ts'
import { endUnanswered } from './end-unanswered.ts'
import { settleAnswers } from './settle-answers.ts'
import { startWatching, watchSchedules } from './watch-schedules.ts'

export { addedSlices, removedSlices, type AnsweredChange } from './change-set.ts'
export { scheduleChangeStore } from './change-store.ts'
export { scheduleChangeRoutes } from './routes.ts'
export { toChangesView } from './view-changes.ts'
export type { ChangeOrder } from './answer-change.ts'

/** What the rest of Farewire may ask about flights that airlines change after they were ticketed. */
export function createScheduleChanges(deps: ScheduleChangeDeps) {
  return {
    list: (bookingId: string): Promise<AnsweredChange[]> => deps.changes.listChanges(deps.db, bookingId),
    answer: (order: ChangeOrder) => answerChange(deps, order),
    carryOut: (bookingId: string, changeId: string) => carryOutAnswer(deps, bookingId, changeId),
    startWatching: (bookingId: string) => startWatching(deps, bookingId),
    watch: () => watchSchedules(deps),
    settle: () => settleAnswers(deps),
    endUnanswered: () => endUnanswered(deps),
  }
}

export type ScheduleChanges = ReturnType<typeof createScheduleChanges>
