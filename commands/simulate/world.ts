import { plusMs } from '../../src/kernel/time.ts'
import type { Choices } from './choices.ts'
import { createClients, type Clients } from './clients.ts'
import type { Coverage } from './coverage.ts'
import { callFaultOf, recordFaultOf, supplierFaultOf } from './faults.ts'
import { createWatch, type Violation, type Watch } from './invariants.ts'
import { createQueue, type Queue } from './queue.ts'
import type { Call, Process, Task, TaskEnd } from './scheduler.ts'
import { SWEEPERS } from './sweepers.ts'
import type { System } from './system.ts'

/** One world and everything that moves in it. */
export type World = {
  readonly system: System
  readonly queue: Queue
  readonly watch: Watch
  readonly clients: Clients
  readonly processes: readonly Process[]
  readonly coverage: Coverage
  /** Tells the story of a world that is replayed; null where nobody listens. */
  readonly tell: ((line: string) => void) | null
}

export type WorldEnd = {
  readonly violation: Violation | null
  /** Turns given, with and without faults. */
  readonly turns: number
}

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
const CALM_TURNS = [0, 0, 20, 45, 60, 75, 90, 110]

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

function lookAround(world: World): Violation | null {
  const { system } = world
  if (system.queued.length > 0) {
    world.queue.add(system.queued)
    system.queued.length = 0
  }
  const told = world.clients.violation()
  if (told) return told
  if (!system.changes.isDirty) return null
  system.changes.isDirty = false
  return world.watch.checkSafety()
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

/** A die that brings no harm. */
const CALM = 255

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
  pass(world, next - system.time.now)
  return true
}

/** Numbers that a choice holds beside its action. */
export type Dice = readonly [number, number, number]

