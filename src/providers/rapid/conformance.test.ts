import { expect, test } from 'vitest'
import { createPartner } from '../../platform/partner.ts'
import { parseLocalDate, systemClock } from '../../kernel/time.ts'
import { createHotelWorld } from '../../../fixtures/hotels/index.ts'
import { propertyIdOf } from '../../../fixtures/rapid/catalogue.ts'
import { startRapidMock } from '../../../fixtures/rapid/index.ts'
import { ProviderError } from '../errors.ts'
import { describeStayProvider } from '../stay-conformance.ts'
import { RAPID_LIMITS } from './config.ts'
import { createRapid } from './index.ts'
import { settingsFor } from './testing.ts'

/** Two rooms, one of them with a child, in every house of Bali. */
const QUERY = {
  properties: createHotelWorld()
    .hotels.filter(({ place }) => place === 'DPS')
    .map(propertyIdOf),
  checkIn: parseLocalDate('2027-05-10'),
  checkOut: parseLocalDate('2027-05-13'),
  rooms: [
    { adults: 2, childAges: [] },
    { adults: 1, childAges: [7] },
  ],
  guestCountry: 'ID',
  currency: 'EUR',
}

describeStayProvider('rapid', async () => {
  const mock = await startRapidMock()
  const limits = { ...RAPID_LIMITS, shopTimeoutMs: 2_000, readTimeoutMs: 2_000, writeTimeoutMs: 2_000, replyBytesMax: 8 * 1024 * 1024 }
  const partner = createPartner({ name: 'Expedia Rapid', concurrentMax: 20, breakAfter: 1_000 })
  const provider = createRapid({ settings: settingsFor(mock, limits), send: partner.send, clock: systemClock })
  return {
    provider,
    control: mock.control,
    query: QUERY,
    close: async () => {
      await partner.close()
      await mock.close()
    },
  }
})

test('an empty list is no nonsense: nothing is available', () => {
  const { translate } = createRapid({
    settings: settingsFor({ url: 'http://127.0.0.1:9', account: { apiKey: 'k', sharedSecret: 's' } }),
    send: () => Promise.reject(new Error('nobody is called')),
    clock: systemClock,
  })
  expect(translate('shop', '[]')).toEqual({ kind: 'stays', solutions: 0, offers: [] })
  expect(() => translate('book', '[]')).toThrow(ProviderError)
})
