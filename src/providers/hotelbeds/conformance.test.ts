import { startHotelbedsMock } from '../../../fixtures/hotelbeds/index.ts'
import { plusDays, systemClock, utcDate } from '../../kernel/time.ts'
import { createPartner } from '../../platform/partner.ts'
import { describeStayProvider } from '../stay-conformance.ts'
import { createHotelbeds, isOutage } from './index.ts'

describeStayProvider('hotelbeds', async () => {
  const mock = await startHotelbedsMock({ seed: 7 })
  const partner = createPartner({ name: 'Hotelbeds', concurrentMax: 20, breakAfter: 1_000, isOutage })
  const limits = { shopTimeoutMs: 2_000, readTimeoutMs: 1_500, writeTimeoutMs: 1_500, replyBytesMax: 8 * 1024 * 1024 }
  const provider = createHotelbeds({ config: { url: mock.url, ...mock.account, limits }, send: partner.send, clock: systemClock })
  const checkIn = plusDays(utcDate(systemClock.now()), 45)
  return {
    provider,
    control: mock.control,
    query: {
      properties: mock.codesAt('PMI'),
      checkIn,
      checkOut: plusDays(checkIn, 3),
      rooms: [
        { adults: 2, childAges: [] },
        { adults: 1, childAges: [8] },
        { adults: 2, childAges: [] },
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
