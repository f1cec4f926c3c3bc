import { formatMoney, fromMoneyText, type MoneyText } from '../../src/kernel/money.ts'
import type { Api } from './client.ts'
import type { Sandbox } from './sandbox.ts'
import type { Story } from './story.ts'

/** What a scenario acts with. */
export type Scene = {
  readonly api: Api
  readonly sandbox: Sandbox
  readonly story: Story
  /** Which supplier's offers are bought. */
  readonly provider: ProviderName
  /** What is bought of it. */
  readonly goods: Goods
  /** True when nobody else uses this system, so that its counters speak of this run alone. */
  readonly isAlone: boolean
}

/** A provider's id, "travelport". */
export type ProviderName = string

export type Goods = 'flights' | 'stays'

/** True for the providers that a supplier's configuration makes: its own name, or one for each airline ("ndc-af"). */
export function isOfSupplier(provider: string, supplier: ProviderName): boolean {
  return provider === supplier || provider.startsWith(`${supplier}-`)
}

/** "EUR 178.74". */
export function words(total: MoneyText): string {
  return formatMoney(fromMoneyText(total))
}
