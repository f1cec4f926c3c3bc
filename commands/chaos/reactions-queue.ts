import { Queue } from 'bullmq'
import type { ChaosStack } from './stack.ts'

/** The queue of reactions, past the proxies: to see and disturb what lies in it. Commands fail at once when Redis is away. */
export function reactionsQueue(stack: ChaosStack): Queue {
  const queue = new Queue('reactions', {
    connection: { host: '127.0.0.1', port: stack.state.port, maxRetriesPerRequest: 2 },
    prefix: '{farewire:reactions}',
    skipVersionCheck: true,
  })
  queue.on('error', () => undefined)
  return queue
}
