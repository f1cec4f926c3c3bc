import { failpoint } from '../platform/failpoint.ts'
import type { OutboxStore } from '../platform/outbox-store.ts'
import type { PendingReaction } from '../platform/outbox.ts'
import type { Db } from '../platform/postgres.ts'
import type { WorkerDeps } from './deps.ts'
import { reactions, type Events, type Happened } from './reactions.ts'

/** The names of everything that reacts to an event of this name. */
export function reactionsTo(eventName: string): readonly string[] {
  return Object.keys(reactions[eventName as keyof Events] ?? {})
}

/**
 * Does what a job asks for, unless it has been done. It is noted as done only afterwards: a worker that dies in between
 * does it again, which every reaction bears.
 */
export async function react(
  deps: WorkerDeps & { readonly db: Db; readonly outbox: Pick<OutboxStore, 'isPending' | 'settleReaction'> },
  { event, reaction: name }: PendingReaction,
): Promise<void> {
  const reaction = reactions[event.name as keyof Events]?.[name] as
    | ((deps: WorkerDeps, event: Happened<never>) => Promise<unknown>)
    | undefined
  if (!reaction) throw new Error(`there is no reaction ${event.name}:${name}`)
  if (!(await deps.outbox.isPending(deps.db, event.id, name))) return
  await reaction(deps, event as unknown as Happened<never>)
  failpoint('reaction-done')
  await deps.outbox.settleReaction(deps.db, event.id, name)
}
