import { startTestwire } from '../../../fixtures/testwire/index.ts'
import { plusDays, systemClock, utcDate } from '../../kernel/time.ts'
import { createPartner } from '../../platform/partner.ts'
import { describeProvider } from '../conformance.ts'
import { describeStayProvider } from '../stay-conformance.ts'
import { createTestwire, isOutage } from './index.ts'

const LIMITS = { shopTimeoutMs: 2_000, readTimeoutMs: 1_500, writeTimeoutMs: 1_500, replyBytesMax: 8 * 1024 * 1024 }
const DAY = plusDays(utcDate(systemClock.now()), 45)

async function start() {
  const server = await startTestwire({ seed: 7 })
  const partner = createPartner({ name: 'Testwire', concurrentMax: 20, breakAfter: 1_000, isOutage })
  const config = { url: server.url, key: server.key, currency: 'EUR', limits: LIMITS }
  return {
    server,
    provider: createTestwire({ config, send: partner.send, clock: systemClock }),
    control: server.control,
    close: async () => {
      await partner.close()
      await server.close()
    },
  }
}

describeProvider('testwire', async () => ({
  ...(await start()),
  query: {
    slices: [
      { origin: 'CGK', destination: 'NRT', departureDate: DAY },
      { origin: 'NRT', destination: 'CGK', departureDate: plusDays(DAY, 9) },
    ],
    passengers: { adults: 2, children: 1, infants: 1 },
    cabin: 'economy',
  },
}))

describeStayProvider('testwire', async () => {
  const { server, ...harness } = await start()
  return {
    ...harness,
    query: {
      properties: server.codesAt('PMI'),
      checkIn: DAY,
      checkOut: plusDays(DAY, 3),
      rooms: [
        { adults: 2, childAges: [] },
        { adults: 1, childAges: [8] },
        { adults: 2, childAges: [] },
      ],
      guestCountry: 'ID',
      currency: 'EUR',
    },
  }
})
