import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPartner, type Partner } from './partner.ts'

let server: Server
let partner: Partner
let status = 200
let held: ServerResponse[] | null = null

beforeEach(async () => {
  status = 200
  held = null
  server = createServer((_, response) => {
    response.statusCode = status
    if (held === null) response.end('ok')
    else held.push(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  partner = createPartner({ name: 'Alpha', concurrentMax: 2, breakAfter: 2, breakForMs: 100 })
})
afterEach(async () => {
  await partner.close()
  server.close()
})

function call(): Promise<unknown> {
  const { port } = server.address() as AddressInfo
  const request = { method: 'GET', url: `http://127.0.0.1:${port}/`, headers: {}, timeoutMs: 5_000, replyBytesMax: 100 } as const
  return partner.send(request, new AbortController().signal).catch((error: unknown) => error)
}

test('says when the breaker refuses calls, when it would let one try, and when it has closed again', async () => {
  expect(partner.state().breaker).toBe('closed')
  status = 503
  await call()
  expect(partner.state().breaker).toBe('closed')
  await call()
  expect(partner.state().breaker).toBe('open')
  await sleep(120)
  expect(partner.state().breaker).toBe('half_open')
  await call()
  expect(partner.state().breaker).toBe('open')
  await sleep(120)
  status = 200
  await call()
  expect(partner.state().breaker).toBe('closed')
})

test('says how many calls are under way and how many wait for a place', async () => {
  held = []
  const calls = [call(), call(), call()]
  while (held.length < 2) await sleep(5)
  expect(partner.state()).toEqual({ breaker: 'closed', active: 2, queued: 1 })
  for (const response of held) response.end('ok')
  held = null
  await Promise.all(calls)
  expect(partner.state()).toEqual({ breaker: 'closed', active: 0, queued: 0 })
})
