import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startJourneyStack, type JourneyStack } from '../support/journey.ts'

let stack: JourneyStack

beforeAll(async () => {
  stack = await startJourneyStack({ hasWebPage: true })
})
afterAll(() => stack?.close())

type Raw = { status: number; headers: Record<string, string | string[] | undefined>; bytes: number }

/** As a browser asks, without anything being unpacked on the way. */
function get(path: string, encoding: string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const asking = request(stack.urls.api + path, { headers: { 'accept-encoding': encoding } }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes }))
    })
    asking.on('error', reject)
    asking.end()
  })
}

async function findScript(): Promise<string> {
  const page = await (await fetch(stack.urls.api)).text()
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1]
  if (!script) throw new Error('the page names no script')
  return script
}

test('scripts are sent as small as the browser can take them, and kept for ever', async () => {
  const script = await findScript()
  const [brotli, gzip, plain] = [await get(script, 'br, gzip'), await get(script, 'gzip'), await get(script, 'identity')]
  expect([brotli, gzip, plain].map((one) => one.headers['content-encoding'])).toEqual(['br', 'gzip', undefined])
  expect(brotli.bytes).toBeLessThan(gzip.bytes)
  expect(gzip.bytes).toBeLessThan(plain.bytes / 2)
  for (const one of [brotli, gzip, plain]) {
    expect(one.headers['content-type']).toContain('javascript')
    expect(one.headers['cache-control']).toContain('immutable')
  }
  expect(String(brotli.headers['vary']).toLowerCase()).toContain('accept-encoding')
})

test.each(['/', '/flights?origin=CGK', '/book/off_1', '/trips/bkg_1'])(
  '%s is the page itself, never kept, with a policy that lets nothing else in',
  async (path) => {
    const page = await get(path, 'identity')
    expect(page.status).toBe(200)
    expect(page.headers['content-type']).toContain('text/html')
    expect(page.headers['cache-control']).toBe('no-cache')
    expect(page.headers['content-security-policy']).toContain("default-src 'self'")
  },
)

test('an address that is nobody’s is a problem document, not the page', async () => {
  const reply = await get('/no-such-page', 'identity')
  expect(reply.status).toBe(404)
  expect(reply.headers['content-type']).toContain('application/problem+json')
})

test('the page is told that nothing here is real', async () => {
  expect((await stack.call('GET', '/v1/site')).body).toEqual({ sandbox: true, currency: 'USD' })
})
