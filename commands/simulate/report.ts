import { reportCoverage, type CoverageReport } from './coverage.ts'
import type { Violation } from './invariants.ts'

export type Findings = {
  readonly seed: number
  readonly worlds: number
  readonly turns: number
  readonly seconds: number
  readonly violations: readonly { readonly world: number; readonly violation: Violation }[]
  readonly counts: Uint32Array
  /** Worlds in which nobody asks the gateway again, and webhooks have to be enough. */
  readonly unreconciled: Pick<Findings, 'worlds' | 'violations'>
  readonly mutants: readonly MutantFinding[]
}

/** `runs`: the median, over several seeds, of how many worlds it took. */
export type MutantFinding = { readonly name: string; readonly found: boolean; readonly runs: number }

/** What `--json` prints, and nothing else. */
export type Report = {
  readonly worlds: number
  readonly choices_per_s: number
  readonly worlds_per_s: number
  readonly violations: number
  readonly reconciler_off: { readonly worlds: number; readonly violations: number }
  readonly coverage: CoverageReport
  readonly mutants: readonly MutantFinding[]
}

export function toReport(findings: Findings): Report {
  return {
    worlds: findings.worlds,
    choices_per_s: Math.round(findings.turns / findings.seconds),
    worlds_per_s: Math.round(findings.worlds / findings.seconds),
    violations: findings.violations.length,
    reconciler_off: { worlds: findings.unreconciled.worlds, violations: findings.unreconciled.violations.length },
    coverage: reportCoverage(findings.counts),
    mutants: findings.mutants,
  }
}

/** The report for people. */
export function describe(report: Report, findings: Pick<Findings, 'seed' | 'turns' | 'seconds'>): string {
  const { coverage } = report
  const count = (value: number): string => value.toLocaleString('en')
  const widest = Math.max(0, ...report.mutants.map(({ name }) => name.length))
  return [
    `${count(report.worlds)} worlds of seed ${findings.seed}, ${count(findings.turns)} turns, in ${findings.seconds.toFixed(1)} s: ${count(report.worlds_per_s)} worlds and ${count(report.choices_per_s)} turns a second.`,
    report.violations === 0 ? 'No promise was broken.' : `${report.violations} worlds broke a promise.`,
    `With the reconciler off: ${report.reconciler_off.violations} of ${count(report.reconciler_off.worlds)} worlds broke a promise.`,
    '',
    `Of ${coverage.legal_cells} cells of state × event × fault ${coverage.cells_met} were met.`,
    ...coverage.not_met.map((cell) => `  not met  ${cell}`),
    ...(report.mutants.length === 0 ? [] : ['', 'Mutants, and in how many worlds (median) each was found:']),
    ...report.mutants.map(
      ({ name, found, runs }) => `  ${found ? 'found    ' : 'NOT FOUND'}  ${name.padEnd(widest)}  ${String(runs).padStart(6)}`,
    ),
    '',
  ].join('\n')
}

/** The one in the middle; of an even number the lower of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? 0
}
