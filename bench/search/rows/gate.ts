import { toRequest } from '../../load/connection.ts'
import { ask } from '../../load/generator.ts'
import type { ServerProcess } from '../../servers.ts'
import type { Route } from '../data-set.ts'
import { createDraws, pathOf, POPULAR_FILTERS } from '../draws.ts'

/** The servers do not say the same. Then there is nothing to compare. */
export class GateClosed extends Error {}

/** What the gate asks: every popular filter, and as many draws of the mix. */
export function gatePaths(routes: readonly Route[], drawn: number): string[] {
  const draws = createDraws(routes, 4_242)
  const popular = POPULAR_FILTERS.map((filters, i) => pathOf(routes[i % routes.length]!, filters))
  return [...new Set([...popular, ...Array.from({ length: drawn }, () => draws.path())])]
}

/** Asks all servers the same and returns the answers; throws GateClosed at the first one of which a byte differs. */
export async function passGate(servers: readonly ServerProcess[], paths: readonly string[]): Promise<[path: string, body: string][]> {
  const bodies: [string, string][] = []
  for (const path of paths) {
    const request = toRequest(path)
    const replies = await Promise.all(servers.map((server) => ask(server.port, request)))
    const [first] = replies
    for (const [i, reply] of replies.entries()) {
      if (reply.status !== 200)
        throw new GateClosed(`${servers[i]!.name} answers ${reply.status} to ${path}:\n${reply.body.toString('utf8', 0, 500)}`)
      if (!reply.body.equals(first!.body))
        throw new GateClosed(difference(path, servers[0]!.name, first!.body, servers[i]!.name, reply.body))
    }
    bodies.push([path, first!.body.toString('utf8')])
  }
  return bodies
}

function difference(path: string, nameA: string, a: Buffer, nameB: string, b: Buffer): string {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  const around = (bytes: Buffer) => bytes.toString('utf8', Math.max(0, at - 60), at + 60)
  return `${path}\n${nameA} and ${nameB} differ at byte ${at}:\n  ${around(a)}\n  ${around(b)}`
}
