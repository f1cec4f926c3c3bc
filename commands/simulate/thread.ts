import { hunt, runBatch, type BatchOrder, type BatchResult, type HuntOrder, type HuntResult } from './batch.ts'

// Refusals are thrown by the thousand here, and nobody reads where.
Error.stackTraceLimit = 0

/** Carries out an order in one of the threads; called by the pool. */
export function carryOut(order: BatchOrder | HuntOrder): Promise<BatchResult | HuntResult> {
  return order.kind === 'worlds' ? runBatch(order) : hunt(order)
}
