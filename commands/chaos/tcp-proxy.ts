import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** What a proxy does to what passes. All of it can be changed at any time, for connections that are open too. */
export type Spoiling = {
  /** Each piece is late by so much, in each direction. */
  delayMs: number
  /** How fast replies come, bytes a second; null is as fast as they are. */
  replyBytesPerSecond: number | null
  /** Replies are cut off, and the connection ended, after so many bytes of a connection; null lets them be. */
  replyBytesMax: number | null
}

/** A way to a server on which things can go wrong that neither side is told of. */
export type TcpProxy = {
  readonly port: number
  readonly spoil: (spoiling: Partial<Spoiling>) => void
  /** From now on nothing passes in either direction, and new connections are accepted and left alone. */
  readonly partition: () => void
  /** From now on connections are ended, and new ones too, as if nobody listened any more. */
  readonly refuse: () => void
  /** Ends every connection that is open; new ones pass. */
  readonly reset: () => void
  /** The next `times` requests that contain the text reach the server, and the connection ends instead of the reply to them. */
  readonly loseReplyTo: (text: string, times?: number) => void
  /** The connection ends instead of the next `times` requests that contain the text: the server never gets them. */
  readonly loseRequest: (text: string, times?: number) => void
  /** The next `times` replies that contain the bytes end the connection instead of passing. */
  readonly loseReply: (bytes: Buffer | string, times?: number) => void
  /** From now on the way leads to this port; null is back to where it led. What is open is ended. */
  readonly redirect: (port: number | null) => void
  /** How many replies have been lost so far. */
  readonly lost: () => number
  /** Nothing is spoilt any more. Connections that were held back are ended: both ends have long given up on them. */
  readonly heal: () => void
  readonly close: () => Promise<void>
}

/** What Postgres says when a transaction has been committed: CommandComplete with the tag "COMMIT". */
export const COMMITTED = Buffer.from('C\0\0\0\x0bCOMMIT\0', 'latin1')

const HARMLESS: Spoiling = { delayMs: 0, replyBytesPerSecond: null, replyBytesMax: null }

type Loss = { readonly bytes: Buffer; left: number }

/** Passes bytes on to a port of this machine; `target` is asked for each connection, null is nobody. */
export async function startTcpProxy(target: number | (() => number | null)): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let spoiling = HARMLESS
  let state: 'open' | 'parted' | 'refusing' = 'open'
  let requests: Loss[] = []
  let unsent: Loss[] = []
  let replies: Loss[] = []
  let lost = 0
  let elsewhere: number | null = null

  const take = (losses: Loss[], chunk: Buffer): boolean => {
    const loss = losses.find(({ left, bytes }) => left > 0 && chunk.includes(bytes))
    if (loss) loss.left -= 1
    return loss !== undefined
  }

  const server = createServer((near) => {
    const port = elsewhere ?? (typeof target === 'number' ? target : target())
    if (state === 'refusing' || port === null) return void near.destroy()
    const far = connect(port, '127.0.0.1')
    let isReplyDoomed = false
    let replied = 0
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.setNoDelay(true)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.on('end', () => to.end())
      from.on('data', (chunk: Buffer) => {
        if (from === near && take(unsent, chunk)) {
          near.destroy()
          far.destroy()
          return
        }
        if (from === near && take(requests, chunk)) isReplyDoomed = true
        if (from === far && (isReplyDoomed || take(replies, chunk))) {
          lost += 1
          near.resetAndDestroy()
          far.destroy()
          return
        }
        if (from === far) replied += chunk.length
        const reply = from === far ? { replied } : { replyBytesPerSecond: null, replyBytesMax: null, replied: 0 }
        pass(from, to, chunk, { ...spoiling, ...reply, isOpen: () => state === 'open' })
      })
    }
    if (state === 'parted') for (const socket of [near, far]) socket.pause()
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const reset = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    spoil: (wanted) => {
      spoiling = { ...spoiling, ...wanted }
    },
    partition: () => {
      state = 'parted'
      for (const socket of sockets) socket.pause()
    },
    refuse: () => {
      state = 'refusing'
      reset()
    },
    reset,
    loseReplyTo: (text, times = 1) => void requests.push({ bytes: Buffer.from(text), left: times }),
    loseRequest: (text, times = 1) => void unsent.push({ bytes: Buffer.from(text), left: times }),
    loseReply: (bytes, times = 1) => void replies.push({ bytes: Buffer.from(bytes), left: times }),
    redirect: (port) => {
      elsewhere = port
      reset()
    },
    lost: () => lost,
    heal: () => {
      const wasShut = state !== 'open' || elsewhere !== null
      state = 'open'
      elsewhere = null
      spoiling = HARMLESS
      requests = []
      unsent = []
      replies = []
      if (wasShut) reset()
    },
    close: async () => {
      reset()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Hands a piece on, late or in drips where that is wanted; the sender waits meanwhile, which keeps the pieces in order. */
function pass(from: Socket, to: Socket, chunk: Buffer, wanted: Spoiling & { replied: number; isOpen: () => boolean }): void {
  const { delayMs, replyBytesPerSecond: rate, replyBytesMax: most, replied } = wanted
  const resume = (): void => void (wanted.isOpen() && from.resume())
  if (most !== null && replied > most) {
    to.end(chunk.subarray(0, Math.max(0, most - (replied - chunk.length))))
    from.destroy()
    return
  }
  const write = (bytes: Buffer): void => {
    if (to.destroyed || !to.writable) return
    if (!to.write(bytes)) {
      from.pause()
      to.once('drain', resume)
    }
  }
  if (delayMs === 0 && rate === null) return write(chunk)
  from.pause()
  const drip = (at: number): void => {
    if (to.destroyed) return
    const size = rate === null ? chunk.length : Math.max(1, Math.ceil(rate / 10))
    write(chunk.subarray(at, at + size))
    if (at + size >= chunk.length) resume()
    else setTimeout(() => drip(at + size), 100)
  }
  setTimeout(() => drip(0), delayMs)
}
