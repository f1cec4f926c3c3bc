/** Where a world's choices come from: each is a whole number below 2^32, and undefined ends the part with faults. */
export type Choices = {
  readonly next: () => number | undefined
  /** What was given so far. */
  readonly given: () => readonly number[]
}

/** The generator of a world: a small one that passes for random (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
}

/** One seed for each world of a run, so that a world can be run alone. */
export function seedOfWorld(seed: number, world: number): number {
  return (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(world + 1, 0xc2b2ae35)) >>> 0
}

const LENGTH_MIN = 30
const LENGTH_SPREAD = 90

/** The choices of a world from its seed. */
export function seededChoices(seed: number): Choices {
  const random = randomNumbers(seed)
  const given: number[] = []
  const length = LENGTH_MIN + (random() % LENGTH_SPREAD)
  return {
    next: () => {
      if (given.length >= length) return undefined
      const choice = random()
      given.push(choice)
      return choice
    },
    given: () => given,
  }
}

/** Choices that were made before. */
export function listedChoices(list: readonly number[]): Choices {
  let at = 0
  return { next: () => list[at++], given: () => list }
}
