/** How a process leaves: it says that it is going, keeps on serving for a while, and then has long answers move elsewhere. */
export type Draining = {
  readonly isDraining: () => boolean
  /** Aborted when streams are to end and go on in another process. */
  readonly moving: AbortSignal
  /**
   * From now on the process is not ready, and each reply asks for its connection to be closed: a client that keeps one to a
   * process that is leaving would lose its next request with it.
   */
  readonly begin: () => void
  readonly move: () => void
}

export function createDraining(): Draining {
  let isDraining = false
  const moving = new AbortController()
  return {
    isDraining: () => isDraining,
    moving: moving.signal,
    begin: () => (isDraining = true),
    move: () => moving.abort(),
  }
}
