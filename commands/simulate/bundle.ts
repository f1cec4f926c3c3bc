import { rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Inside node_modules, where the packages that the bundle leaves outside are found, and nobody looks for sources. */
const DIRECTORY = fileURLToPath(new URL('../../node_modules/.cache/farewire-simulate/', import.meta.url))

/**
 * What a thread runs, in one plain JavaScript file. tsx would do, but notes the name of every function at the moment it
 * is made, and worlds make them by the million. The file's path; it goes with this process, however that ends.
 */
export async function bundleThread(): Promise<string> {
  await mkdir(DIRECTORY, { recursive: true })
  const file = path.join(DIRECTORY, `thread-${process.pid}.mjs`)
  const entry = fileURLToPath(new URL('./thread.ts', import.meta.url))
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  })
  process.once('exit', () => rmSync(file, { force: true }))
  return file
}
