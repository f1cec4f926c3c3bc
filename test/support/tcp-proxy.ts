import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that can be closed without either side being told. */
export type TcpProxy = {
  readonly port: number
  /** From now on nothing passes in either direction, and new connections are accepted and left alone. */
  readonly partition: () => void
  /** What was held back passes, and so does everything after it. */
  readonly heal: () => void
  /**
   * Cuts the connections of the next `count` COMMITs of Postgres: `replied`, when the server has answered and the answer
   * would pass, or `sent`, when the COMMIT would.
   */
  readonly cutCommits: (count: number, when: 'sent' | 'replied') => void
  /** Ends every connection and refuses new ones until it is healed, as a server that is down does. */
  readonly down: () => void
  readonly close: () => Promise<void>
}

/** Passes bytes on to a port of this machine. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let isParted = false
  let isDown = false
  let cuts = 0
  let cutWhen: 'sent' | 'replied' = 'replied'
  const server = createServer((near) => {
    if (isDown) return void near.destroy()
    const far = connect(targetPort, '127.0.0.1')
    // Before the pipes: who looks first decides what passes.
    near.on('data', (bytes: Buffer) => {
      if (cuts === 0 || !bytes.includes('Q\0\0\0\x0bcommit\0', 0, 'latin1')) return
      cuts -= 1
      near.unpipe(far)
      far.unpipe(near)
      if (cutWhen === 'sent') return void far.destroy()
      far.write(bytes)
      far.once('data', () => near.destroy())
      far.resume()
    })
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
    if (isParted) for (const socket of [near, far]) socket.pause()
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    partition: () => {
      isParted = true
      for (const socket of sockets) {
        socket.unpipe()
        socket.pause()
      }
    },
    heal: () => {
      isParted = false
      isDown = false
      // Both ends have long given up on these; new connections pass.
      for (const socket of sockets) socket.destroy()
    },
    cutCommits: (count, when) => {
      cuts = count
      cutWhen = when
    },
    down: () => {
      isDown = true
      for (const socket of sockets) socket.destroy()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
