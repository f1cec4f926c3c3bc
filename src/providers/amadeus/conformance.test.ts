import pLimit from 'p-limit'
import { startAmadeusMock } from '../../../fixtures/amadeus/index.ts'
import { parseLocalDate, plusDays, systemClock, utcDate } from '../../kernel/time.ts'
import { createPartner } from '../../platform/partner.ts'
import { describeProvider } from '../conformance.ts'
import { AMADEUS_DEFAULT_LIMITS, createAmadeus } from './index.ts'

describeProvider('amadeus', async () => {
  const mock = await startAmadeusMock({ username: 'WSTEST', password: 'secret', officeId: 'PARFW2100' })
  const partner = createPartner({ name: 'Amadeus', concurrentMax: 20, breakAfter: 1_000 })
  const limits = { ...AMADEUS_DEFAULT_LIMITS, shopTimeoutMs: 3_000, readTimeoutMs: 1_500, writeTimeoutMs: 2_000 }
  const provider = createAmadeus({
    config: {
      url: mock.url,
      wsap: null,
      username: 'WSTEST',
      password: 'secret',
      officeId: 'PARFW2100',
      dutyCode: 'SU',
      market: 'FR',
      currency: 'EUR',
      sessionsMax: 5,
      limits,
    },
    send: partner.send,
    clock: systemClock,
    sessions: pLimit(5),
  })
  const out = parseLocalDate(plusDays(utcDate(systemClock.now()), 90))
  return {
    provider,
    control: mock.control,
    query: {
      slices: [
        { origin: 'CGK', destination: 'SIN', departureDate: out },
        { origin: 'SIN', destination: 'CGK', departureDate: plusDays(out, 7) },
      ],
      passengers: { adults: 1, children: 1, infants: 1 },
      cabin: 'economy',
    },
    close: async () => {
      await partner.close()
      await mock.close()
    },
  }
})
