export type Hedged<T> = {
  /** Begins the first call; `onBegun` says when it has left. */
  readonly first: (onBegun: () => void) => Promise<T>
  /** Begins a second one, or returns null when there must be none. */
  readonly second: () => Promise<T> | null
  /** How long after the first has left; null is never. */
  readonly afterMs: number | null
  /** Whether what a call came back with is what it was made for. */
  readonly isSuccess: (value: T) => boolean
}

/**
 * The first success of one call and, when that has not answered in time, of a second. When nobody succeeded it ends as
 * the first one did. A call that failed is not made again: a second one is only for silence.
 */
export function firstSuccess<T>(hedged: Hedged<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let endAsFirst = (): void => undefined
    let timer: NodeJS.Timeout | undefined
    let underWay = 0

    function follow(call: Promise<T>, isFirst: boolean): void {
      underWay += 1
      const fail = (end: () => void) => {
        if (isFirst) endAsFirst = end
        underWay -= 1
        if (underWay > 0) return
        clearTimeout(timer)
        endAsFirst()
      }
      call.then(
        (value) => {
          if (!hedged.isSuccess(value)) return fail(() => resolve(value))
          clearTimeout(timer)
          resolve(value)
        },
        (error: Error) => fail(() => reject(error)),
      )
    }

    function hedge(): void {
      const second = hedged.second()
      if (second !== null) follow(second, false)
    }

    follow(
      hedged.first(() => {
        if (hedged.afterMs !== null) timer = setTimeout(hedge, hedged.afterMs)
      }),
      true,
    )
  })
}
