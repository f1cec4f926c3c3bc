/**
 * Runs `work` again and again, `everyMs` after it last ended, and never twice at once. A failure is told and the loop
 * goes on. `stop` waits for a run that is under way.
 */
export function runEvery(
  everyMs: number,
  work: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
): { stop: () => Promise<void> } {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let wake = (): void => undefined
  const loop = async (): Promise<void> => {
    while (!stopped) {
      await work().catch(onFailure)
      if (stopped) return
      await new Promise<void>((resolve) => {
        wake = resolve
        timer = setTimeout(resolve, everyMs)
      })
    }
  }
  const running = loop()
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
      wake()
      return running
    },
  }
}
