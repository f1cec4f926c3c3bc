import { plusMs } from '../../src/kernel/time.ts'
import { callFaultOf, recordFaultOf, supplierFaultOf } from './faults.ts'
import type { Violation } from './invariants.ts'
import { nameOf, start, stateOf, type Dice, type World } from './scene.ts'
import type { TaskEnd } from './scheduler.ts'
import { SWEEPERS } from './sweepers.ts'

export function lookAround(world: World): Violation | null {
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

export function resume(world: World, index: number, fault: number): void {
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

export function runJob(world: World, [a, b, c]: Dice): boolean {
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

export function sweep(world: World, index: number, c: number): boolean {
  const sweeper = SWEEPERS[index]!
  if (world.system.mutation.without?.includes(sweeper.name)) return false
  start(world, { name: sweeper.name, subject: -1, process: 2 + (c & 1), onEnd: () => undefined }, () => sweeper.run(world.system))
  return true
}

export function deliver(world: World, [a, b, c]: Dice): boolean {
  const { system } = world
  const { announcements } = system.gateway.books
  if (announcements.length === 0) return false
  const announcement = announcements[a % announcements.length]!
  const subject = world.clients.subjectOfPayment(world, announcement.hint.paymentId)
  const fate =
    b < 26 && !system.mutation.isGatewayFaultless ? 'lost' : b < 52 ? 'ack_lost' : announcement.deliveries > 0 ? 'duplicate' : 'none'
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

export function kill(world: World, [a, b]: Dice): boolean {
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

/** How long what is due may be left waiting: sweepers need not come by at once. */
export const PATIENCE_MS = 400_000

/** Where nothing says when it is next due, as after a clock that was ahead, time passes in such steps. */
export const QUIET_MS = 60_000

export function pass(world: World, ms: number): void {
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

export function moveRefund(world: World, [a, b]: Dice): boolean {
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

export function changeOffer(world: World, [, b, c]: Dice): boolean {
  const { books } = world.system.supplier
  if (b < 64) books.stock = 0
  else books.surcharge = [0, 1_000, -1_000][c % 3]!
  world.tell?.(b < 64 ? 'the supplier sells its last seats to others' : `the supplier's price changes by ${books.surcharge}`)
  return true
}

/** When something next happens by itself: a sweeper finds work, the supplier carries out what it was sent. */
export function nextDue({ system }: World): number {
  let next = Infinity
  for (const sweeper of SWEEPERS) {
    const dueAt = sweeper.dueAt(system)
    if (dueAt > system.time.now && dueAt < next) next = dueAt
  }
  for (const late of system.supplier.books.late) next = Math.min(next, late.dueAt)
  return next
}
