import { setTimeout as sleep } from 'node:timers/promises'
import type { ChaosStack } from './stack.ts'

const GRACE_MS = 4_000
/** How long a request whose process died keeps its key, src/gateway/idempotency.ts, and a second. */
const REQUEST_LOCK_SECONDS = 11

/** Waits for travellers after a fault; those who wait for the key of a request whose process died get the time put forward. */
export async function letThrough<T>(stack: ChaosStack, buying: Promise<T>): Promise<T> {
  const isLeft = await Promise.race([buying.then(() => false), sleep(GRACE_MS).then(() => true)])
  if (isLeft) await stack.advance(REQUEST_LOCK_SECONDS)
  return buying
}
