import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { servePage } from './serve-page.ts'

const page = '<!doctype html><title>Farewire</title>'
const script = `export const words = ${JSON.stringify('one '.repeat(200))}`
const font = 'not a text'
const forEver = 'public, max-age=31536000, immutable'

let directory: string
let app: FastifyInstance

beforeAll(async () => {
  // A folder of that name above the page must not make the page itself an asset.
  directory = path.join(await mkdtemp(path.join(tmpdir(), 'farewire-page-')), 'assets', 'dist')
  await mkdir(path.join(directory, 'assets'), { recursive: true })
  const write = (name: string, content: string | Buffer) => writeFile(path.join(directory, name), content)
  await write('index.html', page)
  await write('index.html.br', brotliCompressSync(page))
  await write('index.html.gz', gzipSync(page))
  await write('assets/main-1a2b.js', script)
  await write('assets/main-1a2b.js.br', brotliCompressSync(script))
  await write('assets/plex-3c4d.woff2', font)
  app = fastify()
  await servePage(app, directory)
})

afterAll(async () => {
  await app.close()
  await rm(path.resolve(directory, '..', '..'), { recursive: true })
})

/** Over a real connection: what is set on the raw answer and what the framework sets only meet there. */
async function get(url: string, acceptEncoding: string) {
  const address = app.server.listening ? app.listeningOrigin : await app.listen({ host: '127.0.0.1', port: 0 })
  const reply = await request(address + url, { headers: { 'accept-encoding': acceptEncoding } })
  return { status: reply.statusCode, headers: reply.headers, body: Buffer.from(await reply.body.arrayBuffer()) }
}

test('an asset comes as the build compressed it, to be kept for ever', async () => {
  const reply = await get('/assets/main-1a2b.js', 'gzip, deflate, br')
  expect(reply.status).toBe(200)
  expect(reply.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': expect.stringMatching(/^(text|application)\/javascript; charset=utf-8$/),
    'cache-control': forEver,
    vary: 'accept-encoding',
  })
  expect(brotliDecompressSync(reply.body).toString()).toBe(script)
})

test.each(['/', '/index.html', '/flights?origin=CGK', '/hotels', '/stays?place=BCN', '/stays/houses/hse_1', '/book/ofr_1', '/trips/bkg_1'])(
  '%s is the page, asked for anew each time',
  async (url) => {
    const reply = await get(url, 'gzip')
    expect(reply.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
    })
    expect(gunzipSync(reply.body).toString()).toBe(page)
  },
)

test.each([
  ['an encoding the build did not write', '/assets/main-1a2b.js', 'gzip', script],
  ['an encoding nobody writes', '/assets/main-1a2b.js', 'zstd', script],
  ['an encoding that is refused', '/assets/main-1a2b.js', 'br;q=0', script],
  ['a file that is not compressed', '/assets/plex-3c4d.woff2', 'gzip, br', font],
])('%s falls back to the file as it is', async (_, url, acceptEncoding, content) => {
  const reply = await get(url, acceptEncoding)
  expect(reply.status).toBe(200)
  expect(reply.headers['content-encoding']).toBeUndefined()
  expect(reply.headers).toMatchObject({ 'cache-control': forEver, vary: 'accept-encoding' })
  expect(reply.body.toString()).toBe(content)
})

test('a compressed file has no address of its own', async () => {
  expect((await get('/assets/main-1a2b.js.br', 'br')).status).toBe(404)
})

test('a browser that has the page is told so in a few bytes', async () => {
  const first = await app.inject({ url: '/', headers: { 'accept-encoding': 'br' } })
  const again = await app.inject({ url: '/', headers: { 'accept-encoding': 'br', 'if-none-match': String(first.headers.etag) } })
  expect(again.statusCode).toBe(304)
  expect(again.headers).toMatchObject({ 'cache-control': 'no-cache', vary: 'accept-encoding' })
})

test('a page that has not been built keeps nothing from starting', async () => {
  const bare = fastify()
  await servePage(bare, path.join(directory, 'nowhere'))
  expect((await bare.inject('/')).statusCode).toBe(404)
  await bare.close()
})
