import type { Selection } from '../../../src/search/engine/column-schema.ts'

/** Another way of answering the same questions in the same process. */
export type Peer = {
  readonly name: string
  /** Where it does less than ours, or something a little different: always in its favour. */
  readonly allowance: string
  /** Whether it can be asked exactly this. */
  readonly asks: (selection: Selection) => boolean
  /** How many offers match: compared with ours before anything is measured. */
  readonly answer: (selection: Selection, limit: number) => number | Promise<number>
  readonly close: () => void
}
