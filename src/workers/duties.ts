/**
 * Twentieths of the reactions that one process does at once. Those that wait for partners with travellers' money in hand
 * come first; documents keep a core busy, and mails may be late.
 */
const SHARES = {
  payments: 4,
  ticketing: 6,
  refunds: 3,
  'schedule-changes': 2,
  documents: 2,
  notifications: 2,
  bookkeeping: 1,
} as const

/** Whose work a reaction is. Each has a queue and workers of its own: what is stuck or floods in one delays no other. */
export type Duty = keyof typeof SHARES

export const duties = Object.keys(SHARES) as readonly Duty[]

/** How many reactions of this duty a process does at once, of all that it may; at least one. */
export function shareOf(duty: Duty, concurrentMax: number): number {
  return Math.max(1, Math.floor((SHARES[duty] * concurrentMax) / 20))
}
