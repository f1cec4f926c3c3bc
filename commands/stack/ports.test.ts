import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { findPort } from './ports.ts'

test.each(['127.0.0.1', '::'])('a port held on %s is passed over, and its holder is named', async (host) => {
  const holder = createServer()
  await new Promise<void>((resolve, reject) => {
    holder.once('error', reject)
    holder.listen(0, host, resolve)
  })
  try {
    const { port } = holder.address() as AddressInfo
    const found = await findPort(port)
    expect(found.port).toBeGreaterThan(port)
    expect(found.holder).toMatch(process.platform === 'linux' ? new RegExp(`^process ${process.pid} `) : /./)
  } finally {
    await new Promise((resolve) => holder.close(resolve))
  }
})

test('a port that is free is taken as it is', async () => {
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const { port } = holder.address() as AddressInfo
  await new Promise((resolve) => holder.close(resolve))
  expect(await findPort(port)).toEqual({ port, holder: null })
})
