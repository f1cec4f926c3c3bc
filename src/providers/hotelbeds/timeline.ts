import { addMoney, money, type Money } from '../../kernel/money.ts'
import { parseInstant, type Instant } from '../../kernel/time.ts'
import type { CancellationStep } from '../../travel/stay.ts'
import { findAmount } from './read-amount.ts'
import type { WirePolicy } from './wire.ts'

/**
 * Their policies, each "from then on this amount", as an ascending timeline that begins free. Null when none is stated or a
 * date cannot be read: half a timeline would promise what nobody has promised.
 */
export function toTimeline(policies: readonly WirePolicy[], currency: string): CancellationStep[] | null {
  const steps: { from: Instant; penalty: Money | null }[] = []
  for (const { amount, from } of policies) {
    const at = readInstant(from)
    if (at === null) return null
    const penalty = findAmount(amount, currency)
    const same = steps.find((step) => step.from === at)
    if (!same) steps.push({ from: at, penalty })
    // Two amounts from one moment on: the guest must be told the dearer, or that it is not known.
    else same.penalty = same.penalty && penalty && (penalty.amount > same.penalty.amount ? penalty : same.penalty)
  }
  if (steps.length === 0) return null
  return [{ from: null, penalty: money(0, currency) }, ...steps.toSorted((a, b) => a.from - b.from)]
}

function readInstant(text: string | null | undefined): Instant | null {
  try {
    return text ? parseInstant(text) : null
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Whether cancelling at that moment is free; null when the timeline has no amount for it. */
export function freeNow(timeline: readonly CancellationStep[], now: Instant): boolean | null {
  const step = timeline.findLast(({ from }) => from === null || from <= now)
  return step?.penalty ? step.penalty.amount === 0 : null
}

/** The timeline of several rooms that are cancelled together: at every moment the sum of theirs. Null when one has none. */
export function addTimelines(timelines: readonly (readonly CancellationStep[] | null)[]): readonly CancellationStep[] | null {
  const known = timelines.filter((timeline) => timeline !== null)
  if (known.length < timelines.length || known.length === 0) return null
  if (known.length === 1) return known[0]!
  const moments = [...new Set(known.flatMap((timeline) => timeline.map(({ from }) => from)))].toSorted((a, b) => (a ?? 0) - (b ?? 0))
  return moments.map((from) => ({ from, penalty: addAll(known.map((timeline) => penaltyAt(timeline, from))) }))
}

function penaltyAt(timeline: readonly CancellationStep[], at: Instant | null): Money | null {
  return timeline.findLast(({ from }) => from === null || (at !== null && from <= at))?.penalty ?? null
}

function addAll(amounts: readonly (Money | null)[]): Money | null {
  const [first = null, ...rest] = amounts
  return rest.reduce<Money | null>((sum, amount) => (sum && amount ? addMoney(sum, amount) : null), first)
}
