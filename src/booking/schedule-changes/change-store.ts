import { claimDueAnswers, insertAnswer, takeAnswer, updateAnswer } from './answer-store.ts'
import { findRules, insertChange, listChanges, listUnanswered } from './change-set-store.ts'
import { claimDueWatches, listReturning, setNextLook, startWatch } from './watch-store.ts'

/** What is kept of changed schedules, in Postgres. */
export const scheduleChangeStore = {
  findRules,
  listChanges,
  insertChange,
  listUnanswered,
  insertAnswer,
  takeAnswer,
  updateAnswer,
  claimDueAnswers,
  startWatch,
  claimDueWatches,
  setNextLook,
  listReturning,
}

export type ScheduleChangeStore = Readonly<typeof scheduleChangeStore>
