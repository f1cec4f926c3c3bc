import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileStorage } from './storage.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'farewire-storage-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('gives back exactly the bytes that were put', async () => {
  const storage = createFileStorage(path.join(folder, 'not', 'yet', 'there'))
  const bytes = Buffer.from([0, 255, 10, 13, 37])
  await storage.put('e-tickets/FW-7K3M9Q-1a2b.pdf', bytes, 'application/pdf')
  expect(await storage.get('e-tickets/FW-7K3M9Q-1a2b.pdf')).toEqual(bytes)
  expect(await storage.has('e-tickets/FW-7K3M9Q-1a2b.pdf')).toBe(true)
})

test('has nothing under a key that was never put, nor under a folder', async () => {
  const storage = createFileStorage(folder)
  await storage.put('a/b/c', Buffer.from('x'), 'text/plain')
  for (const key of ['missing', 'a/missing', 'a/b', 'a/b/c/d']) {
    expect(await storage.get(key)).toBeUndefined()
    expect(await storage.has(key)).toBe(false)
  }
})

test.each([
  '',
  '/',
  '../secret',
  'a/../../secret',
  'a//b',
  '/etc/passwd',
  '.hidden',
  'a/.hidden',
  'a\\b',
  'a\0b',
  'C:x',
  'a/b/',
  'x'.repeat(200),
  'a/b/c/d/e/f/g/h/i',
  'nämë',
])('refuses the key %j, which could lead out of the folder or to a half-written file', async (key) => {
  const storage = createFileStorage(path.join(folder, 'inside'))
  await writeFile(path.join(folder, 'secret'), 'not for you')
  await expect(storage.put(key, Buffer.from('x'), 'text/plain')).rejects.toThrow(RangeError)
  await expect(storage.get(key)).rejects.toThrow(RangeError)
  await expect(storage.has(key)).rejects.toThrow(RangeError)
})

test('a reader never sees a part of what another is putting', async () => {
  const storage = createFileStorage(folder)
  const versions = [Buffer.alloc(2_000_000, 'a'), Buffer.alloc(2_000_000, 'b')]
  await storage.put('key', versions[0]!, 'text/plain')
  let writing = true
  const reads: Buffer[] = []
  const reader = (async () => {
    while (writing) reads.push((await storage.get('key'))!)
  })()
  for (let i = 0; i < 20; i += 1) await storage.put('key', versions[i % 2]!, 'text/plain')
  writing = false
  await reader
  expect(reads.length).toBeGreaterThan(0)
  for (const read of reads) expect(versions.some((version) => version.equals(read))).toBe(true)
})

test('leaves nothing behind when a put fails', async () => {
  const storage = createFileStorage(folder)
  await storage.put('taken/inside', Buffer.from('x'), 'text/plain')
  await expect(storage.put('taken', Buffer.from('y'), 'text/plain')).rejects.toThrow()
  expect(await readdir(folder)).toEqual(['taken'])
})
