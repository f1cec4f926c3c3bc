import { openConnection, type Connection, type Reply } from './connection.ts'

/** One run against one server. */
export type Run = {
  readonly requests: number
  readonly seconds: number
  /** Milliseconds; in the open loop from when the request was due, whether or not it could be sent then. */
  readonly latencies: Float64Array
  readonly bodyBytes: number
  /** Every so many-th reply with its head, to see where it came from. */
  readonly heads: readonly string[]
}

export type Load = {
  readonly port: number
  /** Called for each request: they are drawn, never repeated from a list. */
  readonly draw: () => Buffer
  readonly seconds: number
  /** Ends earlier, after so many. */
  readonly requestsMax?: number
}

/** A reply in so many is looked at. */
const SAMPLE_EVERY = 40
const CONNECTIONS = 32
/** An open loop opens more when all are busy; beyond this many the request waits, and its waiting counts. */
const CONNECTIONS_MAX = 256

/** As fast as the server answers, over a fixed number of connections. Says how much it can do, not how long users wait. */
export async function closedLoop(load: Load): Promise<Run> {
  const record = createRecord()
  const { connections, broken } = await openMany(load.port, CONNECTIONS)
  const begun = performance.now()
  const end = begun + load.seconds * 1_000
  let left = load.requestsMax ?? Number.POSITIVE_INFINITY
  const done = Promise.all(
    connections.map(
      (connection) =>
        new Promise<void>((resolve) => {
          const next = () => {
            const sent = performance.now()
            left -= 1
            if (sent >= end || left < 0) return resolve()
            const isSample = record.isSample()
            connection.send(
              load.draw(),
              (reply) => {
                record.add(performance.now() - sent, reply)
                next()
              },
              isSample,
            )
          }
          next()
        }),
    ),
  )
  const sleep = stayAwake()
  return finish(record, begun, connections, Promise.race([done, broken]).finally(sleep))
}

/**
 * Keeps this process from sleeping between replies. Waking a sleeper is the sender's work, and on a virtual machine it costs more
 * than the reply: a slower server, whose client sleeps more often, would be charged for that. Returns how to stop.
 */
function stayAwake(): () => void {
  let isAwake = true
  const turn = (): void => {
    if (isAwake) setImmediate(turn)
  }
  turn()
  return () => {
    isAwake = false
  }
}

/**
 * So many requests a second whatever the server does, each due at its own moment. Latency is counted from that moment:
 * a server that stalls is charged for everyone it kept waiting. The clock is watched without sleeping, because a timer's
 * millisecond is more than what is measured.
 */
export async function openLoop(load: Load & { readonly perSecond: number }): Promise<Run> {
  const record = createRecord()
  const { connections, broken, open } = await openMany(load.port, CONNECTIONS)
  const idle: Connection[] = [...connections]
  const late: number[] = []
  const total = Math.floor(load.perSecond * load.seconds)
  // Drawn beforehand: drawing must not delay the sending.
  const requests = Array.from({ length: total }, load.draw)
  let [sent, answered, opening] = [0, 0, 0]
  const begun = performance.now()
  const dueAt = (i: number) => begun + (i * 1_000) / load.perSecond

  const done = new Promise<void>((resolve) => {
    const send = (connection: Connection, due: number) => {
      const isSample = record.isSample()
      connection.send(
        requests[sent]!,
        (reply) => {
          record.add(performance.now() - due, reply)
          answered += 1
          const waiting = late.shift()
          if (waiting === undefined) idle.push(connection)
          else send(connection, waiting)
          if (answered === total) resolve()
        },
        isSample,
      )
      sent += 1
    }
    let planned = 0
    const tick = () => {
      const now = performance.now()
      for (; planned < total && dueAt(planned) <= now; planned += 1) {
        const connection = idle.pop()
        if (connection !== undefined) {
          send(connection, dueAt(planned))
          continue
        }
        late.push(dueAt(planned))
        if (connections.length + opening < CONNECTIONS_MAX) {
          opening += 1
          void open().then((made) => {
            opening -= 1
            const waiting = late.shift()
            if (waiting === undefined) idle.push(made)
            else send(made, waiting)
          })
        }
      }
      if (planned < total) setImmediate(tick)
    }
    tick()
  })
  return finish(record, begun, connections, Promise.race([done, broken]))
}

/** Asks once and keeps everything. */
export async function ask(port: number, request: Buffer): Promise<Reply> {
  const { connections, broken } = await openMany(port, 1)
  try {
    return await Promise.race([new Promise<Reply>((resolve) => connections[0]!.send(request, resolve, true)), broken])
  } finally {
    for (const connection of connections) connection.close()
  }
}

async function openMany(port: number, count: number) {
  let fail: (error: Error) => void = () => undefined
  const broken = new Promise<never>((_, reject) => {
    fail = reject
  })
  // Whoever waits for it sees the fault; a run that has ended does not.
  broken.catch(() => undefined)
  const connections: Connection[] = []
  const open = async (): Promise<Connection> => {
    const connection = await openConnection(port, fail)
    connections.push(connection)
    return connection
  }
  await Promise.all(Array.from({ length: count }, open))
  return { connections, broken, open }
}

async function finish(
  record: ReturnType<typeof createRecord>,
  begun: number,
  connections: readonly Connection[],
  end: Promise<unknown>,
): Promise<Run> {
  try {
    await end
    return record.toRun((performance.now() - begun) / 1_000)
  } finally {
    for (const connection of connections) connection.close()
  }
}

function createRecord() {
  const latencies: number[] = []
  const heads: string[] = []
  let bodyBytes = 0
  let drawn = 0
  let wrong: number | null = null
  return {
    isSample: () => drawn++ % SAMPLE_EVERY === 0,
    add(ms: number, reply: Reply) {
      if (reply.status !== 200) wrong = reply.status
      latencies.push(ms)
      bodyBytes += reply.bodyBytes
      if (reply.head !== '') heads.push(reply.head)
    },
    toRun(seconds: number): Run {
      if (wrong !== null) throw new Error(`a server answered ${wrong} under load`)
      return { requests: latencies.length, seconds, latencies: Float64Array.from(latencies), bodyBytes, heads }
    },
  }
}
