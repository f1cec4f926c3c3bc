import { setTimeout as sleep } from 'node:timers/promises'
import type { RowScene } from '../row.ts'
import type { Journey } from '../travellers.ts'

/** Who is not through by then waits for the key of a request whose process died. */
const GRACE_MS = 5_000
/** How long such a request keeps its key, src/gateway/idempotency.ts, and a second. */
const REQUEST_LOCK_SECONDS = 11

/**
 * Lets travellers buy, one after the other, while `trouble` comes and goes; resolves when both are over. Their offers are
 * confirmed before: what is looked at is booking, paying and ticketing.
 */
export async function underTraffic(
  { stack, travellers, seeded }: RowScene,
  { buyers, everyMs }: { buyers: number; everyMs: number },
  trouble: () => Promise<void>,
): Promise<Journey[]> {
  const offers = await travellers.verified(buyers)
  const buying = offers.map(async (offer, at) => {
    await sleep(at * everyMs + seeded.int(everyMs))
    return travellers.buy(offer, seeded.chance(0.15) ? 'SOLDOUT' : undefined)
  })
  const all = Promise.all(buying)
  await Promise.all([sleep(everyMs).then(trouble), Promise.race([all, sleep(buyers * everyMs)])])
  const isLeft = await Promise.race([all.then(() => false), sleep(GRACE_MS).then(() => true)])
  if (isLeft) await stack.advance(REQUEST_LOCK_SECONDS)
  return all
}

/** What was answered that a traveller must not see: anything of 5xx but 503. Nobody answering is told apart. */
export function badAnswers({ travellers }: RowScene): string[] {
  return Object.entries(travellers.seen().statuses)
    .filter(([status]) => Number(status) >= 500 && status !== '503')
    .map(([status, count]) => `${count} requests were answered ${status} instead of 503`)
}
