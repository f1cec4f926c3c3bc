import { setTimeout as wait } from 'node:timers/promises'

/** Time that passes: a pause, and a deadline for a call. */
export type Waits = {
  readonly pause: (ms: number) => Promise<void>
  /** Aborts after `ms`. */
  readonly deadline: (ms: number) => AbortSignal
}

/** Waits by the machine's timers. */
export const timerWaits: Waits = {
  pause: async (ms) => void (await wait(ms)),
  deadline: (ms) => AbortSignal.timeout(ms),
}
