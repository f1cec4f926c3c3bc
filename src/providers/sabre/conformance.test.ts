import { startSabreMock } from '../../../fixtures/sabre/index.ts'
import { parseLocalDate, plusDays, systemClock, utcDate } from '../../kernel/time.ts'
import { createPartner } from '../../platform/partner.ts'
import { describeProvider } from '../conformance.ts'
import { createSabre } from './index.ts'
import { settingsFor } from './test-settings.ts'

describeProvider('sabre', async () => {
  const mock = await startSabreMock({ seed: 7 })
  const partner = createPartner({ name: 'Sabre', concurrentMax: 20, breakAfter: 1_000 })
  const limits = { shopTimeoutMs: 3_000, readTimeoutMs: 1_500, writeTimeoutMs: 2_000, replyBytesMax: 16 * 1024 * 1024 }
  const provider = createSabre({ settings: settingsFor(mock, limits), send: partner.send, clock: systemClock })
  const out = parseLocalDate(plusDays(utcDate(systemClock.now()), 90))
  return {
    provider,
    control: mock.control,
    query: {
      slices: [
        { origin: 'CGK', destination: 'SIN', departureDate: out },
        { origin: 'SIN', destination: 'CGK', departureDate: plusDays(out, 7) },
      ],
      passengers: { adults: 2, children: 1, infants: 1 },
      cabin: 'economy',
    },
    close: async () => {
      await partner.close()
      await mock.close()
    },
  }
})
