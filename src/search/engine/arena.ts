/** As much as fifty answers; small enough to stay in the processor's cache. */
const SLAB_BYTES = 2 * 1024 * 1024
/** Empty slabs kept for later. What travellers read slowly lies in others, which go with their last answer. */
const SPARE_MAX = 4

type Slab = { readonly buffer: Buffer; used: number; open: number; isRetired: boolean }

/** A piece of memory, and what must be called once when its bytes have left this process, or never. */
export type Lease = { readonly buffer: Buffer; readonly giveBack: () => void }

export type Arena = {
  /** `write` fills a buffer of at most so many bytes and says how many it has used. */
  readonly fill: (bytesMax: number, write: (buffer: Buffer) => number) => Lease
}

/**
 * Memory for answers on their way out. A buffer of its own for each would cost an allocation, fresh pages from the system
 * and a finaliser; here answers are cut from one slab after another, and a slab is used again when the last of them has
 * left. An answer that is never given back keeps its slab from being used again, and costs no more than that.
 */
export function createArena(slabBytes = SLAB_BYTES): Arena {
  const spare: Slab[] = []
  const open = (): Slab => {
    const slab = spare.pop() ?? { buffer: Buffer.allocUnsafeSlow(slabBytes), used: 0, open: 0, isRetired: false }
    slab.used = 0
    slab.isRetired = false
    return slab
  }
  let current = open()

  const giveBackTo = (slab: Slab) => (): void => {
    slab.open -= 1
    keep(slab)
  }
  const keep = (slab: Slab): void => {
    if (slab.isRetired && slab.open === 0 && spare.length < SPARE_MAX && !spare.includes(slab)) spare.push(slab)
  }

  return {
    fill(bytesMax, write) {
      if (bytesMax > slabBytes) {
        const buffer = Buffer.allocUnsafeSlow(bytesMax)
        return { buffer: buffer.subarray(0, write(buffer)), giveBack: () => undefined }
      }
      if (current.used + bytesMax > slabBytes) {
        current.isRetired = true
        keep(current)
        current = open()
      }
      const slab = current
      const from = slab.used
      slab.used += write(slab.buffer.subarray(from, from + bytesMax))
      slab.open += 1
      return { buffer: slab.buffer.subarray(from, slab.used), giveBack: giveBackTo(slab) }
    },
  }
}
