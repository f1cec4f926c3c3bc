import { Queue } from 'bullmq'
import { duties, type Duty } from '../../src/workers/duties.ts'
import type { ChaosStack } from './stack.ts'

/** The queues of all duties as one. */
export type ReactionsQueue = {
  readonly of: (duty: Duty) => Queue
  readonly pause: () => Promise<void>
  readonly resume: () => Promise<void>
  /** How many jobs are in any of these states, in all queues together. */
  readonly count: (...states: ('waiting' | 'delayed')[]) => Promise<number>
  readonly close: () => Promise<void>
}

/** What reactions wait in, past the proxies: to see and disturb what lies there. Commands fail at once when Redis is away. */
export function reactionsQueue(stack: ChaosStack): ReactionsQueue {
  const queues = new Map(
    duties.map((duty) => {
      const queue = new Queue(duty, {
        connection: { host: '127.0.0.1', port: stack.state.port, maxRetriesPerRequest: 2 },
        prefix: `{farewire:${duty}}`,
        skipVersionCheck: true,
      })
      queue.on('error', () => undefined)
      return [duty, queue] as const
    }),
  )
  const each = <T>(ask: (queue: Queue) => Promise<T>): Promise<T[]> => Promise.all([...queues.values()].map(ask))
  return {
    of: (duty) => queues.get(duty)!,
    pause: async () => void (await each((queue) => queue.pause())),
    resume: async () => void (await each((queue) => queue.resume())),
    count: async (...states) => (await each((queue) => queue.getJobCountByTypes(...states))).reduce((sum, count) => sum + count, 0),
    close: async () => void (await each((queue) => queue.close())),
  }
}
