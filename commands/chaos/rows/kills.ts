import type { Failpoint } from '../../../src/platform/failpoint.ts'
import type { Process } from '../processes.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'

const DEATH_MS = 30_000

type Kill = {
  readonly id: string
  readonly fault: string
  /** Where the process of this role dies; it is then the only one. */
  readonly role: Process['role']
  readonly at: Failpoint
  /** The family name that makes the supplier behave as the row wants it. */
  readonly familyName?: string
}

/** F1 to F5: a process dies at the worst moment; the others do what it left undone, once. */
export const killRows: readonly Row[] = (
  [
    { id: 'F1', fault: 'API killed between the commit of a payment and the relay of its event', role: 'api', at: 'announcement-kept' },
    { id: 'F2', fault: 'API killed inside the transaction, after the gateway has opened a page', role: 'api', at: 'page-opened' },
    { id: 'F3', fault: 'worker killed before the call to the supplier', role: 'worker', at: 'supplier-not-asked' },
    { id: 'F4', fault: 'worker killed after the supplier has done it, before that is written', role: 'worker', at: 'supplier-answered' },
    {
      id: 'F5',
      fault: 'worker killed between the refund call and REFUND_COMPLETED',
      role: 'worker',
      at: 'refund-given',
      familyName: 'SOLDOUT',
    },
  ] satisfies Kill[]
).map((kill) => ({ id: kill.id, fault: kill.fault, run: (scene: RowScene) => runKill(kill, scene) }))

async function runKill(kill: Kill, { stack, travellers, say }: RowScene): Promise<RowFacts> {
  const offers = await travellers.verified(3)
  await Promise.all(stack.processes(kill.role).map((one) => one.stop()))
  const doomed = await stack.start(kill.role, { FAILPOINT: kill.at })
  // Whoever is in the way of the death keeps asking; somebody has to come up for them.
  const rescued = doomed.exited.then(() => stack.start(kill.role))
  const buying = Promise.all(offers.map((offer) => travellers.buy(offer, kill.familyName)))
  const hasDied = await Promise.race([
    doomed.exited.then(() => true),
    new Promise<false>((resolve) => setTimeout(() => resolve(false), DEATH_MS).unref()),
  ])
  if (!hasDied) return { broken: [`nobody passed "${kill.at}" within ${DEATH_MS / 1_000} s`] }
  say(`${doomed.name} died at "${kill.at}"`)
  const faultEndedAt = stack.clock.now()
  await rescued
  // A request whose API died is taken over when that has been silent for ten seconds.
  if (kill.role === 'api') await stack.advance(11)
  await buying
  return { faultEndedAt }
}
