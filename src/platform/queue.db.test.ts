import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestRedis, type TestRedis } from '../../test/support/redis.ts'
import { createQueue, createQueueWorker } from './queue.ts'
import { createWorkerRedis } from './redis.ts'

let redis: TestRedis
let connections: ReturnType<typeof createWorkerRedis>[]

beforeAll(async () => {
  redis = await createTestRedis()
  connections = [createWorkerRedis(redis.url), createWorkerRedis(redis.url)]
})
afterAll(async () => {
  for (const connection of connections) connection.disconnect()
  await redis.close()
})

test('a job is one while it waits, however often it is added, and another one when it has been done', async () => {
  const queue = createQueue('trial', connections[0]!)
  const job = { name: 'trial', id: 'evt_1-trial', data: { trial: 1 } }
  await queue.add([job, job])
  await queue.add([job])
  let done = 0
  const worker = createQueueWorker({
    name: 'trial',
    connection: connections[1]!,
    concurrentMax: 3,
    lockMs: 30_000,
    work: async () => void (done += 1),
    onFailure: () => undefined,
  })
  try {
    await expect.poll(() => done, { timeout: 10_000 }).toBe(1)
    // Only from the queue's own word that it is over: what is being worked on is still the same job.
    await expect.poll(() => queue.queue.getJob(job.id), { timeout: 10_000 }).toBeUndefined()
    // As after the database was put back to before it: what is pending there has to be done, and nobody else knows.
    await queue.add([job])
    await expect.poll(() => done, { timeout: 10_000 }).toBe(2)
  } finally {
    await worker.close()
    await queue.close()
  }
})
