import { mkdir, realpath, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { findFreePort, lastLines, startChild, type Child } from './child.ts'
import { findRedisBinary, type RedisBinary } from './redis-binary.ts'

const MASTERS = 3
const NODES = 2 * MASTERS
const SLOTS = 16_384
/** Nodes speak to each other on their port plus this. */
const BUS = 10_000
const PORT_MAX = 65_535 - BUS
const READY_MS = 60_000
const STOP_MS = 5_000
const PORT_ATTEMPTS = 5

export type RedisClusterOptions = {
  /** Holds a folder per node; made when it is missing. */
  readonly directory: string
  /** How long a node may be silent before its replica takes its place; 1 s unless said. */
  readonly nodeTimeoutMs?: number
  readonly binary?: RedisBinary
}

export type RedisCluster = {
  readonly nodes: readonly { readonly host: string; readonly port: number }[]
  /** Kills the process that holds this key, as a crash would. Its replica takes over after a while. */
  readonly killMasterOf: (key: string) => Promise<void>
  readonly close: () => Promise<void>
}

type Node = { readonly port: number; readonly child: Child; readonly admin: Redis }

/** A Redis Cluster of three masters with a replica each on 127.0.0.1, all slots served; for tests. Keeps nothing. */
export async function startRedisCluster(options: RedisClusterOptions): Promise<RedisCluster> {
  const binary = options.binary ?? (await findRedisBinary())
  const nodes: Node[] = []
  const close = async () => {
    for (const node of nodes) node.admin.disconnect()
    await Promise.all(nodes.map((node) => node.child.stop()))
  }
  try {
    while (nodes.length < NODES) nodes.push(await startNode(options, binary, nodes.length))
    await join(nodes)
  } catch (error) {
    await close()
    throw error
  }
  return {
    nodes: nodes.map(({ port }) => ({ host: '127.0.0.1', port })),
    killMasterOf: (key) => killMasterOf(nodes, key),
    close,
  }
}

async function startNode(options: RedisClusterOptions, binary: RedisBinary, number: number): Promise<Node> {
  const home = path.join(options.directory, `node-${number}`)
  await mkdir(home, { recursive: true })
  const directory = await realpath(home)
  const logFile = path.join(directory, 'server.log')
  for (let attempt = 1; ; attempt += 1) {
    const port = await findPortWithBus()
    await writeFile(logFile, '', { mode: 0o600 })
    const settings: Record<string, string> = {
      port: String(port),
      bind: '127.0.0.1',
      dir: directory,
      save: '',
      appendonly: 'no',
      'cluster-enabled': 'yes',
      'cluster-config-file': `nodes-${port}.conf`,
      'cluster-node-timeout': String(options.nodeTimeoutMs ?? 1_000),
      'cluster-require-full-coverage': 'no',
      'cluster-replica-validity-factor': '0',
      'repl-diskless-sync-delay': '0',
    }
    const child = startChild({
      command: binary.command,
      args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
      environment: binary.environment,
      logFile,
      stopSignal: 'TERM',
      stopMs: STOP_MS,
      workingDirectory: directory,
    })
    const admin = new Redis({ port, host: '127.0.0.1', lazyConnect: true, connectTimeout: 1_000, maxRetriesPerRequest: 0 })
    admin.on('error', () => undefined)
    if (await until(() => isOurs(admin, directory), READY_MS, child)) return { port, child, admin }
    admin.disconnect()
    await child.stop()
    if (attempt === PORT_ATTEMPTS) throw new Error(`a node of the Redis Cluster did not start in ${home}:\n${await lastLines(logFile)}`)
  }
}

/** A free port whose bus port exists. That one may be taken all the same: then the node does not start, and another is tried. */
async function findPortWithBus(): Promise<number> {
  for (;;) {
    const port = await findFreePort()
    if (port <= PORT_MAX) return port
  }
}

async function isOurs(admin: Redis, directory: string): Promise<boolean> {
  const [, home] = (await admin.config('GET', 'dir')) as string[]
  return home === directory
}

/** What `redis-cli --cluster create` does, which not every machine has. */
async function join(nodes: readonly Node[]): Promise<void> {
  const masters = nodes.slice(0, MASTERS)
  await Promise.all(nodes.map((node, i) => node.admin.cluster('SET-CONFIG-EPOCH', i + 1)))
  await Promise.all(
    masters.map((node, i) => {
      const first = Math.ceil((SLOTS / MASTERS) * i)
      const end = Math.ceil((SLOTS / MASTERS) * (i + 1))
      return node.admin.cluster('ADDSLOTS', ...Array.from({ length: end - first }, (_, slot) => first + slot))
    }),
  )
  for (const node of nodes.slice(1)) await nodes[0]!.admin.cluster('MEET', '127.0.0.1', node.port)
  await everywhere(nodes, 'know the others', async ({ admin }) => (await info(admin)).includes(`cluster_known_nodes:${NODES}\r`))

  const ids = await Promise.all(masters.map(({ admin }) => admin.cluster('MYID')))
  const replicas = nodes.slice(MASTERS)
  // A replica hears of its master by gossip, after it has met the first node.
  for (const [i, replica] of replicas.entries())
    await everywhere([replica], 'replicate', async ({ admin }) => (await admin.cluster('REPLICATE', String(ids[i]))) === 'OK')
  await everywhere(nodes, 'serve all slots', async ({ admin }) => (await info(admin)).includes('cluster_state:ok'))
  await everywhere(replicas, 'hold a copy', async ({ admin }) => (await admin.info('replication')).includes('master_link_status:up'))
  await everywhere(nodes, 'know who replicates whom', async ({ admin }) => {
    const known = (await admin.cluster('NODES')) as string
    return known.split('\n').filter((line) => /\bslave\b/.test(line)).length === NODES - MASTERS
  })
}

const info = async (admin: Redis) => String(await admin.cluster('INFO'))

async function everywhere(nodes: readonly Node[], what: string, isTrue: (node: Node) => Promise<boolean>): Promise<void> {
  const answers = await Promise.all(nodes.map((node) => until(() => isTrue(node), READY_MS, node.child)))
  if (answers.includes(false)) throw new Error(`the nodes of the Redis Cluster did not come to ${what}`)
}

async function until(isTrue: () => Promise<boolean>, deadlineMs: number, child: Child): Promise<boolean> {
  const giveUpAt = performance.now() + deadlineMs
  while (performance.now() < giveUpAt && !child.hasExited()) {
    if (await isTrue().catch(() => false)) return true
    await sleep(40)
  }
  return false
}

async function killMasterOf(nodes: readonly Node[], key: string): Promise<void> {
  const living = nodes.filter((node) => !node.child.hasExited())
  const slot = Number(await living[0]!.admin.cluster('KEYSLOT', key))
  const ranges = await living[0]!.admin.cluster('SLOTS')
  const port = ranges.find(([first, last]) => first <= slot && slot <= last)?.[2]?.[1]
  const node = living.find((one) => one.port === port)
  if (node === undefined) throw new Error(`nobody holds ${key}`)
  const pid = Number(/process_id:(\d+)/.exec(await node.admin.info('server'))?.[1])
  node.admin.disconnect()
  process.kill(pid, 'SIGKILL')
  await node.child.exited
}
