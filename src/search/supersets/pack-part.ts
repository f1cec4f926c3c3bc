import { compress } from '@mongodb-js/zstd'
import { openPart, type Part } from '../engine/part.ts'
import type { Superset, SupersetPart } from './superset.ts'
import { unpack } from './unpack.ts'

/** A part of a superset from its columns and the suppliers' words for buying each of its offers. */
export async function packPart(provider: string, hot: Buffer, tokens: readonly string[]): Promise<SupersetPart> {
  const cold = Buffer.from(JSON.stringify(tokens), 'utf8')
  const [packedHot, packedCold] = await Promise.all([compress(hot), compress(cold)])
  return { provider, offers: tokens.length, hot, packedHot, packedCold, coldBytes: cold.length }
}

/** An offer where it lies. */
export type PlacedOffer = { readonly part: Part; readonly i: number; readonly provider: string; readonly token: string }

/** The offer with this number in the superset; null when there is none. */
export async function placedOffer(superset: Superset, index: number): Promise<PlacedOffer | null> {
  let first = 0
  for (const { provider, offers, hot, packedCold, coldBytes } of superset.parts) {
    if (index < first + offers) {
      const token = tokenAt(await unpack(packedCold, coldBytes), index - first)
      return { part: openPart(hot), i: index - first, provider, token }
    }
    first += offers
  }
  return null
}

function tokenAt(cold: Buffer, i: number): string {
  const token = (JSON.parse(cold.toString('utf8')) as string[])[i]
  if (token === undefined) throw new RangeError('the part holds no token for this offer')
  return token
}
