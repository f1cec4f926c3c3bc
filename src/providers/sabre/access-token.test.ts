import { expect, test } from 'vitest'
import { createStoppedClock } from '../../kernel/time.ts'
import { PartnerError, toPartnerReply, type PartnerReply, type PartnerRequest, type Send } from '../../platform/partner.ts'
import { createAccessTokens, toCredentials } from './access-token.ts'
import { createBudget, deliver, write, type Deps } from './exchange.ts'
import { settingsFor } from './test-settings.ts'

const signal = new AbortController().signal
const settings = settingsFor({
  url: 'http://sabre',
  soapUrl: 'http://sabre/soap',
  clientId: 'V1:agent:AB1C:AA',
  clientSecret: 'pass',
  pcc: 'AB1C',
})
const json = (status: number, body: object): PartnerReply => toPartnerReply(status, {}, Buffer.from(JSON.stringify(body)))
const isToken = (request: PartnerRequest): boolean => request.url.endsWith('/v2/auth/token')

/** A Sabre that gives numbered tokens after a while and takes only the latest one. */
function fakeSabre(options: { readonly lifeSeconds?: number; readonly delayMs?: number } = {}) {
  let issued = 0
  const requests: PartnerRequest[] = []
  const send: Send = async (request) => {
    requests.push(request)
    if (!isToken(request)) {
      const isCurrent = request.headers['authorization'] === `Bearer token-${issued}`
      return isCurrent ? json(200, { ok: true }) : json(401, { errorCode: 'ERR.2SG.SEC.INVALID_CREDENTIALS' })
    }
    issued += 1
    const token = `token-${issued}`
    await new Promise((resolve) => setTimeout(resolve, options.delayMs ?? 10))
    return json(200, { access_token: token, token_type: 'bearer', expires_in: options.lifeSeconds ?? 604_800 })
  }
  return { send, requests, fetches: () => requests.filter(isToken).length, revoke: () => (issued += 1) }
}

function wire(send: Send) {
  const clock = createStoppedClock('2026-11-21T08:00:00Z')
  const deps: Deps = { settings, send, clock, tokens: createAccessTokens({ settings, send, clock }) }
  const ask = () => deliver(deps, { path: '/v1/any', body: {}, budget: createBudget(deps, 5_000) }, { signal })
  return { clock, deps, ask }
}

test('encodes client and secret twice, each by itself first', () => {
  const [id, secret] = Buffer.from(toCredentials('V1:agent:AB1C:AA', 'pass'), 'base64').toString().split(':')
  expect([id, secret].map((part) => Buffer.from(part!, 'base64').toString())).toEqual(['V1:agent:AB1C:AA', 'pass'])
})

test('asks for the token with the form that Sabre wants', async () => {
  const sabre = fakeSabre()
  await wire(sabre.send).ask()
  expect(sabre.requests[0]).toMatchObject({
    method: 'POST',
    url: 'http://sabre/v2/auth/token',
    body: 'grant_type=client_credentials',
    headers: { authorization: `Basic ${toCredentials('V1:agent:AB1C:AA', 'pass')}`, 'content-type': 'application/x-www-form-urlencoded' },
  })
})

test('fetches one token for concurrent callers, and keeps it', async () => {
  const sabre = fakeSabre()
  const { ask } = wire(sabre.send)
  const replies = await Promise.all(Array.from({ length: 20 }, ask))
  expect(replies.every((reply) => reply.status === 200)).toBe(true)
  await ask()
  expect(sabre.fetches()).toBe(1)
})

test('the count above is no accident: twenty callers with a memory each fetch twenty', async () => {
  const sabre = fakeSabre()
  const clock = createStoppedClock('2026-11-21T08:00:00Z')
  await Promise.all(Array.from({ length: 20 }, () => createAccessTokens({ settings, send: sabre.send, clock }).get(signal, 5_000)))
  expect(sabre.fetches()).toBe(20)
})

test('renews shortly before the token expires and not earlier, once for all who ask', async () => {
  const sabre = fakeSabre({ lifeSeconds: 3_600 })
  const { ask, clock } = wire(sabre.send)
  await ask()
  clock.advance(3_539_000)
  await ask()
  expect(sabre.fetches()).toBe(1)
  clock.advance(2_000)
  await Promise.all([ask(), ask(), ask()])
  expect(sabre.fetches()).toBe(2)
})

test('a refused token is renewed once for all who were refused, and their requests go again', async () => {
  const sabre = fakeSabre()
  const { ask } = wire(sabre.send)
  await ask()
  sabre.revoke()
  const replies = await Promise.all([ask(), ask(), ask()])
  expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200])
  expect(sabre.fetches()).toBe(2)
})

test('is refused a second time and leaves it at that', async () => {
  const requests: PartnerRequest[] = []
  const send: Send = (request) => {
    requests.push(request)
    return Promise.resolve(
      isToken(request) ? json(200, { access_token: 't', expires_in: 600 }) : json(401, { errorCode: 'ERR.2SG.SEC.INVALID_CREDENTIALS' }),
    )
  }
  expect((await wire(send).ask()).status).toBe(401)
  expect(requests.map((request) => (isToken(request) ? 'token' : 'call'))).toEqual(['token', 'call', 'token', 'call'])
})

test('one caller that gives up takes nothing from the others', async () => {
  const sabre = fakeSabre({ delayMs: 100 })
  const { deps } = wire(sabre.send)
  const impatient = new AbortController()
  const first = deps.tokens.get(impatient.signal, 5_000)
  const second = deps.tokens.get(signal, 5_000)
  impatient.abort()
  await expect(first).rejects.toMatchObject({ fault: 'timeout' })
  expect(await second).toBe('token-1')
  expect(sabre.fetches()).toBe(1)
})

test('waits for a token no longer than its own time', async () => {
  const { deps } = wire(fakeSabre({ delayMs: 2_000 }).send)
  await expect(deps.tokens.get(signal, 30)).rejects.toMatchObject({ fault: 'timeout' })
})

test.each([
  ['refuses us', () => Promise.resolve(json(401, { error: 'invalid_client' })), 'unauthorised'],
  ['is throttled', () => Promise.resolve(json(429, {})), 'throttled'],
  ['is broken', () => Promise.resolve(json(503, {})), 'unreachable'],
  ['says nothing that is a token', () => Promise.resolve(json(200, { access_token: 'x' })), 'malformed'],
  ['says nothing at all', () => Promise.reject(new PartnerError('cut_off', 'cut', { neverSent: false })), 'unreachable'],
] as const)(
  'a token that is not had is a fault of the read and proves that a write was not sent: the service %s',
  async (_, answer, fault) => {
    const { ask, deps } = wire(answer)
    await expect(ask()).rejects.toMatchObject({ name: 'ProviderError', fault })
    expect(await write(deps, { path: '/v1/any', body: {}, budget: createBudget(deps, 5_000) }, { signal })).toMatchObject({
      outcome: 'rejected',
      reason: 'not_sent',
    })
  },
)

test('after a failure the next caller tries again', async () => {
  let attempts = 0
  const send: Send = () => Promise.resolve((attempts += 1) === 1 ? json(503, {}) : json(200, { access_token: 'late', expires_in: 600 }))
  const { deps } = wire(send)
  await expect(deps.tokens.get(signal, 1_000)).rejects.toMatchObject({ fault: 'unreachable' })
  expect(await deps.tokens.get(signal, 1_000)).toBe('late')
})
