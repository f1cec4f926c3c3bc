import { SUPPLIER_MOCKS } from '../../fixtures/mocks.ts'
import { parseCurrency } from '../../src/kernel/currency.ts'
import { systemClock } from '../../src/kernel/time.ts'
import { createPartner, PartnerError, type Partner, type PartnerReply, type Send } from '../../src/platform/partner.ts'
import type { Provider } from '../../src/providers/contract.ts'
import { PROVIDER_MODULES } from '../../src/providers/registry.ts'

/** A provider whose way out can be taken by a tape: first it calls its mock and the replies are kept, then they are played. */
export type TapedProvider = {
  readonly provider: Provider
  /** Does the work over the wire, and keeps what the supplier replied, in turn. */
  readonly record: <T>(work: () => Promise<T>) => Promise<{ readonly result: T; readonly replies: readonly PartnerReply[] }>
  /** Does the work with these replies, in turn; after the last one nobody answers. */
  readonly play: <T>(replies: readonly PartnerReply[], work: () => Promise<T>) => Promise<T>
  /** How many requests the work that was played last has sent. */
  readonly sent: () => number
}

/** Every provider that a seller's mock makes, as its module makes it. */
export async function startTaped(id: string): Promise<{ readonly taped: readonly TapedProvider[]; readonly close: () => Promise<void> }> {
  const mock = await SUPPLIER_MOCKS.find((one) => one.id === id)!.start({ port: 0, hasLatency: false, secret: (label) => `fuzz ${label}` })
  const partners: Partner[] = []
  const ways: { send: Send }[] = []
  const providers = PROVIDER_MODULES.find((one) => one.id === id)!.create(
    { read: (name) => mock.environment[name]!, find: (name) => mock.environment[name] },
    {
      clock: systemClock,
      currency: parseCurrency('EUR'),
      over: (options, create) => {
        const partner = createPartner({ retries: 0, ...options, breakAfter: Number.MAX_SAFE_INTEGER })
        partners.push(partner)
        const way = { send: partner.send }
        ways.push(way)
        return create((request, signal) => way.send(request, signal))
      },
    },
  )
  const taped = providers.map((provider, index): TapedProvider => {
    const way = ways[index]!
    const live = way.send
    let sent = 0
    return {
      provider,
      record: async (work) => {
        const replies: PartnerReply[] = []
        way.send = async (request, signal) => {
          const reply = await live(request, signal)
          replies.push(reply)
          return reply
        }
        return { result: await work(), replies }
      },
      play: (replies, work) => {
        sent = 0
        way.send = async () => {
          const reply = replies[sent]
          sent += 1
          if (!reply) throw new PartnerError('timeout', 'the tape is at its end', { neverSent: false })
          return reply
        }
        return work()
      },
      sent: () => sent,
    }
  })
  const close = async (): Promise<void> => {
    await Promise.all(partners.map((partner) => partner.close()))
    await mock.close()
  }
  return { taped, close }
}
