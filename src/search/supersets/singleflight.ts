/** Work under way that several callers wait for. Leaving it early is the caller's own affair and stops nothing. */
export type Flight<T> = {
  readonly result: Promise<T>
  /** The last thing the work reported, undefined before the first. */
  readonly latest: () => T | undefined
  /** Calls `listener` for each later report; returns the way to stop. */
  readonly subscribe: (listener: (value: T) => void) => () => void
}

export type Singleflight<T> = {
  /** Joins the work under way for `key`, or starts it. A failure is told to all who joined and remembered for nobody. */
  readonly join: (key: string, work: (report: (value: T) => void) => Promise<T>) => Flight<T>
  readonly underWay: () => number
  readonly isUnderWay: (key: string) => boolean
}

/** One piece of work per key at a time within this process, however many ask. */
export function createSingleflight<T>(): Singleflight<T> {
  const flights = new Map<string, Flight<T>>()
  return {
    join(key, work) {
      const existing = flights.get(key)
      if (existing !== undefined) return existing
      const flight = startFlight(work)
      flights.set(key, flight)
      const forget = () => flights.delete(key)
      flight.result.then(forget, forget)
      return flight
    },
    underWay: () => flights.size,
    isUnderWay: (key) => flights.has(key),
  }
}

/** Starts work whose reports can be followed. */
export function startFlight<T>(work: (report: (value: T) => void) => Promise<T>): Flight<T> {
  const listeners = new Set<(value: T) => void>()
  let latest: T | undefined
  const report = (value: T) => {
    latest = value
    for (const listener of listeners) listener(value)
  }
  // The work begins in a later microtask, so that whoever starts it can subscribe before the first report.
  const result = Promise.resolve().then(() => work(report))
  return {
    result,
    latest: () => latest,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
