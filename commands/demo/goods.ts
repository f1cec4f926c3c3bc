import { systemClock } from '../../src/kernel/time.ts'
import { createTranslators } from '../../src/providers/index.ts'
import type { Goods, ProviderName } from './scene.ts'

/** What a supplier sells. */
export function goodsOf(supplier: ProviderName): readonly Goods[] {
  const provider = createTranslators(systemClock).find(({ id }) => id === supplier)
  return [...(provider?.flights ? (['flights'] as const) : []), ...(provider?.stays ? (['stays'] as const) : [])]
}
