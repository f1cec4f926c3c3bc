import { seededChoices, seedOfWorld, listedChoices } from './choices.ts'
import { createCoverage, reportCoverage } from './coverage.ts'
import { createSystem } from './system.ts'
import { createWorld, runWorld } from './world.ts'
Error.stackTraceLimit = 0
const n = Number(process.argv[2] ?? 1000), seed = Number(process.argv[3] ?? 1)
const only = process.argv[4]
const system = createSystem()
const coverage = createCoverage()
if (only !== undefined) {
  const world = createWorld(system, coverage, (l) => console.log(l))
  console.log(await runWorld(world, seededChoices(seedOfWorld(seed, Number(only)))))
  process.exit()
}
const world = createWorld(system, coverage)
let turns = 0
const c0 = process.cpuUsage(); const t0 = performance.now()
const kinds = new Map<string, number[]>()
for (let i = 0; i < n; i++) {
  const end = await runWorld(world, seededChoices(seedOfWorld(seed, i)))
  turns += end.turns
  if (end.violation) { const k = end.violation.invariant + ' ' + end.violation.detail.replace(/\d+/g, 'N'); kinds.set(k, [...(kinds.get(k) ?? []), i]) }
}
const s = (performance.now() - t0) / 1000
console.log({ cpu: process.cpuUsage(c0).user / 1e6, perCpuSecond: n / (process.cpuUsage(c0).user / 1e6), worlds: n, seconds: s, perSecond: n / s, turnsPerWorld: turns / n, turnsPerSecond: turns / s })
for (const [k, v] of [...kinds].sort((a, b) => b[1].length - a[1].length)) console.log(v.length, k, v.slice(0, 5).join(' '))
const final: Record<string, number> = {}
const r = reportCoverage(coverage.counts)
console.log(r.legal_cells, r.cells_met, r.not_met.slice(0, 30), r.beyond.slice(0, 40))
