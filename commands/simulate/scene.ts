import type { Booking } from '../../src/booking/index.ts'
import type { Coverage } from './coverage.ts'
import type { Violation, Watch } from './invariants.ts'
import type { Queue } from './queue.ts'
import type { Process, Task, TaskEnd } from './scheduler.ts'
import type { System } from './system.ts'

/** Numbers that a choice holds beside its action. */
export type Dice = readonly [number, number, number]

/** A die that brings no harm. */
export const CALM = 255

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

/** The travellers of a world. */
export type Clients = {
  /** Draws up the world: who wants what, and what the supplier has. */
  readonly reset: (world: World, choice: number) => void
  /** One of them does the next thing. False when there is none. */
  readonly act: (world: World, dice: Dice) => boolean
  /** Something happens on a payment page. False when nothing can. */
  readonly actOnPage: (world: World, dice: Dice) => boolean
  /** Money on its way arrives; nobody orders any more. */
  readonly calmDown: (world: World) => void
  readonly booking: (world: World, subject: number) => Booking | undefined
  readonly subjectOf: (world: World, bookingId: unknown) => number
  readonly subjectOfPayment: (world: World, paymentId: string | null) => number
  /** Something a client was told that cannot be. */
  readonly violation: () => Violation | null
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
