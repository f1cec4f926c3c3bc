import { decompress } from '@mongodb-js/zstd'
import { toRequest } from '../../load/connection.ts'
import { ask } from '../../load/generator.ts'
import { toRow, type Row } from '../../report.ts'
import type { Route } from '../data-set.ts'
import { pathOf } from '../draws.ts'
import { GateClosed } from './gate.ts'

const PAGES = 10
const ZSTD = { 'accept-encoding': 'zstd' }

/** What a page of 25 weighs on the wire, against the same page as it is. */
export async function measurePageBytes(port: number, routes: readonly Route[]): Promise<Row[]> {
  let [identity, full, summary] = [0, 0, 0]
  for (const route of routes.slice(0, PAGES)) {
    const plain = await ask(port, toRequest(pathOf(route)))
    const coded = await ask(port, toRequest(pathOf(route), ZSTD))
    if (!(await decompress(coded.body)).equals(plain.body)) throw new GateClosed('the compressed page is another one')
    identity += plain.bodyBytes
    full += coded.bodyBytes
    summary += (await ask(port, toRequest(pathOf(route, 'view=summary'), ZSTD))).bodyBytes
  }
  const mean = (bytes: number, pages = Math.min(PAGES, routes.length)) => Math.round(bytes / pages)
  const row = (name: string, bytes: number, goal: string): Row =>
    toRow({ name, figure: identity / bytes, goal, unit: 'x smaller', detail: { bytes: mean(bytes), 'identity bytes': mean(identity) } })
  return [row('page.bytes.full', full, '>= 6'), row('page.bytes.summary', summary, '>= 15')]
}
