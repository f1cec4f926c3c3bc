import { changeOffer, deliver, kill, lookAround, moveRefund, nextDue, pass, PATIENCE_MS, resume, runJob, sweep } from './actions.ts'
import type { Choices } from './choices.ts'
import { createClients } from './clients.ts'
import type { Coverage } from './coverage.ts'
import { heal } from './heal.ts'
import { createWatch } from './invariants.ts'
import { createQueue } from './queue.ts'
import { CALM, type Dice, type World, type WorldEnd } from './scene.ts'
import type { Call, Process } from './scheduler.ts'
import { SWEEPERS } from './sweepers.ts'
import type { System } from './system.ts'

/** What a choice can be, and how often of 128 it is. Whatever cannot be done gives its turn to the oldest call. */
const MENU: readonly (readonly [Action, number])[] = [
  ['resume', 70],
  ['job', 16],
  ['sweep', 8],
  ['client', 10],
  ['page', 7],
  ['webhook', 6],
  ['kill', 3],
  ['clock', 5],
  ['partner', 2],
  ['flush', 1],
]
type Action = 'resume' | 'job' | 'sweep' | 'client' | 'page' | 'webhook' | 'kill' | 'clock' | 'partner' | 'flush'
const ACTIONS: readonly Action[] = MENU.flatMap(([action, count]) => Array.from({ length: count }, () => action))

/** How long everything goes right at first, so that what comes late in a booking's life meets as many faults as what comes early. */
const CALM_TURNS = [0, 0, 20, 45, 60, 80, 110, 150]

/** How far the clock may go at once, and how often of 32. */
const CLOCK_STEPS_MS = (
  [
    [1_000, 6],
    [6_000, 8],
    [16_000, 6],
    [31_000, 5],
    [61_000, 3],
    [301_000, 2],
    [1_860_000, 1],
    [3_900_000, 1],
  ] as const
).flatMap(([ms, count]) => Array.from({ length: count }, () => ms))

export function createWorld(system: System, coverage: Coverage, tell: World['tell'] = null): World {
  const queue = createQueue()
  const processes = ['api-1', 'api-2', 'worker-1', 'worker-2'].map((name): Process => ({ name, skewMs: 0 }))
  const world: World = { system, queue, watch: createWatch(system), clients: createClients(), processes, coverage, tell }
  return world
}

/** Runs a world from nothing to rest: first the choices with their faults, then a time in which nothing goes wrong. */
export async function runWorld(world: World, choices: Choices): Promise<WorldEnd> {
  const { system, watch, clients } = world
  system.reset()
  world.queue.reset()
  watch.reset()
  const setting = choices.next() ?? 0
  clients.reset(world, setting)
  let turns = 0
  for (const calm = CALM_TURNS[setting >>> 29]!; turns < calm; turns += 1) {
    if (!act(world, 0)) break
    await system.scheduler.settle()
    const violation = lookAround(world)
    if (violation) return { violation, turns }
  }
  for (let choice = choices.next(); choice !== undefined; choice = choices.next()) {
    if (!act(world, choice)) break
    await system.scheduler.settle()
    turns += 1
    const violation = lookAround(world)
    if (violation) return { violation, turns }
  }
  const healed = await heal(world)
  return { violation: healed.violation, turns: turns + healed.turns }
}

/** False when nothing will ever happen again. */
function act(world: World, choice: number): boolean {
  // A choice of 0 harms nobody: the smaller the second die, the worse.
  const [a, b, c] = [(choice >>> 7) & 0xff, CALM - ((choice >>> 15) & 0xff), (choice >>> 23) & 0x1ff]
  const { ready } = world.system.scheduler
  const hasActed = attempt(world, ACTIONS[choice & 127]!, [a, b, c])
  if (hasActed) return true
  if (ready.length === 0) return goOn(world, [a, CALM, c])
  resume(world, a % ready.length, 0)
  return true
}

/** Nobody is waiting for a turn: whoever has something to do does it, and otherwise time passes until somebody has. */
function goOn(world: World, dice: Dice): boolean {
  const { system } = world
  if (runJob(world, dice)) return true
  for (let i = 0; i < SWEEPERS.length; i += 1) {
    const index = (dice[0] + i) % SWEEPERS.length
    if (SWEEPERS[index]!.dueAt(system) <= system.time.now && sweep(world, index, dice[2])) return true
  }
  if (world.clients.act(world, dice) || world.clients.actOnPage(world, dice) || deliver(world, dice)) return true
  const next = nextDue(world)
  if (next === Infinity) return false
  pass(world, next - system.time.now + (dice[2] % 4 === 0 ? PATIENCE_MS : 0))
  return true
}

function attempt(world: World, action: Action, dice: Dice): boolean {
  const [a, b, c] = dice
  const { system, queue } = world
  const { scheduler } = system
  switch (action) {
    case 'resume': {
      if (scheduler.ready.length === 0) return false
      const index = a % scheduler.ready.length
      const call = scheduler.ready[index]!
      const isSpared = system.mutation.isGatewayFaultless === true && call.kind === 'gateway'
      resume(world, index, isSpared ? 0 : faultFor(call, b, c))
      return true
    }
    case 'job':
      return runJob(world, dice)
    case 'sweep':
      return sweep(world, a % SWEEPERS.length, c)
    case 'client':
      return world.clients.act(world, dice)
    case 'page':
      return world.clients.actOnPage(world, dice)
    case 'webhook':
      return deliver(world, dice)
    case 'kill':
      return kill(world, dice)
    case 'clock':
      if (!world.clients.booking(world, 0)) return false
      pass(world, CLOCK_STEPS_MS[c % CLOCK_STEPS_MS.length]!)
      return true
    case 'partner':
      return moveRefund(world, dice) || changeOffer(world, dice)
    case 'flush':
      if (queue.waiting.length === 0) return false
      world.tell?.('Redis loses its queue')
      queue.flush()
      return true
  }
}

/** A third of the calls to partners meet something; one in forty commits and one in a hundred statements lose their connection. */
function faultFor(call: Call, b: number, c: number): number {
  if (call.isReply) return 0
  switch (call.kind) {
    case 'gateway':
    case 'supplier':
      return b < 84 ? 1 + c : 0
    case 'commit':
      return b < 6 ? 1 + (c & 1) : 0
    case 'statement':
      return b < 3 ? 1 : 0
    case 'pause':
      return 0
  }
}
