import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createVisitors } from './visitors.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

type Answer = { readonly status?: number; readonly body: string } | 'hang up'

function listen(answer: (url: URL, turn: number) => Answer): Promise<number> {
  let turn = 0
  const server = createServer((request, response) => {
    const given = answer(new URL(request.url!, 'http://bench'), (turn += 1))
    if (given === 'hang up') return void request.socket.destroy()
    response.writeHead(given.status ?? 200, { 'content-length': Buffer.byteLength(given.body) }).end(given.body)
  })
  servers.push(server)
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
}

function right(url: URL): Answer {
  const { origin, destination, departure_date } = Object.fromEntries(url.searchParams)
  const search = { origin, destination, departure_date, passengers: { adults: 1, children: 0, infants: 0 }, cabin: 'economy' }
  const sources = [{ provider: 'alpha', state: 'answered', offers: 2 }]
  return { body: JSON.stringify({ search, sources, total: 2, data: [{ slices: [{ origin, destination }] }] }) }
}

const dayOf = (n: number) => String(1 + (n % 28)).padStart(2, '0')
const path = (n: number) => `/v1/flights/offers?origin=CGK&destination=NRT&departure_date=2026-12-${dayOf(n)}&n=${n}`

test('everything is asked, each once, spread over the whole time, and every reply judged', async () => {
  const seen: number[] = []
  const port = await listen((url) => {
    seen.push(Number(url.searchParams.get('n')))
    return right(url)
  })
  const visitors = createVisitors(port, [{ name: 'cold', count: 60, path }])
  const begun = performance.now()
  await visitors.run(0.6)
  expect(performance.now() - begun).toBeGreaterThan(580)
  visitors.close()
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n))
  expect(visitors.tallies.get('cold')).toMatchObject({ asked: 60, answered: 60, partial: 0, incomplete: 0 })
  expect(visitors.tallies.get('cold')!.replies.get('alpha')).toBe(120)
  expect(visitors.errors()).toBe(0)
})

test('a wrong reply, a refusal and a connection that breaks are an error each, and the rest is asked all the same', async () => {
  const elsewhere = new URL('http://bench/?origin=CGK&destination=KIX&departure_date=2026-12-01')
  const port = await listen((url, turn) => {
    if (turn === 5) return right(elsewhere)
    if (turn === 10) return { status: 503, body: '{}' }
    if (turn === 15) return 'hang up'
    return right(url)
  })
  const visitors = createVisitors(port, [{ name: 'cold', count: 40, path }])
  await visitors.run(0.2)
  visitors.close()
  expect(visitors.errors()).toBe(3)
  expect(visitors.faults.join('\n')).toMatch(/answered CGK KIX[\s\S]*status 503[\s\S]*(closed|ECONNRESET|hang up)/)
  expect(visitors.tallies.get('cold')).toMatchObject({ asked: 40, answered: 39 })
})

test('a server that is not there is an error per question', async () => {
  const port = await listen(right)
  await new Promise((resolve) => servers.pop()!.close(resolve))
  const visitors = createVisitors(port, [{ name: 'cold', count: 5, path }])
  await visitors.run(0.05)
  visitors.close()
  expect(visitors.errors()).toBe(5)
})
