import { setTimeout as sleep } from 'node:timers/promises'
import type { Auditor } from './auditor.ts'
import type { Violation } from './invariants.ts'
import type { Seeded } from './seeded.ts'
import type { ChaosStack } from './stack.ts'
import { createTravellers, type Travellers } from './travellers.ts'

/** What goes on beside a fault in the soak: people who buy, and somebody who looks at the books all the time. */
export type Custom = {
  readonly travellers: Travellers
  /** Lets nobody else begin, and resolves when those under way have been answered, to what was found meanwhile. */
  readonly stop: () => Promise<{ readonly found: readonly Violation[]; readonly audits: number }>
}

const EVERY_MS = 1_200
const AUDIT_EVERY_MS = 2_000
const NAMES = ['SANTOSO', 'SANTOSO', 'SANTOSO', 'SOLDOUT', 'PRICEUP', 'SUPPLIERUNKNOWN', 'TICKETDELAY', 'REJECTED'] as const

/** Begins it. Whom the fault keeps from finding an offer goes away again, as people do. */
export function startCustom(stack: ChaosStack, auditor: Auditor, seeded: Seeded): Custom {
  const travellers = createTravellers(stack, seeded)
  auditor.follow(travellers)
  let isOver = false
  const found: Violation[] = []
  let audits = 0
  const buying: Promise<unknown>[] = []
  const buy = async (): Promise<void> => {
    const [offer] = await travellers.verified(1)
    await travellers.buy(offer!, seeded.pick(NAMES))
  }
  const coming = (async () => {
    for (; !isOver; await sleep(EVERY_MS)) buying.push(buy().catch(() => undefined))
  })()
  const looking = (async () => {
    for (; !isOver; await sleep(AUDIT_EVERY_MS)) {
      // While the database is away there is nothing to read.
      const seen = await auditor.audit('during').catch(() => null)
      if (!seen) continue
      audits += 1
      found.push(...seen.found)
    }
  })()
  return {
    travellers,
    stop: async () => {
      isOver = true
      await Promise.all([coming, looking])
      await Promise.all(buying)
      return { found, audits }
    },
  }
}
