import { startTcpProxy as startProxy, type TcpProxy as Proxy } from '../../commands/chaos/tcp-proxy.ts'

/** The fault runner's proxy, in the words of these tests. */
export type TcpProxy = Pick<Proxy, 'port' | 'partition' | 'heal' | 'close'> & {
  /**
   * Cuts the connections of the next `count` COMMITs of Postgres: `replied`, when the server has answered and the answer
   * would pass, or `sent`, when the COMMIT would.
   */
  readonly cutCommits: (count: number, when: 'sent' | 'replied') => void
  /** Ends every connection and refuses new ones until it is healed, as a server that is down does. */
  readonly down: () => void
}

/** A simple query of Postgres that says "commit". */
const COMMIT = 'Q\0\0\0\x0bcommit\0'

/** Passes bytes on to a port of this machine. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const proxy = await startProxy(targetPort)
  return {
    ...proxy,
    down: proxy.refuse,
    cutCommits: (count, when) => (when === 'sent' ? proxy.loseRequest(COMMIT, count) : proxy.loseReplyTo(COMMIT, count)),
  }
}
