import { randomUUID } from 'node:crypto'
import type { LocalDate } from '../../src/kernel/time.ts'
import type { ChaosStack } from './stack.ts'
import { until } from './until.ts'

/** A difference in the books, as operators see it. */
export type Break = { readonly id: string; readonly kind: string; readonly our_ref: string | null; readonly their_ref: string | null }

/** Somebody of ours, at an API of their own. */
export type Operator = {
  /** Has the books of a day compared; the comparison is made by a worker, soon. */
  readonly compare: (day: LocalDate) => Promise<void>
  /** The same, and waits for its end; false when there was none in time. */
  readonly compared: (day: LocalDate) => Promise<boolean>
  /** Differences of the day that are open. */
  readonly breaks: (day: LocalDate) => Promise<readonly Break[]>
  readonly leave: () => Promise<void>
}

const TOKEN = 'chaos-operator-of-this-run-alone'
const COMPARED_MS = 60_000

type Reconciliations = { readonly breaks: readonly Break[]; readonly runs: readonly { readonly id: string; readonly state: string }[] }

export async function startOperator(stack: ChaosStack): Promise<Operator> {
  const api = await stack.start('api', { OPS_TOKEN: TOKEN })
  const ask = async (method: 'GET' | 'POST', path: string, body?: object): Promise<{ status: number; body: unknown }> => {
    const reply = await fetch(`${api.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'idempotency-key': randomUUID(),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    })
    return { status: reply.status, body: await reply.json() }
  }
  const compare: Operator['compare'] = async (day) => {
    const { status } = await ask('POST', '/v1/ops/reconciliations', { day })
    if (status !== 202) throw new Error(`the comparison was answered ${status}`)
  }
  return {
    compare,
    compared: async (day) => {
      await compare(day)
      const underWay = (): Promise<object[]> =>
        stack.sql(`select from reporting.reconciliation_runs where day = $1 and state in ('requested', 'running')`, [day])
      return until(async () => (await underWay()).length === 0, COMPARED_MS, 250)
    },
    breaks: async (day) => ((await ask('GET', `/v1/ops/reconciliations?day=${day}&state=open`)).body as Reconciliations).breaks,
    leave: () => api.stop(),
  }
}
