import { connect, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { sellerOf } from '../../test/support/fake-seller.ts'
import { nonstop } from '../../test/support/flight-offers.ts'
import { ROUTE, searchOver } from '../../test/support/searching.ts'
import { createStoppedClock } from '../kernel/time.ts'
import { searchRoutes, type Search } from './index.ts'

/*
 * Answers lie in memory that is used again when they have left. A reader who does not read keeps thousands of them from
 * leaving, while others go on asking.
 */

let app: FastifyInstance
afterEach(() => app.close())

const SLOW_REQUESTS = 400
const OTHERS = 3_000

async function serve(change: (search: Search) => Search = (search) => search): Promise<{ search: Search; port: number }> {
  const offers = Array.from({ length: 300 }, (_, i) => nonstop('GA', String(i), 100 + i))
  const made = searchOver([sellerOf('alpha', offers)], {
    clock: createStoppedClock('2026-11-01T00:00:00Z'),
    config: { answersBytesMax: 0 },
  })
  const search = change(made)
  app = Fastify()
  await app.register(searchRoutes, { prefix: '/v1', search })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { search: made, port: (app.server.address() as AddressInfo).port }
}

const queryOf = (i: number) => `${ROUTE}&limit=${50 + (i % 50)}&max_price=${200 + (i % 97)}`

async function bodyOf(search: Search, query: string): Promise<string> {
  const answer = await search.searchOffers(search.parse(query), { coding: null, waitMs: 0, knownTag: null, signal: null })
  return answer.body.toString('utf8')
}

/** The bodies of the responses that are there whole, one after the other. */
function readBodies(bytes: Buffer): string[] {
  const bodies: string[] = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n\r\n', at)
    if (end < 0) break
    const length = Number(/content-length: (\d+)/i.exec(bytes.toString('latin1', at, end))?.[1])
    at = end + 4 + length
    if (at <= bytes.length) bodies.push(bytes.toString('utf8', end + 4, at))
  }
  return bodies
}

async function readSlowly(port: number, search: Search): Promise<{ told: string[]; expected: string[] }> {
  const expected: string[] = []
  for (let i = 0; i < SLOW_REQUESTS; i += 1) expected.push(await bodyOf(search, queryOf(i)))
  const socket: Socket = connect(port, '127.0.0.1')
  socket.pause()
  for (let i = 0; i < SLOW_REQUESTS; i += 1) socket.write(`GET /v1/flights/offers?${queryOf(i)} HTTP/1.1\r\nhost: x\r\n\r\n`)
  // The others are served while the slow one's answers wait in the server.
  for (let i = 0; i < OTHERS / 50; i += 1)
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        fetch(`http://127.0.0.1:${port}/v1/flights/offers?${queryOf(7 * i + n)}`).then((reply) => reply.text()),
      ),
    )
  const wanted = expected.reduce((sum, body) => sum + Buffer.byteLength(body), 0)
  const chunks: Buffer[] = []
  let bytes = 0
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      // Heads come on top: a few hundred bytes each.
      if (bytes >= wanted + SLOW_REQUESTS * 150 && readBodies(Buffer.concat(chunks)).length >= SLOW_REQUESTS) resolve()
    })
    socket.resume()
  })
  socket.destroy()
  return { told: readBodies(Buffer.concat(chunks)), expected }
}

test('a reader who reads late gets what was answered, though thousands were answered since', async () => {
  const { port, search } = await serve()
  const { told, expected } = await readSlowly(port, search)
  expect(told.length).toBe(expected.length)
  expect(told.every((body, i) => body === expected[i])).toBe(true)
}, 60_000)

test('would not, if memory were given back before it has left: the test above can fail', async () => {
  const { port, search } = await serve((made) => ({
    ...made,
    searchOffers: (asked, options) => {
      const answer = made.searchOffers(asked, options)
      if (answer instanceof Promise || answer.giveBack === null) return answer
      answer.giveBack()
      return { ...answer, giveBack: null }
    },
  }))
  const { told, expected } = await readSlowly(port, search)
  expect(told.every((body, i) => body === expected[i])).toBe(false)
}, 60_000)
