import { LRUCache } from 'lru-cache'
import type { Superset } from './superset.ts'

/** The supersets this process holds ready to use, bounded by bytes; the least recently used go first. */
export type SupersetMemory = {
  /** The one searches of this key are answered from. Asked at every search: a look-up, and nothing is made. */
  readonly current: (key: string) => Superset | null
  readonly findVersion: (version: string) => Superset | null
  /** Keeps it under its version, unless a later revision is there; `asCurrent` for its key too, unless a newer one is. */
  readonly keep: (superset: Superset, asCurrent: boolean) => void
  readonly bytes: () => number
}

export function createSupersetMemory(options: { bytesMax: number }): SupersetMemory {
  const currentByKey = new Map<string, Superset>()
  const byVersion = new LRUCache<string, Superset>({
    maxSize: options.bytesMax,
    sizeCalculation: bytesOf,
    dispose: (superset, version, reason) => {
      if (reason !== 'set') forget(superset.key, version)
    },
  })
  function forget(key: string, version: string): void {
    if (currentByKey.get(key)?.version === version) currentByKey.delete(key)
  }
  const defaults = {} // otherwise lru-cache makes one at each call

  return {
    current(key) {
      const superset = currentByKey.get(key)
      if (superset === undefined) return null
      byVersion.get(superset.version, defaults)
      return superset
    },
    findVersion: (version) => byVersion.get(version, defaults) ?? null,
    keep(superset, asCurrent) {
      const { key, version } = superset
      const held = byVersion.peek(version)
      if (held === undefined || held.revision < superset.revision) byVersion.set(version, superset)
      const kept = byVersion.peek(version)
      // A superset larger than all of the memory is not kept, and one it would have grown from is gone.
      if (kept === undefined) return forget(key, version)
      const current = currentByKey.get(key)
      const takesPlace = current === undefined ? asCurrent : current.version === version || (asCurrent && current.version < version)
      if (takesPlace) currentByKey.set(key, kept)
    },
    bytes: () => byVersion.calculatedSize,
  }
}

const FACTS_BYTES = 4_096
/** The bytes themselves, and the view of them in shown-price order, which holds them again with their prices. */
const VIEWED = 2.5

function bytesOf(superset: Superset): number {
  return superset.parts.reduce(
    (sum, part) => sum + Math.ceil(VIEWED * part.hot.length) + part.packedHot.length + part.packedCold.length,
    FACTS_BYTES,
  )
}
