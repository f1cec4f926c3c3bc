import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../kernel/time.ts'
import { recordPartner } from './partner-recorder.ts'
import { createPartner, PartnerError, type Partner, type PartnerOptions, type PartnerRequest } from './partner.ts'

const opened: { close: () => unknown }[] = []
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'farewire-partner-'))
})
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  await rm(folder, { recursive: true, force: true })
})

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.push(server)
  return (server.address() as AddressInfo).port
}

function partner(options: Partial<PartnerOptions> = {}): Partner {
  const made = createPartner({ name: 'Alpha', concurrentMax: 4, breakAfter: 100, ...options })
  opened.push(made)
  return made
}

const request = (port: number, changes: Partial<PartnerRequest> = {}): PartnerRequest => ({
  method: 'GET',
  url: `http://127.0.0.1:${port}/`,
  headers: {},
  timeoutMs: 5_000,
  replyBytesMax: 10_000,
  ...changes,
})
const never = new AbortController().signal

describe('a call is made again only where that is provably safe', () => {
  /** Cuts the first connection, answers afterwards; counts what came. */
  function flaky(): { listener: RequestListener; calls: () => number } {
    let calls = 0
    const listener: RequestListener = (_, response) => {
      calls += 1
      if (calls === 1) response.destroy()
      else response.end('ok')
    }
    return { listener, calls: () => calls }
  }

  test('a read whose connection broke is sent again, once', async () => {
    const { listener, calls } = flaky()
    const port = await listen(createServer(listener))
    expect((await partner({ retries: 1 }).send(request(port), never)).body).toBe('ok')
    expect(calls()).toBe(2)
  })

  test('a write whose connection broke is not: nobody knows what it did', async () => {
    const { listener, calls } = flaky()
    const port = await listen(createServer(listener))
    await expect(partner({ retries: 1 }).send(request(port, { method: 'POST' }), never)).rejects.toMatchObject({ fault: 'cut_off' })
    expect(calls()).toBe(1)
  })

  test('a POST that is a read says so', async () => {
    const { listener } = flaky()
    const port = await listen(createServer(listener))
    expect((await partner({ retries: 1 }).send(request(port, { method: 'POST', isRead: true }), never)).body).toBe('ok')
  })

  test('an answer is an answer, whatever its status, and the deadline holds over all tries together', async () => {
    let calls = 0
    const port = await listen(
      createServer((_, response) => {
        calls += 1
        response.statusCode = 503
        response.end()
      }),
    )
    expect((await partner({ retries: 3 }).send(request(port), never)).status).toBe(503)
    expect(calls).toBe(1)
    const begun = performance.now()
    await expect(partner({ retries: 50 }).send(request(1, { timeoutMs: 300 }), never)).rejects.toBeInstanceOf(PartnerError)
    expect(performance.now() - begun).toBeLessThan(2_000)
  })
})

describe('a reply that was packed for the way', () => {
  const packed =
    (encoding: string, body: Buffer): RequestListener =>
    (_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body)

  test.each([
    ['gzip', gzipSync('hello')],
    ['deflate', deflateSync('hello')],
    ['br', brotliCompressSync('hello')],
  ])('is read as it was before: %s', async (encoding, body) => {
    const port = await listen(createServer(packed(encoding, body)))
    expect((await partner().send(request(port), never)).body).toBe('hello')
  })

  test('is refused when it would unpack to more than is allowed, is cut short, or packed in a way nobody knows', async () => {
    const bomb = await listen(createServer(packed('gzip', gzipSync(Buffer.alloc(5_000_000)))))
    await expect(partner().send(request(bomb), never)).rejects.toMatchObject({ fault: 'too_large', neverSent: false })
    const cut = await listen(createServer(packed('gzip', gzipSync('hello').subarray(0, 12))))
    await expect(partner().send(request(cut), never)).rejects.toMatchObject({ fault: 'cut_off' })
    const odd = await listen(createServer(packed('constructor', Buffer.from('hello'))))
    await expect(partner().send(request(odd), never)).rejects.toMatchObject({ fault: 'cut_off' })
  })
})

test('a call beyond the rate is refused unsent, which the caller is told', async () => {
  const port = await listen(createServer((_, response) => response.end('ok')))
  const refusing = partner({ rate: { take: async () => false } })
  await expect(refusing.send(request(port), never)).rejects.toMatchObject({ fault: 'overloaded', neverSent: true })
})

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

test.skipIf(!hasOpenssl)('a partner that wants to know who calls is shown our certificate, and one without it is turned away', async () => {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    'req',
    '-x509',
    ...ec,
    '-days',
    '2',
    '-subj',
    '/CN=127.0.0.1',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
    '-keyout',
    'server.key',
    '-out',
    'server.pem',
  )
  openssl('req', '-x509', ...ec, '-days', '2', '-subj', '/CN=farewire', '-keyout', 'client.key', '-out', 'client.pem')
  const pem = (name: string) => readFile(path.join(folder, name), 'utf8')
  const [serverKey, ca, key, cert] = await Promise.all(['server.key', 'server.pem', 'client.key', 'client.pem'].map(pem))
  const port = await listen(
    createTlsServer({ key: serverKey!, cert: ca!, requestCert: true, rejectUnauthorized: true, ca: cert! }, (_, response) =>
      response.end('hello'),
    ),
  )
  const url = `https://127.0.0.1:${port}/`
  expect((await partner({ tls: { key: key!, cert: cert!, ca: ca! } }).send(request(port, { url }), never)).body).toBe('hello')
  await expect(partner({ tls: { ca: ca! } }).send(request(port, { url }), never)).rejects.toBeInstanceOf(PartnerError)
})

test('recordings hold what went out and came back without people and secrets, and never more than so many', async () => {
  const port = await listen(createServer((_, response) => response.end('{"given_name":"Budi","total":"412.50"}')))
  const { send } = partner()
  const recorded = recordPartner('Alpha Air', send, { directory: folder, clock: systemClock, filesMax: 3 })
  const body = '{"surname":"Santoso"}'
  for (let i = 0; i < 6; i += 1)
    await recorded(request(port, { method: 'POST', headers: { authorization: 'Bearer hunter2' }, body }), never)
  await expect(recorded(request(1), never)).rejects.toBeInstanceOf(PartnerError)
  const files = await until(
    async () => (await readdir(path.join(folder, 'alpha-air'))).toSorted(),
    (names) => names.length === 3 && names.at(-1)!.includes('000007'),
  )
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, 'alpha-air', file), 'utf8')))
  expect(texts.join()).not.toMatch(/Budi|Santoso|hunter2/)
  expect(JSON.parse(texts[0]!)).toMatchObject({
    request: { method: 'POST' },
    reply: { status: 200, body: expect.stringContaining('412.50') },
  })
  expect(JSON.parse(texts[2]!)).toMatchObject({ reply: null, failure: expect.stringContaining('failed') })
})

async function until<T>(ask: () => Promise<T>, accept: (seen: T) => boolean): Promise<T> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const seen = await ask()
    if (accept(seen)) return seen
    if (performance.now() > deadline) throw new Error(`last seen: ${JSON.stringify(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
