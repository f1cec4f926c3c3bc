import { createAuditor, type Auditor } from './auditor.ts'
import { startCustom } from './custom.ts'
import type { Violation } from './invariants.ts'
import type { Control, Row, RowFacts } from './row.ts'
import { seededBy } from './seeded.ts'
import { settle } from './settle.ts'
import type { ChaosStack } from './stack.ts'
import { createTravellers, type Travellers } from './travellers.ts'

/** What one repetition of a row came to. */
export type Repetition = {
  readonly violations: readonly { readonly invariant: string; readonly subject: string; readonly detail: string }[]
  /** For each booking that was paid for, how long after the end of the fault it came to its own, by the sandbox's clock. */
  readonly healMs: readonly number[]
  readonly duplicatesSuppressed: number
  /** Cases that were opened for a person. */
  readonly workItems: number
  /** Bookings that were confirmed to a traveller and are not there, and money that is nowhere. */
  readonly lost: number
  readonly figures: Readonly<Record<string, number>>
  /** How often the books were looked at while the fault was there. */
  readonly audits: number
  readonly bookings: number
}

export type RowRunner = {
  /** `isSoak`: others buy meanwhile, and the books are looked at all the time. */
  readonly run: (row: Row, repetition: number, options?: { readonly isSoak: boolean }) => Promise<Repetition>
  /** Plays the row's race without its guard; whether that was noticed. What it breaks is no finding. */
  readonly control: (row: Row & { readonly control: Control }) => Promise<boolean>
  readonly auditor: Auditor
}

/** Runs rows, one after the other, on one stack. */
export function createRowRunner(stack: ChaosStack, options: { seed: string; scale: number; say: (what: string) => void }): RowRunner {
  const auditor = createAuditor(stack)
  const run: RowRunner['run'] = async (row, repetition, { isSoak } = { isSoak: false }) => {
    const seeded = seededBy(`${options.seed} ${row.id} ${repetition}`)
    const travellers = createTravellers(stack, seeded)
    auditor.follow(travellers)
    const before = await countAll(stack)
    const custom = isSoak ? startCustom(stack, auditor, seededBy(`${options.seed} ${row.id} ${repetition} custom`)) : null
    const facts = await playRow(row, { stack, travellers, seeded, scale: options.scale, say: options.say })
    const endedAt = facts.faultEndedAt ?? stack.clock.now()
    const deaths = stack.deaths().map((name) => `${name} ended by itself`)
    await heal(stack)
    const meanwhile = await custom?.stop()
    const everybody = [...travellers.journeys, ...(custom?.travellers.journeys ?? [])]
    const mayWait = facts.mayWait ?? []
    const settled = await settle(stack, everybody, mayWait)
    const repeated = travellers.replays()
    const replays = await replay(travellers, new Set(facts.answersLost))
    const { found, books } = await auditor.audit('after', { mayWait, replays })
    const after = await countAll(stack)
    const known = new Set(books.bookings.map(({ id }) => id))
    const missing = everybody.filter(({ booking }) => booking && !known.has(booking.id))
    // What a row says of its own counts supposes that nobody else is there; in the soak the invariants judge.
    const broken = [...(isSoak ? [] : (facts.broken ?? [])), ...deaths].map((detail) => ({ invariant: row.id, subject: 'the row', detail }))
    const late = settled.unsettled.map((detail) => ({
      invariant: 'I9',
      subject: detail.split(' ')[0]!,
      detail: `not at its end: ${detail}`,
    }))
    return {
      violations: dedupe([...(meanwhile?.found ?? []), ...found, ...broken, ...late]),
      healMs: [...settled.endedAt.values()].map((at) => Math.max(0, at - endedAt)),
      duplicatesSuppressed:
        (facts.duplicatesSuppressed ?? 0) + repeated + Math.max(0, after.deliveries - before.deliveries - (after.inbox - before.inbox)),
      workItems: after.workItems - before.workItems,
      lost: missing.length + found.filter(({ invariant }) => invariant === 'I1').length,
      figures: facts.figures ?? {},
      audits: (meanwhile?.audits ?? 0) + 1,
      bookings: everybody.filter(({ booking }) => booking !== null).length,
    }
  }
  const control: RowRunner['control'] = async ({ id, control: { disarm, shows = () => true, run: race }, ...row }) => {
    const arm = await disarm(stack)
    try {
      const { violations } = await run({ ...row, id, ...(race && { run: race }) }, 0)
      for (const { invariant, detail } of violations) options.say(`without its guard: ${invariant} ${detail}`)
      return violations.some(shows)
    } finally {
      await arm()
      auditor.sealAnew()
    }
  }
  return { run, control, auditor }
}

/** On a machine that is busy a start may fail once. */
async function heal(stack: ChaosStack): Promise<void> {
  await stack.heal().catch(() => stack.heal())
}

/** What goes wrong in a row itself is a finding too: it must not end the run. */
async function playRow(row: Row, scene: Parameters<Row['run']>[0]): Promise<RowFacts> {
  try {
    return await row.run(scene)
  } catch (error) {
    return { broken: [`it did not come to its end: ${error instanceof Error ? error.message : String(error)}`] }
  }
}

async function countAll(stack: ChaosStack): Promise<{ workItems: number; inbox: number; deliveries: number }> {
  const [row] = await stack.sql<{ items: string; inbox: string }>(
    `select (select count(*) from platform.work_items)::text as items, (select count(*) from payments.inbox)::text as inbox`,
  )
  const accepted = stack.gateway.control.deliveries().filter(({ status }) => status !== null && status < 300)
  return { workItems: Number(row!.items), inbox: Number(row!.inbox), deliveries: accepted.length }
}

const REPLAYS_AT_ONCE = 8

/** I8: every request that got an answer gets the same one again. */
async function replay(travellers: Travellers, lost: ReadonlySet<string>): Promise<{ request: string; isSame: boolean; detail: string }[]> {
  const answered = travellers.sent.filter(({ answer, key }) => answer !== null && !lost.has(key))
  const results: { request: string; isSame: boolean; detail: string }[] = []
  const queue = [...answered]
  const work = async (): Promise<void> => {
    for (let one = queue.shift(); one; one = queue.shift()) {
      const first = one.answer!
      const reply = await travellers.post(one.path, one.body, { key: one.key, withinMs: 15_000 })
      const body = { status: reply?.status, body: withoutRequestId(reply?.body) }
      const isSame = JSON.stringify(body) === JSON.stringify({ status: first.status, body: withoutRequestId(first.body) })
      results.push({ request: `POST ${one.path} ${one.key}`, isSame, detail: `${first.status} became ${reply?.status ?? 'no answer'}` })
    }
  }
  await Promise.all(Array.from({ length: REPLAYS_AT_ONCE }, work))
  return results
}

/** Each problem names the request that it answers; everything else has to be the same. */
function withoutRequestId(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body
  const { requestId: _1, request_id: _2, instance: _3, ...rest } = body as Record<string, unknown>
  return sorted(rest)
}

/** The stored answer comes back from a column that does not keep the order of members. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  )
}

function dedupe(violations: readonly (Violation | { invariant: string; subject: string; detail: string })[]): Repetition['violations'] {
  const seen = new Set<string>()
  return violations.filter(({ invariant, subject }) => {
    const key = `${invariant} ${subject}`
    if (invariant.startsWith('I') && seen.has(key)) return false
    seen.add(key)
    return true
  })
}
