import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again and again until it is so; false when it is not within the time. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs: number, everyMs = 50): Promise<boolean> {
  const deadline = performance.now() + withinMs
  for (;;) {
    if (await isSo()) return true
    if (performance.now() > deadline) return false
    await sleep(everyMs)
  }
}
