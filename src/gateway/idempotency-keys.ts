import { sql, type Selectable } from 'kysely'
import { plusMs, toDate, type Clock, type Instant } from '../kernel/time.ts'
import type { Db } from '../platform/postgres.ts'
import type { DB } from '../platform/tables.gen.ts'

/** How long a process may say nothing of a request that it works on before a repeat takes it over. */
const LEASE_MS = 10_000
/** So that two renewals may fail in a row. */
const RENEW_MS = 3_000

type Deps = { readonly db: Db; readonly clock: Clock }

/** A key that a request holds; `since` tells this holder from one that took the key over. */
export type HeldKey = { readonly scope: string; readonly key: string; readonly since: Date }

type Wanted = Pick<HeldKey, 'scope' | 'key'> & { readonly requestHash: string }

/** Takes a key that nobody has used; undefined where it is known. */
export async function takeNewKey(deps: Deps, { scope, key, requestHash }: Wanted): Promise<HeldKey | undefined> {
  const lease = leaseFrom(deps.clock.now())
  const inserted = await deps.db
    .insertInto('platform.idempotency_keys')
    .values({ scope, key, request_hash: requestHash, ...lease })
    .onConflict((conflict) => conflict.columns(['scope', 'key']).doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n ? { scope, key, since: lease.created_at } : undefined
}

/** Takes a key from a request whose process has been silent for ten seconds: it died, or stands still. Undefined where it has not. */
export async function takeSilentKey(deps: Deps, { scope, key }: Pick<HeldKey, 'scope' | 'key'>): Promise<HeldKey | undefined> {
  const now = deps.clock.now()
  const lease = leaseFrom(now)
  const taken = await deps.db
    .updateTable('platform.idempotency_keys')
    .set(lease)
    .where('scope', '=', scope)
    .where('key', '=', key)
    .where('status', 'is', null)
    .where('locked_until', '<', toDate(now))
    .executeTakeFirst()
  return taken.numUpdatedRows === 1n ? { scope, key, since: lease.created_at } : undefined
}

function leaseFrom(now: Instant): { created_at: Date; locked_until: Date } {
  return { created_at: toDate(now), locked_until: toDate(plusMs(now, LEASE_MS)) }
}

/** The key as it stands, or undefined. */
export function findKey(
  deps: Deps,
  { scope, key }: Pick<HeldKey, 'scope' | 'key'>,
): Promise<Selectable<DB['platform.idempotency_keys']> | undefined> {
  return deps.db.selectFrom('platform.idempotency_keys').selectAll().where('scope', '=', scope).where('key', '=', key).executeTakeFirst()
}

/** Says again and again that the request is being worked on, until it is stopped. */
export function keepKey(deps: Deps, held: HeldKey): { stop: () => void } {
  let isRenewing = false
  const renew = async (): Promise<void> => {
    if (isRenewing) return
    isRenewing = true
    await ownRow(deps, held)
      .set({ locked_until: toDate(plusMs(deps.clock.now(), LEASE_MS)) })
      .execute()
      // The next one may get there; if none does, the request may be worked on twice, which its effects bear.
      .catch(() => undefined)
    isRenewing = false
  }
  const timer = setInterval(() => void renew(), RENEW_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** Keeps the answer under the key; false where somebody else has taken it over, whose answer counts then. */
export async function answerKey(deps: Deps, held: HeldKey, answer: { readonly status: number; readonly body: unknown }): Promise<boolean> {
  const { numUpdatedRows } = await ownRow(deps, held)
    .set({ status: answer.status, body: JSON.stringify(answer.body) })
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Lets go of the key, so that a repeat is worked on at once; one that somebody else has taken over stays theirs. */
export async function freeKey(deps: Deps, held: HeldKey): Promise<void> {
  await deps.db.deleteFrom('platform.idempotency_keys').where(isStillHeld(held)).execute()
}

function ownRow(deps: Deps, held: HeldKey) {
  return deps.db.updateTable('platform.idempotency_keys').where(isStillHeld(held))
}

/** Unanswered, and not taken over. */
function isStillHeld({ scope, key, since }: HeldKey) {
  return sql<boolean>`scope = ${scope} and key = ${key} and status is null and created_at = ${since}`
}

const KEPT_MS = 7 * 24 * 3_600_000

/** Forgets keys older than a week; returns how many. */
export async function forgetIdempotencyKeys(deps: Deps): Promise<number> {
  const { numDeletedRows } = await deps.db
    .deleteFrom('platform.idempotency_keys')
    .where('created_at', '<', toDate(plusMs(deps.clock.now(), -KEPT_MS)))
    .executeTakeFirst()
  return Number(numDeletedRows)
}
