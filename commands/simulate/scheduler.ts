/** A process of ours: what it holds in memory is gone when it is killed. Its clock may be wrong by `skewMs`. */
export type Process = { readonly name: string; readonly skewMs: number }

/** One piece of work that production code is doing: a request, a job, a run of a sweeper. */
export type Task = {
  readonly number: number
  readonly name: string
  readonly process: Process
  /** The booking it is about, counted from 0, or -1. */
  readonly subject: number
  readonly onEnd: (end: TaskEnd) => void
  /** What to undo when it is killed. */
  readonly undo: (() => void)[]
  isDead: boolean
}

/** How a task ended. Killed ones did not even fail: nobody is told. */
export type TaskEnd =
  | { readonly ended: 'done'; readonly value: unknown }
  | { readonly ended: 'failed'; readonly error: unknown }
  | { readonly ended: 'killed' }

export type CallKind = 'statement' | 'commit' | 'gateway' | 'supplier' | 'pause'

/** What a call did when its turn came. `again`: it took effect, the reply is still under way. */
export type CallResult<T> = { readonly value: T } | 'again'

/** A call of a port that waits for its turn. */
export type Call = {
  readonly task: Task
  readonly kind: CallKind
  readonly label: string
  /** True once it took effect: only the reply is still to come. */
  isReply: boolean
  /** Carries the call out; `fault` is a number that the callee reads its misfortune from, 0 for none. Throws {@link Blocked} to wait. */
  readonly run: (fault: number) => CallResult<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Thrown by a statement that has to wait for another transaction's row; `by` is whatever is told to {@link Scheduler.wake}. */
export class Blocked extends Error {
  readonly by: object

  constructor(by: object) {
    super('blocked')
    this.by = by
  }
}

const DONE = Promise.resolve()

export type Scheduler = {
  /** Calls whose turn may come, oldest first. */
  readonly ready: Call[]
  readonly tasks: Task[]
  /** The task that is running; null between turns. */
  readonly current: () => Task | null
  readonly start: (task: Pick<Task, 'name' | 'process' | 'subject' | 'onEnd'>, work: () => Promise<unknown>) => Task
  /** A port's call: it waits until the scheduler gives it its turn. */
  readonly call: <T>(kind: CallKind, label: string, run: (fault: number) => CallResult<T>) => Promise<T>
  /** Gives the call its turn. Follow it with {@link settle}. */
  readonly resume: (index: number, fault: number) => void
  /** Resolves when the running task has come to its next call or its end. */
  readonly settle: () => Promise<void>
  readonly kill: (task: Task) => void
  /** Lets calls go on that were blocked by this. */
  readonly wake: (by: object) => void
  readonly blockedCount: () => number
  readonly reset: () => void
}

/**
 * Runs any number of asynchronous tasks so that exactly one moves at a time, and only when it is told to: every call of
 * a port parks its task. Which call goes on, and what befalls it, is the caller's choice, so that a list of choices replays a run.
 */
export function createScheduler(): Scheduler {
  const ready: Call[] = []
  const blocked: { readonly call: Call; readonly by: object }[] = []
  const tasks: Task[] = []
  let current: Task | null = null
  let hasProgressed = true
  let progressed: (() => void) | null = null
  let numbers = 0
  let isWatching = false

  const noteProgress = (): void => {
    hasProgressed = true
    progressed?.()
    progressed = null
  }
  const end = (task: Task, how: TaskEnd): void => {
    if (task.isDead) return
    task.isDead = true
    noteProgress()
    tasks.splice(tasks.indexOf(task), 1)
    task.onEnd(how)
  }
  return {
    ready,
    tasks,
    current: () => current,
    start: (facts, work) => {
      const { name, process, subject, onEnd } = facts
      const task: Task = { number: (numbers += 1), name, process, subject, onEnd, undo: [], isDead: false }
      tasks.push(task)
      current = task
      hasProgressed = false
      work().then(
        (value) => end(task, { ended: 'done', value }),
        (error: unknown) => end(task, { ended: 'failed', error }),
      )
      return task
    },
    call: <T>(kind: CallKind, label: string, run: (fault: number) => CallResult<T>) => {
      const task = current
      if (task === null) throw new Error(`${label} was called outside any task`)
      if (!hasProgressed) noteProgress()
      return new Promise<T>((resolve, reject) => {
        if (!task.isDead) ready.push({ task, kind, label, isReply: false, run, resolve: resolve as (value: unknown) => void, reject })
      })
    },
    resume: (index, fault) => {
      const call = ready[index]!
      ready.splice(index, 1)
      current = call.task
      hasProgressed = false
      let result
      try {
        result = call.run(fault)
      } catch (error) {
        if (error instanceof Blocked) {
          blocked.push({ call, by: error.by })
          hasProgressed = true
        } else call.reject(error)
        return
      }
      if (result === 'again') {
        call.isReply = true
        ready.push(call)
        hasProgressed = true
      } else call.resolve(result.value)
    },
    settle: () => {
      if (hasProgressed) return DONE
      // A branch of a task may end without another call, while its other branches wait. Then the event loop gets its turn,
      // which it never does otherwise, and tells.
      if (!isWatching) {
        isWatching = true
        setImmediate(() => {
          isWatching = false
          noteProgress()
        })
      }
      return new Promise((resolve) => {
        progressed = resolve
      })
    },
    kill: (task) => {
      for (let i = ready.length - 1; i >= 0; i -= 1) if (ready[i]!.task === task) ready.splice(i, 1)
      for (let i = blocked.length - 1; i >= 0; i -= 1) if (blocked[i]!.call.task === task) blocked.splice(i, 1)
      end(task, { ended: 'killed' })
      for (const undo of task.undo.splice(0)) undo()
    },
    wake: (by) => {
      for (let i = 0; i < blocked.length;) {
        if (blocked[i]!.by === by) ready.push(blocked.splice(i, 1)[0]!.call)
        else i += 1
      }
    },
    blockedCount: () => blocked.length,
    reset: () => {
      for (const task of tasks) task.isDead = true
      tasks.length = ready.length = blocked.length = 0
      current = null
      numbers = 0
    },
  }
}
