import { startTravelportMock } from '../../../fixtures/travelport/index.ts'
import { plusDays, systemClock, utcDate } from '../../kernel/time.ts'
import { createPartner } from '../../platform/partner.ts'
import { describeStayProvider } from '../stay-conformance.ts'
import { createTravelport, isOutage, TRAVELPORT_DEFAULT_LIMITS } from './index.ts'

describeStayProvider('travelport', async () => {
  const mock = await startTravelportMock({ username: 'Universal API/uAPI-test', password: 'secret', targetBranch: 'P1234567', seed: 7 })
  const partner = createPartner({ name: 'Travelport', concurrentMax: 20, breakAfter: 1_000, isOutage })
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
      limits: { ...TRAVELPORT_DEFAULT_LIMITS, shopTimeoutMs: 3_000, readTimeoutMs: 2_000, writeTimeoutMs: 2_000 },
      hotels: { providerCode: 'TRM', cities: ['PMI', 'LON', 'PAR'], iataNumber: '99999992' },
    },
    send: partner.send,
    clock: systemClock,
  })
  const checkIn = plusDays(utcDate(systemClock.now()), 45)
  return {
    provider,
    control: mock.control,
    query: {
      properties: mock.hotelsAt('PMI'),
      checkIn,
      checkOut: plusDays(checkIn, 3),
      rooms: [
        { adults: 2, childAges: [] },
        { adults: 1, childAges: [8] },
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
