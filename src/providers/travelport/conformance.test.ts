import { startTravelportMock } from '../../../fixtures/travelport/index.ts'
import { parseLocalDate, plusDays, systemClock, utcDate } from '../../kernel/time.ts'
import { createPartner } from '../../platform/partner.ts'
import { describeProvider } from '../conformance.ts'
import { createTravelport, TRAVELPORT_DEFAULT_LIMITS } from './index.ts'

describeProvider('travelport', async () => {
  const mock = await startTravelportMock({ username: 'Universal API/uAPI-test', password: 'secret', targetBranch: 'P1234567' })
  const partner = createPartner({ name: 'Travelport', concurrentMax: 20, breakAfter: 1_000 })
  const limits = { ...TRAVELPORT_DEFAULT_LIMITS, shopTimeoutMs: 3_000, readTimeoutMs: 1_500, writeTimeoutMs: 2_000 }
  const provider = createTravelport({
    config: {
      on: true,
      baseUrl: mock.url,
      username: 'Universal API/uAPI-test',
      password: 'secret',
      targetBranch: 'P1234567',
      providerCode: '1G',
      pseudoCityCode: null,
      currency: 'EUR',
      limits,
    },
    send: partner.send,
    clock: systemClock,
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
