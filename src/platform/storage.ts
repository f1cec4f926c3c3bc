import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'

/** Where documents lie. A key is a path of plain names, "e-tickets/FW-7K3M9Q.pdf"; any other throws a RangeError. */
export type Storage = {
  /**
   * Keeps the bytes under the key, replacing what was there. Whoever reads sees the old bytes or the new ones, never a
   * part. `contentType` is for stores that hand files to browsers themselves; the file system keeps none.
   */
  readonly put: (key: string, bytes: Uint8Array, contentType: string) => Promise<void>
  /** The bytes under the key, or undefined when there are none. */
  readonly get: (key: string) => Promise<Buffer | undefined>
  readonly has: (key: string) => Promise<boolean>
}

/** Documents as files below a folder, which is made when it is missing. Survives a power cut: a put that resolved is on disk. */
export function createFileStorage(directory: string): Storage {
  const root = path.resolve(directory)
  const fileOf = (key: string): string => path.join(root, ...parseKey(key))
  return {
    put: async (key, bytes) => replaceFile(fileOf(key), bytes),
    get: async (key) => unlessMissing(readFile(fileOf(key))),
    has: async (key) => (await unlessMissing(stat(fileOf(key))))?.isFile() ?? false,
  }
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
const NAMES_MAX = 8

/** The names a key consists of. None is empty, begins with a dot or holds a separator, so none leads out of the folder. */
function parseKey(key: string): string[] {
  const names = key.split('/')
  if (names.length > NAMES_MAX || !names.every((name) => NAME.test(name)))
    throw new RangeError(`${JSON.stringify(key.slice(0, 200))} is not a storage key`)
  return names
}

async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  const directory = path.dirname(file)
  await mkdir(directory, { recursive: true })
  // A dot in front: no key leads to a file that is still being written.
  const fresh = path.join(directory, `.${randomUUID()}`)
  try {
    const handle = await open(fresh, 'wx', 0o640)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(fresh, file)
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
    throw error
  }
}
