import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { ConfigError, loadConfig } from './config.ts'

const complete = {
  DATABASE_URL: 'postgres://farewire:hunter2@127.0.0.1/farewire',
  REDIS_URL: 'redis://127.0.0.1:6379',
  REDIS_STATE_URL: 'redis://127.0.0.1:6380',
  SEAL_KEY: `${'A'.repeat(43)}=`,
  STORAGE_DIRECTORY: '/tmp/documents',
  SMTP_URL: 'smtp://127.0.0.1:2525',
  STRIPE_SECRET_KEY: 'sk_test_hunter2',
  STRIPE_WEBHOOK_SECRET: 'whsec_new, whsec_old',
}

test('a complete environment is read, with defaults for the rest', () => {
  const config = loadConfig(complete)
  expect(config.http).toMatchObject({ host: '127.0.0.1', port: 4000 })
  expect(config.stripe.webhookSecrets.map((one) => one.reveal())).toEqual(['whsec_new', 'whsec_old'])
  expect(config.travelport).toBeNull()
  expect(config.isSandbox).toBe(false)
  expect(loadConfig({ ...complete, SANDBOX: 'true' }).isSandbox).toBe(true)
})

test('all faults are told at once, each with the purpose of the variable', () => {
  const read = () =>
    loadConfig({ ...complete, DATABASE_URL: undefined, PORT: 'eighty', DISPLAY_CURRENCY: 'XXX', DUFFEL_URL: 'https://api.duffel.com' })
  expect(read).toThrow(ConfigError)
  expect(read).toThrow(/4 faults/)
  expect(read).toThrow(/DATABASE_URL is missing: Postgres/)
  expect(read).toThrow(/PORT is not usable/)
  expect(read).toThrow(/DISPLAY_CURRENCY/)
  expect(read).toThrow(/DUFFEL_TOKEN is missing: DUFFEL_URL is set/)
})

test('a configuration that is printed shows no secret', () => {
  const config = loadConfig({
    ...complete,
    TRAVELPORT_URL: 'https://x',
    TRAVELPORT_USERNAME: 'u',
    TRAVELPORT_PASSWORD: 'hunter2',
    TRAVELPORT_TARGET_BRANCH: 'P1',
  })
  expect(inspect(config, { depth: 9 })).not.toMatch(/hunter2|whsec/)
  expect(JSON.stringify(config)).not.toMatch(/hunter2|whsec/)
})
