import { startOpenTravelMock } from '../../../fixtures/opentravel/index.ts'
import { parseLocalDate, plusDays, systemClock, utcDate } from '../../kernel/time.ts'
import { createPartner } from '../../platform/partner.ts'
import { describeStayProvider } from '../stay-conformance.ts'
import { createOpenTravel, OPENTRAVEL_DEFAULT_LIMITS } from './index.ts'

describeStayProvider('opentravel', async () => {
  const mock = await startOpenTravelMock({ username: 'farewire', password: 'secret' })
  const partner = createPartner({ name: 'OpenTravel', concurrentMax: 20, breakAfter: 1_000 })
  const limits = { ...OPENTRAVEL_DEFAULT_LIMITS, shopTimeoutMs: 3_000, readTimeoutMs: 2_000, writeTimeoutMs: 2_000 }
  const provider = createOpenTravel({
    config: { url: mock.url, username: 'farewire', password: 'secret', requestorId: 'FW1', chainCode: null, currency: 'EUR', limits },
    send: partner.send,
    clock: systemClock,
  })
  const checkIn = parseLocalDate(plusDays(utcDate(systemClock.now()), 90))
  return {
    provider,
    control: mock.control,
    query: {
      properties: Array.from({ length: 24 }, (_, index) => `HH${String(index).padStart(6, '0')}`),
      checkIn,
      checkOut: plusDays(checkIn, 3),
      rooms: [
        { adults: 2, childAges: [] },
        { adults: 1, childAges: [7] },
      ],
      guestCountry: 'ID',
      currency: 'EUR',
    },
    close: async () => {
      await partner.close()
      await mock.close()
    },
  }
})
