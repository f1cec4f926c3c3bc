import { playDoubleClick } from './double-click.ts'
import { playDuplicateWebhook } from './duplicate-webhook.ts'
import { playHappy } from './happy.ts'
import type { ProviderName, Scene } from './scene.ts'
import { playPriceUp } from './price-up.ts'
import { playSoldOut } from './sold-out.ts'
import { playSupplierUnknown } from './supplier-unknown.ts'

export type Scenario = { readonly summary: string; readonly provider: ProviderName; readonly play: (scene: Scene) => Promise<void> }

/** What can be played; `provider` is whose offers are bought unless another is asked for. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  happy: { summary: 'search, filter, verify, book, pay, ticket, e-ticket by mail', provider: 'travelport', play: playHappy },
  'price-up': {
    summary: 'the price rises before the booking (new consent), and after the payment (full refund)',
    provider: 'duffel',
    play: playPriceUp,
  },
  'sold-out': { summary: 'sold out after the payment: full refund by itself', provider: 'duffel', play: playSoldOut },
  'supplier-unknown': {
    summary: 'the supplier’s reply is lost: looked up, never sent twice',
    provider: 'travelport',
    play: playSupplierUnknown,
  },
  'duplicate-webhook': {
    summary: 'every webhook of the payment provider arrives twenty times',
    provider: 'duffel',
    play: playDuplicateWebhook,
  },
  'double-click': {
    summary: 'twenty clicks on "book" and on "pay": one booking, one payment, one ticket',
    provider: 'travelport',
    play: playDoubleClick,
  },
}
