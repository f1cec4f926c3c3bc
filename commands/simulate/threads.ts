import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { Piscina } from 'piscina'
import type { BatchOrder, BatchResult, HuntOrder, HuntResult } from './batch.ts'
import { bundleThread } from './bundle.ts'

type ResultOf<Order> = Order extends BatchOrder ? BatchResult : HuntResult

export type Threads = {
  /** Gives the orders out, the next to whoever is free, and calls `onResult` with each result. Rejects when a thread breaks. */
  readonly run: <Order extends BatchOrder | HuntOrder>(
    orders: readonly Order[],
    onResult: (result: ResultOf<Order>, order: Order) => void,
  ) => Promise<void>
  readonly close: () => Promise<void>
}

/** Worlds are short-lived: with room for the young, most are gone before anybody has to move them. */
const YOUNG_MB = 64

/** As many threads as the machine has cores. */
export async function startThreads(count = availableParallelism()): Promise<Threads> {
  const pool = new Piscina<BatchOrder | HuntOrder, BatchResult | HuntResult>({
    filename: pathToFileURL(await bundleThread()).href,
    name: 'carryOut',
    minThreads: count,
    maxThreads: count,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  return {
    run: async (orders, onResult) => {
      await Promise.all(orders.map(async (order) => onResult((await pool.run(order)) as ResultOf<typeof order>, order)))
    },
    close: () => pool.destroy(),
  }
}
