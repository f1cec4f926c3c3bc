import type { Selection } from '../../src/search/engine/column-schema.ts'
import { between, createRandom, pick } from '../load/random.ts'

const NOTHING: Selection = { only: {}, without: {}, ranges: {}, price: { min: null, max: null }, sort: 'price' }
const FOREVER = 2_000_000_000

/** What the engines are asked in process: the filters of the mix, each group of them represented. */
const POPULAR: readonly Partial<Selection>[] = [
  { ranges: { stops: { from: 0, to: 0 } } },
  { ranges: { stops: { from: 0, to: 1 } } },
  { sort: 'duration' },
  { sort: 'departure' },
  { only: { bags: ['1', '2'] } },
  { only: { refundable: ['yes'] } },
  { only: { airlines: ['SQ', 'GA'] } },
  { only: { suppliers: ['alpha'] } },
  { ranges: { departure_1: { from: 360, to: 720 } } },
  { ranges: { stops: { from: 0, to: 1 } }, only: { bags: ['1', '2'] } },
  { ranges: { longest_slice: { from: 0, to: 900 } } },
  { only: { overnight: ['no'] }, sort: 'duration' },
  { ranges: { emissions: { from: 0, to: 600 } } },
  { ranges: { connection_min: { from: 60, to: FOREVER }, connection_max: { from: 0, to: 300 } } },
]

/** The same sequence for the same seed: 60 % nothing, 25 % a popular filter, 15 % the price slider. */
export function createQuestions(seed: number): () => Selection {
  const random = createRandom(seed)
  return () => {
    const kind = random()
    if (kind < 0.6) return NOTHING
    if (kind < 0.85) return { ...NOTHING, ...pick(random, POPULAR) }
    return { ...NOTHING, price: { min: null, max: between(random, 30_000, 160_000) } }
  }
}
