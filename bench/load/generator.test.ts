import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { latencies } from '../statistics.ts'
import { toRequest } from './connection.ts'
import { ask, closedLoop, openLoop } from './generator.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

function listen(handle: (url: string) => string, status = 200): Promise<number> {
  const server = createServer((request, response) => {
    const body = handle(request.url!)
    response.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body)
  })
  servers.push(server)
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
}

test('a reply is kept whole, however many packets it comes in', async () => {
  const body = 'ä'.repeat(200_000)
  const port = await listen(() => body)
  const reply = await ask(port, toRequest('/'))
  expect(reply.status).toBe(200)
  expect(reply.body.toString('utf8') === body).toBe(true)
})

test('the open loop sends what is due and charges a stall to everyone it kept waiting', async () => {
  let answered = 0
  const port = await listen(() => {
    answered += 1
    // The server stands still once, for 100 ms, in which 100 more requests are due.
    if (answered === 100) for (const begun = performance.now(); performance.now() - begun < 100;);
    return 'ok'
  })
  const run = await openLoop({ port, draw: () => toRequest('/'), seconds: 0.5, perSecond: 1_000 })
  expect(run.requests).toBe(500)
  expect([...run.latencies].filter((ms) => ms > 30).length).toBeGreaterThan(40)
  expect(latencies(run.latencies).max).toBeGreaterThan(90)
})

test('the closed loop asks for something new each time', async () => {
  const seen = new Set<string>()
  const port = await listen((url) => {
    seen.add(url)
    return 'ok'
  })
  let turn = 0
  const run = await closedLoop({ port, draw: () => toRequest(`/${turn++}`), seconds: 0.1 })
  expect(run.requests).toBe(seen.size)
  expect(run.bodyBytes).toBe(2 * run.requests)
})

test('a server that refuses under load gives no figures', async () => {
  const port = await listen(() => 'no', 503)
  await expect(closedLoop({ port, draw: () => toRequest('/'), seconds: 0.05 })).rejects.toThrow('a server answered 503')
})
