import { failpoint } from '../platform/failpoint.ts'
import type { OutboxStore } from '../platform/outbox-store.ts'
import type { PendingReaction } from '../platform/outbox.ts'
import type { Db } from '../platform/postgres.ts'
import type { WorkerDeps } from './deps.ts'
import { duties, type Duty } from './duties.ts'
import { reactions, type Events, type Happened } from './reactions.ts'

type AnyReaction = (deps: WorkerDeps, event: Happened<never>) => Promise<unknown>

/** The names of everything that reacts to an event of this name. */
export function reactionsTo(eventName: string): readonly string[] {
  return duties.flatMap((duty) => Object.keys(reactionsOf(eventName, duty)))
}

/**
 * Whose duty a reaction is. One that this release does not know was left by another: whoever keeps the books fails at it,
 * so that it comes before a person unless a process of the other release takes it first.
 */
export function dutyOf(eventName: string, reaction: string): Duty {
  return duties.find((duty) => Object.hasOwn(reactionsOf(eventName, duty), reaction)) ?? 'bookkeeping'
}

/**
 * Does what a job asks for, unless it has been done. It is noted as done only afterwards: a worker that dies in between
 * does it again, which every reaction bears.
 */
export async function react(
  deps: WorkerDeps & { readonly db: Db; readonly outbox: Pick<OutboxStore, 'isPending' | 'settleReaction'> },
  { event, reaction: name }: PendingReaction,
): Promise<void> {
  const reaction = reactionsOf(event.name, dutyOf(event.name, name))[name]
  if (!reaction) throw new Error(`there is no reaction ${event.name}:${name}`)
  if (!(await deps.outbox.isPending(deps.db, event.id, name))) return
  await reaction(deps, event as unknown as Happened<never>)
  failpoint('reaction-done')
  await deps.outbox.settleReaction(deps.db, event.id, name)
}

/** Event names and reactions come from the database and the queues: some may be those of another release. */
function reactionsOf(eventName: string, duty: Duty): Readonly<Record<string, AnyReaction>> {
  const byDuty = Object.hasOwn(reactions, eventName) ? reactions[eventName as keyof Events] : {}
  return ((byDuty as { readonly [Of in Duty]?: unknown })[duty] ?? {}) as Readonly<Record<string, AnyReaction>>
}
