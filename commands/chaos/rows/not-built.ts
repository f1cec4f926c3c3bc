import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Row, RowFacts, RowScene } from '../row.ts'
import { underTraffic } from './traffic.ts'

const SKEW = '15m'

/** Rows about what does not exist here yet: named, so that nobody takes them for survived. */
export const notBuiltRows: readonly Row[] = [
  notBuilt('F31', 'a replica lags or is promoted without the last commits', 'nothing reads from a replica: there is none'),
  {
    id: 'F32',
    fault: `the clock of one API is ${SKEW} ahead and that of one worker ${SKEW} behind`,
    notRunBecause: async () => ((await hasFaketime()) ? null : 'faketime is not installed'),
    run: runSkewed,
  },
  notBuilt('F41', 'the airline changes or cancels flights after the ticket', 'changes by the supplier are not built yet'),
  notBuilt('F42', 'a chargeback after the ticket', 'the gateways do not tell of chargebacks yet'),
  notBuilt('F43', 'payments that only the gateway, or only we know of', 'reconciliation is not built yet'),
  notBuilt('F44', 'the waiting room is gone round', 'there is no waiting room yet'),
]

function notBuilt(id: string, fault: string, reason: string): Row {
  return { id, fault, notRunBecause: () => reason, run: async () => ({ broken: [reason] }) }
}

async function hasFaketime(): Promise<boolean> {
  return promisify(execFile)('faketime', ['--version'], { timeout: 5_000 }).then(
    () => true,
    () => false,
  )
}

/** Only Date moves; timers go on as they were. */
async function runSkewed(scene: RowScene): Promise<RowFacts> {
  const { stack } = scene
  const settings = { FAKETIME_DONT_FAKE_MONOTONIC: '1' }
  await Promise.all([...stack.processes('api').slice(1), ...stack.processes('worker').slice(1)].map((one) => one.stop()))
  const skewed = await Promise.all([
    stack.start('api', settings, ['faketime', '-f', `+${SKEW}`]),
    stack.start('worker', settings, ['faketime', '-f', `-${SKEW}`]),
  ])
  await underTraffic(scene, { buyers: 8, everyMs: 300 }, async () => undefined)
  await Promise.all(skewed.map((one) => one.stop()))
  return { faultEndedAt: stack.clock.now() }
}
