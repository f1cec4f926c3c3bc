import { describeMachine, type Report, type Row } from '../report.ts'
import { FULL, QUICK, type Plan } from './plan.ts'
import { measureCodec } from './rows/codec.ts'
import { measureCold } from './rows/cold.ts'
import { measureEngine } from './rows/engine.ts'
import { measureMerge } from './rows/merge.ts'
import { measureMixed } from './rows/mixed.ts'
import { measureXml } from './rows/xml.ts'
import { openStage, type Stage } from './stage.ts'

/** Parts of the benchmark that can be run alone. */
export const SEARCH_PARTS = ['mix', 'engine', 'codec', 'xml', 'cold', 'merge'] as const

export type SearchPart = (typeof SEARCH_PARTS)[number]

/** Runs the search benchmark. Throws GateClosed when two servers do not answer the same. */
export async function runSearchBench(options: {
  isQuick: boolean
  parts: readonly SearchPart[]
  say: (line: string) => void
}): Promise<Report> {
  const plan = options.isQuick ? QUICK : FULL
  const stage = await openStage(options.say)
  const rows: Row[] = []
  let noisy = false
  try {
    for (const part of SEARCH_PARTS) {
      if (!options.parts.includes(part)) continue
      const measured = await measurePart(part, stage, plan)
      rows.push(...measured.rows)
      noisy ||= measured.noisy
    }
    return { machine: describeMachine({ pinned: stage.pinned, noisy }), rows }
  } finally {
    await stage.close()
  }
}

async function measurePart(part: SearchPart, stage: Stage, plan: Plan): Promise<{ rows: readonly Row[]; noisy: boolean }> {
  const calm = async (rows: Promise<readonly Row[]>) => ({ rows: await rows, noisy: false })
  switch (part) {
    case 'mix': {
      const measured = []
      for (const size of plan.sizes) measured.push(await measureMixed(stage, plan, size))
      return { rows: measured.flatMap((one) => one.rows), noisy: measured.some((one) => one.noisy) }
    }
    case 'engine':
      return calm(measureEngine(stage, plan))
    case 'codec':
      return calm(measureCodec(stage, plan))
    case 'xml':
      return calm(measureXml(stage, plan))
    case 'cold':
      return calm(measureCold(stage, plan))
    case 'merge':
      return calm(measureMerge(stage, plan))
  }
}
