import { median } from './statistics.ts'

export type Task = { readonly name: string; readonly run: () => unknown }

const STRETCH_MS = 40

/**
 * Microseconds per call of each task. They take turns, a few milliseconds each, so that a neighbour's noise falls on all of
 * them; the median of the turns is told, after a first turn that only warms up.
 */
export async function compareMicros(tasks: readonly Task[], totalMs: number): Promise<Record<string, number>> {
  const micros = new Map(tasks.map((task) => [task.name, [] as number[]]))
  const turns = Math.max(4, Math.round(totalMs / (STRETCH_MS * tasks.length)))
  for (let turn = 0; turn < turns; turn += 1) {
    for (const task of tasks) {
      const taken = await stretch(task)
      if (turn > 0) micros.get(task.name)!.push(taken)
    }
  }
  return Object.fromEntries([...micros].map(([name, values]) => [name, median(values)]))
}

async function stretch({ run }: Task): Promise<number> {
  const begun = performance.now()
  let calls = 0
  let now = begun
  while (now - begun < STRETCH_MS) {
    const result = run()
    if (result instanceof Promise) await result
    calls += 1
    now = performance.now()
  }
  return ((now - begun) * 1_000) / calls
}
