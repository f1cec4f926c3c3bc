import type { WorkerDeps } from './deps.ts'

/** Work that no event starts: it looks at the database again and again. */
export type Schedule = {
  readonly name: string
  readonly everyMs: number
  readonly run: (deps: WorkerDeps & ScheduleDeps) => Promise<unknown>
}

export type ScheduleDeps = {
  /** Hands events of the outbox on. */
  readonly relay: () => Promise<void>
  /** Wakes workers up again for what has been pending too long. */
  readonly requeue: () => Promise<number>
  /** Puts jobs that failed for good before people, should nobody have been told, and closes the cases of what was done after all. */
  readonly tendDeadLetters: () => Promise<void>
  /** Removes what the release before has left in Redis. */
  readonly retireSingleQueue: () => Promise<boolean>
  /** Takes up what operators have begun and their process has died over. */
  readonly resumeActions: () => Promise<number>
  /** Compares the books of a day, where one is due or was asked for. */
  readonly reconcile: () => Promise<unknown>
  readonly forgetIdempotencyKeys: () => Promise<number>
  /** Aborted when the workers are to stop: what takes long ends where it can go on another time. */
  readonly closing: AbortSignal
}

/**
 * Everything that runs by the clock. Any number of processes may run these at once: each claims its work in the
 * database. This is what makes lost jobs, lost webhooks and lost replies only slow instead of lost.
 */
export const schedules: readonly Schedule[] = [
  { name: 'relayEvents', everyMs: 100, run: (deps) => deps.relay() },
  { name: 'requeueReactions', everyMs: 5_000, run: (deps) => deps.requeue() },
  { name: 'tendDeadLetters', everyMs: 60_000, run: (deps) => deps.tendDeadLetters() },
  { name: 'retireSingleQueue', everyMs: 60_000, run: (deps) => deps.retireSingleQueue() },
  { name: 'resumeActions', everyMs: 30_000, run: (deps) => deps.resumeActions() },
  { name: 'reconcile', everyMs: 5_000, run: (deps) => deps.reconcile() },
  { name: 'settleInDoubt', everyMs: 1_000, run: (deps) => deps.bookings.settleInDoubt() },
  { name: 'syncOpenPayments', everyMs: 2_000, run: async (deps) => failTogether((await deps.payments.syncOpen()).failures) },
  { name: 'pollRefunds', everyMs: 2_000, run: async (deps) => failTogether((await deps.payments.pollRefunds()).failures) },
  { name: 'resumeBookings', everyMs: 10_000, run: (deps) => deps.bookings.resume() },
  { name: 'watchSchedules', everyMs: 10_000, run: async (deps) => deps.bookings.scheduleChanges?.watch() },
  { name: 'settleChangeAnswers', everyMs: 2_000, run: async (deps) => deps.bookings.scheduleChanges?.settle() },
  { name: 'endUnansweredChanges', everyMs: 10_000, run: async (deps) => deps.bookings.scheduleChanges?.endUnanswered() },
  { name: 'sweepOrphans', everyMs: 15_000, run: (deps) => deps.bookings.sweepOrphans() },
  { name: 'expireBookings', everyMs: 5_000, run: (deps) => deps.bookings.expire() },
  // A day after the last time, and at once where there is none: each supplier says for itself whether it is due.
  { name: 'refreshStayContent', everyMs: 60_000, run: (deps) => deps.stayContent.refresh({ signal: deps.closing }) },
  { name: 'forgetOffers', everyMs: 3_600_000, run: (deps) => deps.bookings.forgetOffers() },
  { name: 'forgetIdempotencyKeys', everyMs: 3_600_000, run: (deps) => deps.forgetIdempotencyKeys() },
]

function failTogether(failures: readonly { error: unknown }[]): void {
  if (failures.length > 0)
    throw new AggregateError(
      failures.map((failure) => failure.error),
      `${failures.length} of them failed`,
    )
}
