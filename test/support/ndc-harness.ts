import { startNdcMock } from '../../fixtures/ndc/index.ts'
import { parseLocalDate, plusDays, systemClock, utcDate } from '../../src/kernel/time.ts'
import { createPartner } from '../../src/platform/partner.ts'
import type { Harness } from '../../src/providers/conformance.ts'
import { createNdc, NDC_LIMITS } from '../../src/providers/ndc/index.ts'
import type { Version } from '../../src/providers/ndc/wire.ts'

/** Each version with a journey that its airline flies often. */
const JOURNEYS = { '17.2': ['BKK', 'ICN'], '19.2': ['CGK', 'NRT'], '21.3': ['CGK', 'SIN'] } as const

/** The airline of a version at a mock of its own, for `describeProvider`. */
export async function makeHarness(version: Version): Promise<Harness> {
  const mock = await startNdcMock({ apiKey: 'secret' })
  const airline = mock.airlines.find((one) => one.version === version)!
  const partner = createPartner({ name: 'NDC', concurrentMax: 20, breakAfter: 1_000 })
  const provider = createNdc({
    config: {
      airline: airline.code,
      version,
      url: airline.url,
      apiKey: 'secret',
      agencyId: '35200001',
      agencyName: 'Farewire',
      currency: 'EUR',
      limits: { ...NDC_LIMITS, shopTimeoutMs: 3_000, readTimeoutMs: 1_500, writeTimeoutMs: 2_000, replyBytesMax: 8_388_608 },
    },
    send: partner.send,
    clock: systemClock,
  })
  const out = parseLocalDate(plusDays(utcDate(systemClock.now()), 90))
  const [here, there] = JOURNEYS[version]
  return {
    provider,
    control: mock.control,
    query: {
      slices: [
        { origin: here, destination: there, departureDate: out },
        { origin: there, destination: here, departureDate: plusDays(out, 7) },
      ],
      passengers: { adults: 1, children: 1, infants: 1 },
      cabin: 'economy',
    },
    close: async () => {
      await partner.close()
      await mock.close()
    },
  }
}
