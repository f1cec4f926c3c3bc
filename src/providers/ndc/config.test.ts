import { describe, expect, test } from 'vitest'
import { parseCurrency } from '../../kernel/currency.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import { secret } from '../../platform/secret.ts'
import { createProviders, createTranslators, translatorOf } from '../registry.ts'
import { AIRLINES_PATTERN, parseAirlines } from './config.ts'
import { ndc } from './index.ts'

const GOOD = 'AF=21.3@https://ndc.example/af, KW=17.2@http://127.0.0.1:9/kw?x={message},3K=19.2@https://ndc.example/3k'

test('airlines are read in their order, each with version and address', () => {
  expect(parseAirlines(GOOD)).toEqual([
    { airline: 'AF', version: '21.3', url: 'https://ndc.example/af' },
    { airline: 'KW', version: '17.2', url: 'http://127.0.0.1:9/kw?x={message}' },
    { airline: '3K', version: '19.2', url: 'https://ndc.example/3k' },
  ])
  expect(AIRLINES_PATTERN.test(GOOD)).toBe(true)
})

describe('what is wrong is said', () => {
  test.each([
    ['AF', '"AF" is not CODE=VERSION@URL'],
    ['AF=21.3', '"AF=21.3" is not CODE=VERSION@URL'],
    ['af=21.3@https://ndc.example', '"af" is not an airline'],
    ['AFR=21.3@https://ndc.example', '"AFR" is not an airline'],
    ['AF=20.1@https://ndc.example', 'AF has version "20.1"; known are 17.2, 19.2, 21.3'],
    ['AF=21.3@ftp://ndc.example', 'AF has "ftp://ndc.example", which is not an http address'],
    ['AF=21.3@', 'AF has "", which is not an http address'],
    ['AF=21.3@https://a.example,', '"" is not CODE=VERSION@URL'],
    ['AF=21.3@https://a.example,AF=17.2@https://b.example', 'names AF twice'],
  ])('%s', (text, reason) => {
    expect(() => parseAirlines(text)).toThrow(reason)
    expect(AIRLINES_PATTERN.test(text)).toBe(false)
  })
})

test('the pattern takes no time for a text that almost fits', () => {
  const started = performance.now()
  expect(AIRLINES_PATTERN.test('AF=21.3@https://x,'.repeat(3_000) + '!')).toBe(false)
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('NDC_AIRLINES comes first, which switches it on', () => {
  expect(Object.keys(ndc.environment)[0]).toBe('NDC_AIRLINES')
})

test('each airline is a provider of its own, over a partner of its own; the translator is one', async () => {
  const values = { NDC_AIRLINES: GOOD, NDC_API_KEY: 'k', NDC_AGENCY_ID: '35200001' }
  const secrets = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, secret(value)]))
  const clock = createStoppedClock('2026-07-01T09:00:00Z')
  const { providers, close } = createProviders(new Map([['ndc', secrets]]), { clock, currency: parseCurrency('EUR') })
  try {
    expect(providers.map((one) => [one.id, one.name])).toEqual([
      ['ndc-af', 'NDC Air France'],
      ['ndc-kw', expect.stringMatching(/^NDC \S+/) as string],
      ['ndc-3k', expect.stringMatching(/^NDC \S+/) as string],
    ])
    expect(providers.map((one) => one.flights?.void !== undefined)).toEqual([false, true, false])
    expect(new Set(providers.map((one) => one.health)).size).toBe(3)
  } finally {
    await close()
  }
  const translators = createTranslators(clock)
  expect(translatorOf(translators, 'ndc-af')?.id).toBe('ndc')
  expect(translators.filter((one) => one.id === 'ndc')).toHaveLength(1)
})