function attempt(world: World, action: Action, dice: Dice): boolean {
  const [a, b, c] = dice
  const { system, queue } = world
  const { scheduler } = system
  switch (action) {
    case 'resume': {
      if (scheduler.ready.length === 0) return false
      const index = a % scheduler.ready.length
      resume(world, index, faultFor(scheduler.ready[index]!, b, c))
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

function resume(world: World, index: number, fault: number): void {
  const call = world.system.scheduler.ready[index]!
  if (call.isReply) world.tell?.(`${nameOf(call.task)}: the ${call.kind}'s reply to ${call.label}`)
  else if (call.kind === 'gateway' || call.kind === 'supplier') {
    const name = fault === 0 ? 'none' : call.kind === 'gateway' ? callFaultOf(call.label, fault) : supplierFaultOf(call.label, fault)
    world.coverage.note(stateOf(world, call.task.subject), `${call.kind}.${call.label}`, name)
    world.tell?.(`${nameOf(call.task)}: ${call.kind} ${call.label}${name === 'none' ? '' : ` (${name})`}`)
  } else {
    if (fault !== 0) world.coverage.note(stateOf(world, call.task.subject), call.kind, recordFaultOf(call.kind as 'commit', fault))
    world.tell?.(`${nameOf(call.task)}: ${call.label}${fault === 0 ? '' : ` (${recordFaultOf(call.kind as 'commit', fault)})`}`)
  }
  world.system.scheduler.resume(index, fault)
}

export function nameOf(task: Task): string {
  return `${task.process.name} ${task.name}#${task.number}`
}

/** The status of a booking, counted from 0; of the first where an event is of no single one. */
export function stateOf(world: World, subject: number): string {
  return world.clients.booking(world, Math.max(subject, 0))?.status ?? 'NONE'
}

/** Starts a task in the process that the number picks. */
export function start(
  world: World,
  facts: { name: string; subject: number; process: number; onEnd: (end: TaskEnd) => void },
  work: () => Promise<unknown>,
): void {
  const process = world.processes[facts.process]!
  const task = world.system.scheduler.start({ name: facts.name, subject: facts.subject, process, onEnd: facts.onEnd }, work)
  world.tell?.(`${nameOf(task)} begins`)
}

function runJob(world: World, [a, b, c]: Dice): boolean {
  const { queue, system } = world
  if (queue.waiting.length === 0) return false
  const index = a % queue.waiting.length
  const job = queue.waiting[index]!
  const subject = world.clients.subjectOf(world, job.pending.event.body['bookingId'] ?? job.pending.event.subjectId)
  const fate = b < 20 ? 'duplicated' : b < 28 ? 'lost' : 'none'
  world.coverage.note(stateOf(world, subject), 'job', fate)
  if (fate !== 'duplicated') queue.waiting.splice(index, 1)
  if (fate === 'lost') {
    world.tell?.(`the job ${job.pending.event.name}:${job.pending.reaction} is lost`)
    queue.forget(job)
    return true
  }
  const onEnd = (end: TaskEnd): void => {
    if (end.ended !== 'done' && fate !== 'duplicated') queue.giveBack(job, end.ended === 'failed')
  }
  start(world, { name: `${job.pending.event.name}:${job.pending.reaction}`, subject, process: 2 + (c & 1), onEnd }, () =>
    system.react(job.pending),
  )
  return true
}

function sweep(world: World, index: number, c: number): boolean {
  const sweeper = SWEEPERS[index]!
  if (world.system.mutation.without?.includes(sweeper.name)) return false
  start(world, { name: sweeper.name, subject: -1, process: 2 + (c & 1), onEnd: () => undefined }, () => sweeper.run(world.system))
  return true
}

function deliver(world: World, [a, b, c]: Dice): boolean {
  const { system } = world
  const { announcements } = system.gateway.books
  if (announcements.length === 0) return false
  const announcement = announcements[a % announcements.length]!
  const subject = world.clients.subjectOfPayment(world, announcement.hint.paymentId)
  const fate = b < 26 ? 'lost' : b < 52 ? 'ack_lost' : announcement.deliveries > 0 ? 'duplicate' : 'none'
  world.coverage.note(stateOf(world, subject), 'webhook', fate)
  if (fate === 'lost') {
    world.tell?.(`the webhook ${announcement.hint.eventType} does not get through`)
    return true
  }
  announcement.deliveries += 1
  const acknowledge = (): void => {
    const index = announcements.indexOf(announcement)
    if (index >= 0 && fate !== 'ack_lost') announcements.splice(index, 1)
  }
  if (system.mutation.acknowledgesFirst) acknowledge()
  const onEnd = (end: TaskEnd): void => {
    if (end.ended === 'done') acknowledge()
  }
  start(world, { name: `webhook ${announcement.hint.eventType}`, subject, process: c & 1, onEnd }, () =>
    system.payments.acceptWebhook(announcement.provider, {
      method: 'POST',
      url: '/',
      headers: announcement.hint as never,
      rawBody: EMPTY,
    }),
  )
  return true
}

const EMPTY = Buffer.alloc(0)

function kill(world: World, [a, b]: Dice): boolean {
  const { scheduler } = world.system
  if (scheduler.tasks.length === 0) return false
  const victim = scheduler.tasks[a % scheduler.tasks.length]!
  const isProcess = b < 80
  world.coverage.note(stateOf(world, victim.subject), 'kill', isProcess ? 'process' : 'task')
  const victims = isProcess ? scheduler.tasks.filter((task) => task.process === victim.process) : [victim]
  for (const task of victims) {
    world.tell?.(`${nameOf(task)} is killed`)
    scheduler.kill(task)
  }
  return true
}

function pass(world: World, ms: number): void {
  const { time, supplier } = world.system
  time.now = plusMs(time.now, ms)
  world.tell?.(`the clock goes on by ${ms / 1_000} s`)
  const { late } = supplier.books
  for (let i = late.length - 1; i >= 0; i -= 1)
    if (late[i]!.dueAt <= time.now) {
      world.tell?.('the supplier carries out what it was sent long ago')
      late.splice(i, 1)[0]!.land()
    }
}

function moveRefund(world: World, [a, b]: Dice): boolean {
  const { gateway } = world.system
  const open = gateway.books.refunds.filter((refund) => refund.state === 'pending' || (refund.state === 'succeeded' && b < 80))
  if (open.length === 0) return false
  const refund = open[a % open.length]!
  const event = refund.state === 'succeeded' ? 'refund.returns' : b < 60 ? 'refund.fails' : 'refund.succeeds'
  world.coverage.note(stateOf(world, world.clients.subjectOfPayment(world, refund.session.paymentId)), event, 'none')
  world.tell?.(`the gateway: ${event} (${refund.ref})`)
  gateway.move(refund, event === 'refund.succeeds' ? 'succeeded' : 'failed')
  return true
}

function changeOffer(world: World, [, b, c]: Dice): boolean {
  const { books } = world.system.supplier
  if (b < 64) books.stock = 0
  else books.surcharge = [0, 1_000, -1_000][c % 3]!
  world.tell?.(b < 64 ? 'the supplier sells its last seats to others' : `the supplier's price changes by ${books.surcharge}`)
  return true
}

const HEAL_ROUNDS_MAX = 150
const HEAL_TURNS_MAX = 6_000
/** Where nothing says when it is next due, as after a clock that was ahead, time passes in such steps. */
const QUIET_MS = 60_000
const PATIENCE_MS = 400_000

/** Lets everything go right until nothing is under way: what then is not at rest never will be. */
async function heal(world: World): Promise<WorldEnd> {
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

/** When something next happens by itself: a sweeper finds work, the supplier carries out what it was sent. */
function nextDue({ system }: World): number {
  let next = Infinity
  for (const sweeper of SWEEPERS) {
    const dueAt = sweeper.dueAt(system)
    if (dueAt > system.time.now && dueAt < next) next = dueAt
  }
  for (const late of system.supplier.books.late) next = Math.min(next, late.dueAt)
  return next
}
