import { styleText } from 'node:util'
import type { BookingView } from './client.ts'

/** One thing that was done: how long it took and whom it concerned. */
export type Step = { readonly name: string; readonly ms: number; readonly ids: Readonly<Record<string, string>> }

export type Broken = { readonly invariant: string; readonly detail: string }

/** The one document that `--json` prints. `broken` is there only when something is. */
export type Report = {
  readonly scenario: string
  readonly steps: readonly Step[]
  readonly violations: number
  readonly bookings: readonly BookingView[]
  readonly broken?: readonly Broken[]
}

/** What a step came to: its result, the ids to print and a remark. */
export type Told<T> = { readonly result: T; readonly ids?: Readonly<Record<string, string>>; readonly remark?: string }

/** Tells a run as it happens, and remembers it. */
export type Story = {
  readonly step: <T>(name: string, work: () => Promise<Told<T>>) => Promise<T>
  /** Notes whether something that must be true is; `detail` says what was seen when it is not. */
  readonly check: (invariant: string, holds: boolean, detail: string) => void
  readonly keep: (booking: BookingView) => void
  readonly say: (text: string) => void
  readonly report: () => Report
}

/** A story that is written line by line, on a terminal in colour unless `hasColour` is false. */
export function createStory(scenario: string, write: (line: string) => void, hasColour: boolean): Story {
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    hasColour ? styleText(format, text, { validateStream: false }) : text
  const steps: Step[] = []
  const broken: Broken[] = []
  const bookings = new Map<string, BookingView>()
  // What is found out during a step is told below its line, which is written when it ends.
  let depth = 0
  const later: string[] = []
  const tell = (line: string): void => {
    if (depth > 0) later.push(line)
    else write(line)
  }
  const endStep = (line: string): void => {
    depth -= 1
    tell(line)
    if (depth > 0) return
    for (const one of later.splice(0)) write(one)
  }

  return {
    step: async (name, work) => {
      const begun = performance.now()
      depth += 1
      try {
        const { result, ids = {}, remark = '' } = await work()
        const ms = Math.round(performance.now() - begun)
        steps.push({ name, ms, ids })
        endStep(
          `  ${style('yellow', 'o--')} ${name.padEnd(26)} ${style('dim', `${ms} ms`.padStart(9))}  ${[...Object.values(ids), remark].filter(Boolean).join('  ')}`,
        )
        return result
      } catch (error) {
        steps.push({ name, ms: Math.round(performance.now() - begun), ids: {} })
        endStep(`  ${style('red', 'x--')} ${name}`)
        throw error
      }
    },
    check: (invariant, holds, detail) => {
      if (!holds) broken.push({ invariant, detail })
      tell(`      ${holds ? style('green', 'holds   ') : style('red', 'VIOLATED')} ${invariant}${holds ? '' : `: ${detail}`}`)
    },
    keep: (booking) => void bookings.set(booking.id, booking),
    say: (text) => write(style('dim', text)),
    report: () => ({
      scenario,
      steps,
      violations: broken.length,
      bookings: [...bookings.values()],
      ...(broken.length > 0 ? { broken } : {}),
    }),
  }
}

/** Asks until the answer is accepted, at most for `withinMs`; throws saying what it was waiting for and what it saw last. */
export async function waitFor<T>(
  what: string,
  withinMs: number,
  ask: () => Promise<T>,
  accept: (seen: T) => boolean,
  show: (seen: T) => string,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (let pauseMs = 50; ; pauseMs = Math.min(500, pauseMs * 1.5)) {
    const seen = await ask()
    if (accept(seen)) return seen
    if (performance.now() + pauseMs > deadline)
      throw new Error(`${what} did not come within ${Math.round(withinMs / 1000)} s; last seen: ${show(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
