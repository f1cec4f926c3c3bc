import { fromMoneyText } from '../../src/kernel/money.ts'
import { readBooks, sealTables, type Books, type Seal } from './books.ts'
import { findViolations, type Testimony, type Violation } from './invariants.ts'
import { findLeaks } from './leaks.ts'
import type { ChaosStack } from './stack.ts'
import type { Travellers } from './travellers.ts'

/** Looks at everybody's books again and again, and tells each violation once. */
export type Auditor = {
  /** From now on their prices and names are looked after too. */
  readonly follow: (travellers: Travellers) => void
  /** What has been rewritten so far was so on purpose. */
  readonly sealAnew: () => void
  /** What is violated now and was not before. */
  readonly audit: (
    moment: Testimony['moment'],
    options?: { readonly mayWait?: readonly string[]; readonly replays?: Testimony['replays'] },
  ) => Promise<{ readonly found: Violation[]; readonly books: Books }>
}

export function createAuditor(stack: ChaosStack): Auditor {
  const followed: Travellers[] = []
  const mayWait = new Set<string>()
  const known = new Set<string>()
  const read = new Map<string, number>()
  let seals: readonly Seal[] = []

  /** What has been logged since the last look. */
  const news = async (): Promise<{ where: string; text: string }[]> =>
    Object.entries(await stack.logs()).map(([where, text]) => {
      const from = read.get(where) ?? 0
      read.set(where, text.length)
      return { where, text: text.length < from ? text : text.slice(from) }
    })

  // One look at a time: each begins where the one before has ended.
  let turn: Promise<unknown> = Promise.resolve()
  const audit: Auditor['audit'] = async (moment, { mayWait: waiting = [], replays = [] } = {}) => {
    for (const id of waiting) mayWait.add(id)
    const journeys = followed.flatMap((travellers) => travellers.journeys)
    const people = journeys.flatMap(({ traveller, companions }) => [traveller, ...companions])
    const leaks = (await news()).flatMap(({ where, text }) => findLeaks(text, people, stack.secrets).map((what) => ({ what, where })))
    const sealed = await sealTables(stack, seals)
    seals = sealed.seals
    const books = await readBooks(stack)
    const shown = new Map(journeys.flatMap(({ booking, shown: price }) => (booking ? [[booking.id, fromMoneyText(price)] as const] : [])))
    const found = findViolations(books, { moment, shown, mayWait, replays, leaks, rewritten: sealed.broken })
    const fresh = found.filter(({ invariant, subject }) => !known.has(`${invariant} ${subject}`))
    for (const { invariant, subject } of fresh) known.add(`${invariant} ${subject}`)
    return { found: fresh, books }
  }
  return {
    follow: (travellers) => void followed.push(travellers),
    sealAnew: () => {
      seals = []
    },
    audit: (moment, options) => {
      const look = turn.then(() => audit(moment, options))
      turn = look.catch(() => undefined)
      return look
    },
  }
}
