import { parseLocalDate, plusDays } from '../../../src/kernel/time.ts'
import { openConnection, toRequest, type Connection } from '../../load/connection.ts'
import { toRow, type Row } from '../../report.ts'
import type { ServerProcess } from '../../servers.ts'
import { median, percentile } from '../../statistics.ts'
import { listRoutes, SUPPLIERS } from '../data-set.ts'
import { pathOf } from '../draws.ts'
import type { Plan } from '../plan.ts'
import type { Stage } from '../stage.ts'
import { tenth } from './measure.ts'

const PROCESSES = 4
const REQUESTS = 500
const UPSTREAM_MS = 100
const OFFERS = 60
const ANSWERS_BYTES_MAX = 64 * 1024 * 1024
const WARM_ROUNDS = 2
const FIRST_DAY = parseLocalDate('2027-01-01')

/** 500 travellers ask four processes the same at the same moment, and nobody has asked it before. */
export async function measureMerge(stage: Stage, plan: Plan): Promise<Row[]> {
  stage.say(`${REQUESTS} identical cold searches over ${PROCESSES} processes`)
  await stage.redis.flushall()
  const sellers = { kind: 'offers', offers: OFFERS, delayMs: UPSTREAM_MS } as const
  const servers = await Promise.all(
    Array.from({ length: PROCESSES }, (_, i) =>
      stage.start(`ours ${i + 1}`, { kind: 'ours', sellers, answersBytesMax: ANSWERS_BYTES_MAX, pinned: false }),
    ),
  )
  const connections = (await Promise.all(servers.map((server) => openMany(server, REQUESTS / PROCESSES)))).flat()
  const rounds = plan.name === 'quick' ? 3 : 12
  const route = listRoutes(1)[0]!
  const [again, merged, calls]: number[][] = [[], [], []]
  for (let round = -WARM_ROUNDS; round < rounds; round += 1) {
    const request = toRequest(pathOf({ ...route, departureDate: plusDays(FIRST_DAY, round) }))
    const before = await callsOf(servers)
    const took = await Promise.all(connections.map((connection) => send(connection, request)))
    // The same storm once more, when the answer is there: what 500 sockets take without anybody waiting for a supplier.
    const tookAgain = await Promise.all(connections.map((connection) => send(connection, request)))
    if (round < 0) continue
    again!.push(percentile(tookAgain, 0.99))
    merged!.push(percentile(took, 0.99))
    calls!.push(((await callsOf(servers)) - before) / SUPPLIERS.length)
  }
  for (const connection of connections) connection.close()
  await stage.clear()
  const setting = { requests: REQUESTS, processes: PROCESSES, rounds }
  return [
    toRow({
      name: 'search.merge.calls',
      figure: Math.max(...calls!),
      goal: '= 1',
      unit: 'calls per supplier, at most',
      detail: setting,
    }),
    toRow({
      name: 'search.merge.added',
      figure: Math.max(0, median(merged!) - UPSTREAM_MS - median(again!)),
      goal: '<= 5',
      unit: 'ms',
      detail: { 'p99 cold ms': tenth(median(merged!)), 'p99 again ms': tenth(median(again!)), 'supplier ms': UPSTREAM_MS, ...setting },
    }),
  ]
}

async function callsOf(servers: readonly ServerProcess[]): Promise<number> {
  const usages = await Promise.all(servers.map((server) => server.usage()))
  return usages.reduce((sum, usage) => sum + usage.calls, 0)
}

function openMany(server: ServerProcess, count: number): Promise<Connection[]> {
  const onFault = (error: Error) => {
    throw error
  }
  return Promise.all(Array.from({ length: count }, () => openConnection(server.port, onFault)))
}

function send(connection: Connection, request: Buffer): Promise<number> {
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    connection.send(request, ({ status }) => {
      if (status === 200) resolve(performance.now() - begun)
      else reject(new Error(`a server answered ${status}`))
    })
  })
}
