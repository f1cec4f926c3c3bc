import { LRUCache } from 'lru-cache'
import type { FlightOffer } from '../travel/flight.ts'
import type { Superset } from './superset.ts'

/** The supersets this process holds ready to use, bounded by bytes; the least recently used go first. */
export type SupersetMemory = {
  readonly findCurrent: (key: string) => Superset | null
  readonly findVersion: (version: string) => Superset | null
  /** Keeps it; it becomes the current one of its key unless a newer one is. */
  readonly keep: (superset: Superset) => void
  readonly bytes: () => number
}

export function createSupersetMemory(options: { bytesMax: number }): SupersetMemory {
  const versionByKey = new Map<string, string>()
  const byVersion = new LRUCache<string, Superset>({
    maxSize: options.bytesMax,
    sizeCalculation: estimateBytes,
    dispose: (superset, version, reason) => {
      if (reason !== 'set' && versionByKey.get(superset.key) === version) versionByKey.delete(superset.key)
    },
  })
  const findVersion = (version: string) => byVersion.get(version) ?? null

  return {
    findVersion,
    findCurrent(key) {
      const version = versionByKey.get(key)
      return version === undefined ? null : findVersion(version)
    },
    keep(superset) {
      const held = byVersion.peek(superset.version)
      if (held !== undefined && held.revision >= superset.revision) return
      byVersion.set(superset.version, superset)
      const current = versionByKey.get(superset.key)
      if (byVersion.has(superset.version) && (current === undefined || current < superset.version))
        versionByKey.set(superset.key, superset.version)
    },
    bytes: () => byVersion.calculatedSize,
  }
}

/**
 * What a superset takes on the heap, estimated from its shape: objects of the size measured on search replies of 400
 * offers, and the texts whose length is not ours to choose.
 */
function estimateBytes(superset: Superset): number {
  return superset.offers.reduce((sum, offer) => sum + estimateOfferBytes(offer), 2_000)
}

function estimateOfferBytes(offer: FlightOffer): number {
  const segments = offer.slices.reduce((sum, slice) => sum + slice.segments.length, 0)
  return 900 + segments * 900 + offer.passengers.length * 300 + offer.supplierToken.length * 2
}
