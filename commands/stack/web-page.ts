import { execFile } from 'node:child_process'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { repository } from './home.ts'

const run = promisify(execFile)

const BUILD_MS = 180_000
const web = path.join(repository, 'web')

/** Where the built page is. */
export const webDirectory = path.join(web, 'dist')

/** Builds the web page when it is missing or older than what it is made from. True when it did. Throws with vite's own words. */
export async function buildWebPage(): Promise<boolean> {
  const builtAt = await modifiedAt(path.join(webDirectory, 'index.html'))
  const sources = [
    path.join(web, 'src'),
    path.join(web, 'public'),
    ...['index.html', 'vite.config.ts', 'package.json'].map((file) => path.join(web, file)),
  ]
  const changedAt = Math.max(...(await Promise.all(sources.map(newestIn))))
  if (builtAt > changedAt) return false
  const require = createRequire(path.join(web, 'package.json'))
  const vite = path.join(path.dirname(require.resolve('vite/package.json')), 'bin/vite.js')
  // Built aside and put in place whole: another process may be serving, or building, at the same moment.
  const fresh = path.join(repository, `.farewire/web-${process.pid}`)
  await mkdir(path.dirname(fresh), { recursive: true })
  try {
    await run(process.execPath, [vite, 'build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'], {
      cwd: web,
      timeout: BUILD_MS,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    })
    await rm(webDirectory, { recursive: true, force: true })
    await rename(fresh, webDirectory).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error // another build was put in place in between
    })
  } catch (error) {
    const said = error as { stderr?: string; stdout?: string; message: string }
    throw new Error(`The web page could not be built:\n${(said.stderr || said.stdout || said.message).trim()}`, { cause: error })
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return true
}

async function newestIn(file: string): Promise<number> {
  const entries = await readdir(file, { withFileTypes: true, recursive: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  return Math.max(await modifiedAt(file), ...(await Promise.all(files.map(modifiedAt))))
}

async function modifiedAt(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.mtimeMs ?? 0
}
