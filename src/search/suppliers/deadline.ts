/** An end that may be put off while it has not come. */
export type Deadline = {
  /** What it was set to at first. */
  readonly ms: number
  /** Resolves when it has passed; never, when it was stopped before. */
  readonly passing: Promise<void>
  readonly hasPassed: () => boolean
  /** From now on it is so far away; without effect when it has passed. */
  readonly restart: (ms: number) => void
  readonly stop: () => void
}

export function startDeadline(ms: number): Deadline {
  let hasPassed = false
  let pass = (): void => undefined
  const passing = new Promise<void>((resolve) => {
    pass = () => {
      hasPassed = true
      resolve()
    }
  })
  let timer = setTimeout(pass, ms)
  return {
    ms,
    passing,
    hasPassed: () => hasPassed,
    restart(later) {
      if (hasPassed) return
      clearTimeout(timer)
      timer = setTimeout(pass, Math.max(0, later))
    },
    stop: () => clearTimeout(timer),
  }
}
