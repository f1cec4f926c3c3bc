import { deliver, lookAround, nextDue, pass, PATIENCE_MS, QUIET_MS, resume, runJob, sweep } from './actions.ts'
import type { Violation } from './invariants.ts'
import { CALM, nameOf, type World, type WorldEnd } from './scene.ts'
import { SWEEPERS } from './sweepers.ts'

const HEAL_ROUNDS_MAX = 150
const HEAL_TURNS_MAX = 6_000

/** Lets everything go right until nothing is under way: what then is not at rest never will be. */
export async function heal(world: World): Promise<WorldEnd> {
  const { system, queue, clients } = world
  const { scheduler, gateway } = system
  world.tell?.('— from here on nothing goes wrong —')
  clients.calmDown(world)
  let turns = 0
  const drain = async (): Promise<Violation | null> => {
    for (;;) {
      if (scheduler.ready.length > 0) resume(world, 0, 0)
      else if (queue.waiting.length > 0) runJob(world, [0, CALM, 0])
      else if (gateway.books.announcements.length > 0) deliver(world, [0, CALM, 0])
      else if (queue.dead.length > 0) queue.replay()
      else return null
      await scheduler.settle()
      turns += 1
      const violation = lookAround(world)
      if (violation) return violation
      if (turns > HEAL_TURNS_MAX) return { invariant: 'I9', detail: `there is no end: ${scheduler.tasks.map(nameOf).join(', ')}` }
    }
  }
  for (let round = 0; round < HEAL_ROUNDS_MAX; round += 1) {
    const stuck = await drain()
    if (stuck) return { violation: stuck, turns }
    for (const refund of gateway.books.refunds) if (refund.state === 'pending') gateway.move(refund, 'succeeded')
    let hasSwept = false
    for (const [index, sweeper] of SWEEPERS.entries()) {
      if (sweeper.dueAt(system) > system.time.now || !sweep(world, index, 0)) continue
      hasSwept = true
      await scheduler.settle()
      const violation = await drain()
      if (violation) return { violation, turns }
    }
    if (world.watch.checkRest() === null) break
    const next = nextDue(world)
    // Nobody is in a hurry any more: what is due may wait a little, and the longer the longer it has waited.
    if (next < Infinity) pass(world, next - system.time.now + Math.min(PATIENCE_MS, 1_000 * 2 ** round))
    else if (hasSwept) pass(world, QUIET_MS)
    else break
  }
  return { violation: world.watch.checkSafety() ?? world.watch.checkRest(), turns }
}
