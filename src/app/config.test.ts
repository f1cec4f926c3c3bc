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
  expect(config.gateways.get('stripe')?.['STRIPE_WEBHOOK_SECRET']?.reveal()).toBe('whsec_new, whsec_old')
  expect(config.providers.size).toBe(0)
  expect(config.isSandbox).toBe(false)
  expect(loadConfig({ ...complete, SANDBOX: 'true' }).isSandbox).toBe(true)
  expect(config.redis.clusterNodes).toBeNull()
  expect(loadConfig({ ...complete, REDIS_CLUSTER_NODES: 'one:6379, two:6380' }).redis.clusterNodes).toEqual([
    { host: 'one', port: 6379 },
    { host: 'two', port: 6380 },
  ])
  expect(() => loadConfig({ ...complete, REDIS_CLUSTER_NODES: 'one,two' })).toThrow(/REDIS_CLUSTER_NODES is not usable/)
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

test('operators need a token that cannot be guessed, or have no addresses at all', () => {
  const people = (environment: Record<string, string>) =>
    loadConfig({ ...complete, ...environment }).operators.map(({ name, token }) => [name, token.reveal()])
  expect(people({})).toEqual([])
  expect(people({ OPS_TOKEN: '' })).toEqual([])
  expect(people({ OPS_TOKEN: 'hunter2-hunter2-hunter2-hunter2' })).toEqual([['operator', 'hunter2-hunter2-hunter2-hunter2']])
  expect(() => loadConfig({ ...complete, OPS_TOKEN: 'hunter2' })).toThrow(/OPS_TOKEN is not usable/)
  expect(() => loadConfig({ ...complete, OPS_TOKEN: `${'a'.repeat(30)} b` })).toThrow(/OPS_TOKEN is not usable/)
})

test('each operator has one name and a token of the own', () => {
  const [first, second] = ['mina:a-token-of-24-characters:1', 'raj:a-token-of-24-characters-2']
  const { operators } = loadConfig({ ...complete, OPS_TOKENS: `${first},${second}`, OPS_TOKEN: 'hunter2-hunter2-hunter2-hunter2' })
  expect(operators.map(({ name, token }) => [name, token.reveal()])).toEqual([
    ['operator', 'hunter2-hunter2-hunter2-hunter2'],
    ['mina', 'a-token-of-24-characters:1'],
    ['raj', 'a-token-of-24-characters-2'],
  ])
  for (const tokens of ['mina:short', 'a-token-of-24-characters-without-name', `${first},`])
    expect(() => loadConfig({ ...complete, OPS_TOKENS: tokens }), tokens).toThrow(/OPS_TOKENS is not usable/)
  for (const tokens of [
    `${first},${first.replace('mina', 'raj')}`,
    `${first},${second.replace('raj', 'mina')}`,
    'operator:a-token-of-24-characters-2',
  ])
    expect(() => loadConfig({ ...complete, OPS_TOKENS: tokens, OPS_TOKEN: 'hunter2-hunter2-hunter2-hunter2' }), tokens).toThrow(
      /one name and a token/,
    )
})

test('a configuration that is printed shows no secret', () => {
  const config = loadConfig({
    ...complete,
    TRAVELPORT_URL: 'https://x',
    TRAVELPORT_USERNAME: 'u',
    TRAVELPORT_PASSWORD: 'hunter2',
    TRAVELPORT_TARGET_BRANCH: 'P1',
    OPS_TOKEN: 'hunter2-hunter2-hunter2-hunter2',
  })
  expect(inspect(config, { depth: 9 })).not.toMatch(/hunter2|whsec/)
  expect(JSON.stringify(config)).not.toMatch(/hunter2|whsec/)
})

test('a failpoint is refused outside a sandbox, and one that does not exist everywhere', () => {
  expect(loadConfig({ ...complete, SANDBOX: 'true', FAILPOINT: 'supplier-answered:2' }).failpoint).toBe('supplier-answered:2')
  expect(() => loadConfig({ ...complete, FAILPOINT: 'supplier-answered' })).toThrow(/FAILPOINT is for a sandbox/)
  expect(() => loadConfig({ ...complete, SANDBOX: 'true', FAILPOINT: 'somewhere' })).toThrow(/FAILPOINT is not usable/)
  expect(loadConfig(complete).failpoint).toBeNull()
})

test('payment gateways are on or off, each with everything it needs; an order may say which take payments', () => {
  const several = { ...complete, XENDIT_SECRET_KEY: 'xnd', XENDIT_CALLBACK_TOKEN: 'token', MIDTRANS_SERVER_KEY: 'SB-Mid' }
  expect([...loadConfig(complete).gateways.keys()]).toEqual(['stripe'])
  expect([...loadConfig(several).gateways.keys()]).toEqual(['stripe', 'xendit', 'midtrans'])
  expect(loadConfig(several).gatewayOrder).toEqual([])
  const ordered = loadConfig({ ...several, PAYMENT_GATEWAYS: 'midtrans, xendit' })
  expect([ordered.gatewayOrder, ordered.gateways.size]).toEqual([['midtrans', 'xendit'], 3])
  expect(() => loadConfig({ ...complete, STRIPE_SECRET_KEY: undefined })).toThrow(/no payment gateway is switched on/)
  expect(() => loadConfig({ ...complete, XENDIT_SECRET_KEY: 'xnd' })).toThrow(/XENDIT_CALLBACK_TOKEN is missing: XENDIT_SECRET_KEY is set/)
  expect(() => loadConfig({ ...several, XENDIT_URL: 'xendit.co' })).toThrow(/XENDIT_URL is not usable/)
  expect(() => loadConfig({ ...complete, PAYMENT_GATEWAYS: 'xendit' })).toThrow(/names "xendit", which is not switched on/)
  expect(() => loadConfig({ ...complete, PAYMENT_GATEWAYS: 'stirpe' })).toThrow(/names "stirpe", which is none of stripe/)
})
