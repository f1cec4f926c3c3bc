import { seededChoices, seedOfWorld } from './choices.ts'
import { createCoverage } from './coverage.ts'
import { createSystem } from './system.ts'
import { createWorld, runWorld } from './world.ts'
import { CONTROLS, MUTANTS } from './mutants.ts'
Error.stackTraceLimit = 0
const only = process.argv[2]
for (const m of [...CONTROLS, ...MUTANTS]) {
  if (only && !m.name.includes(only)) continue
  const system = createSystem(m.mutation)
  const world = createWorld(system, createCoverage())
  const runs: string[] = []
  for (const seed of [1, 2, 3]) {
    let found = ''
    let i = 0
    for (; i < m.worldsMax && !found; i++) { const end = await runWorld(world, seededChoices(seedOfWorld(seed, i))); if (end.violation) found = end.violation.invariant + ' ' + end.violation.detail }
    runs.push(`${i} ${found}`)
  }
  console.log(m.name, '\n   ', runs.join('\n    '))
}
