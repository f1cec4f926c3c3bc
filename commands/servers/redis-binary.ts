import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { canRun, isRoot } from './system-user.ts'

const run = promisify(execFile)

const INSTALL_MS = 300_000
const LOCK_SECONDS = 120

/** A program that is a Redis server, with what it needs to find its libraries. */
export type RedisBinary = { readonly command: string; readonly environment: Record<string, string> }

/** Where programs are kept that we fetched ourselves. */
const CACHE = fileURLToPath(new URL('../../.farewire/cache', import.meta.url))

/**
 * A Redis or Valkey server for this machine: one on the PATH; as root on Debian the package redis-tools, installed when
 * missing; else the same package unpacked into a folder of ours. `say` is told before it takes longer than a moment. Throws an error that names the options.
 */
export async function findRedisBinary(say: (message: string) => void = () => undefined): Promise<RedisBinary> {
  const faults: string[] = []
  for (const find of [findOnPath, findInTools, findUnpacked, installTools, unpackTools]) {
    try {
      const binary = await find(say)
      if (binary) return binary
    } catch (error) {
      faults.push(String((error as { stderr?: string }).stderr || (error as Error).message).trim())
    }
  }
  throw new Error(
    [
      'No Redis server was found, and none could be installed. Any one of these helps:',
      '  apt-get install redis-tools   (Debian, Ubuntu; as root)',
      '  brew install redis            (macOS)',
      '  docker compose up             (the whole stack in containers)',
      '  REDIS_URL=redis://… REDIS_STATE_URL=redis://…   points Farewire at servers of yours',
      ...faults.map((fault) => `What was tried last said: ${fault}`),
    ].join('\n'),
  )
}

function isServer(command: string, environment: Record<string, string> = {}): boolean {
  return (
    existsSync(command) &&
    canRun('/usr/bin/env', [...Object.entries(environment).map(([name, value]) => `${name}=${value}`), command, '--version'])
  )
}

async function findOnPath(): Promise<RedisBinary | undefined> {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/local/bin', '/opt/homebrew/bin']
  const commands = ['valkey-server', 'redis-server'].flatMap((name) => folders.map((folder) => path.join(folder, name)))
  const command = commands.find((candidate) => isServer(candidate))
  return command === undefined ? undefined : { command, environment: {} }
}

/**
 * Debian's redis-tools holds the server too: redis-check-rdb looks at the name it is started under. The link is all
 * that the package redis-server adds, besides a system service that we do not want.
 */
async function findInTools(): Promise<RedisBinary | undefined> {
  return isServerUnderItsName('/usr/bin/redis-check-rdb', path.join(CACHE, 'bin/redis-server'), {})
}

async function isServerUnderItsName(program: string, link: string, environment: Record<string, string>): Promise<RedisBinary | undefined> {
  if (!existsSync(program)) return undefined
  if (!isServer(link, environment)) {
    await mkdir(path.dirname(link), { recursive: true })
    const fresh = `${link}.${process.pid}`
    await rm(fresh, { force: true })
    await symlink(program, fresh)
    await rename(fresh, link)
  }
  return isServer(link, environment) ? { command: link, environment } : undefined
}

async function findUnpacked(): Promise<RedisBinary | undefined> {
  const root = path.join(CACHE, 'redis')
  const folders = (await readdir(path.join(root, 'usr/lib')).catch(() => [])).map((name) => path.join(root, 'usr/lib', name))
  return isServerUnderItsName(path.join(root, 'usr/bin/redis-check-rdb'), path.join(root, 'redis-server'), {
    LD_LIBRARY_PATH: folders.join(':'),
  })
}

async function installTools(say: (message: string) => void): Promise<RedisBinary | undefined> {
  if (!isRoot() || !existsSync('/usr/bin/apt-get')) return undefined
  say('Redis is missing: installing the Debian package redis-tools')
  const install = () => apt(['install', '--yes', '--no-install-recommends', 'redis-tools'])
  await install().catch(async () => {
    await apt(['update'])
    await install()
  })
  return findInTools()
}

/** What redis-check-rdb needs and a small Debian may lack. */
const PACKAGES = ['redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1']

async function unpackTools(say: (message: string) => void): Promise<RedisBinary | undefined> {
  if (!existsSync('/usr/bin/apt-get')) return undefined
  say('Redis is missing: fetching the Debian package redis-tools into a folder of ours')
  const downloads = path.join(CACHE, `downloads.${process.pid}`)
  const root = path.join(CACHE, 'redis')
  await mkdir(downloads, { recursive: true })
  try {
    await apt(['download', ...PACKAGES], downloads).catch(async () => {
      const own = await ownLists(downloads)
      await apt([...own, 'update'], downloads)
      await apt([...own, 'download', ...PACKAGES], downloads)
    })
    await mkdir(root, { recursive: true })
    const archives = (await readdir(downloads)).filter((file) => file.endsWith('.deb'))
    for (const archive of archives) await run('dpkg', ['-x', path.join(downloads, archive), root], { timeout: INSTALL_MS })
    return await findUnpacked()
  } finally {
    await rm(downloads, { recursive: true, force: true })
  }
}

/** Package lists in a folder of ours: an ordinary user may not refresh the system's. */
async function ownLists(folder: string): Promise<string[]> {
  await mkdir(path.join(folder, 'lists/partial'), { recursive: true })
  await mkdir(path.join(folder, 'cache/archives/partial'), { recursive: true })
  return ['-o', `Dir::State::lists=${folder}/lists`, '-o', `Dir::Cache=${folder}/cache`]
}

async function apt(args: readonly string[], workingDirectory = '/'): Promise<void> {
  await run('apt-get', ['-o', `DPkg::Lock::Timeout=${LOCK_SECONDS}`, '-q', ...args], {
    cwd: workingDirectory,
    timeout: INSTALL_MS,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}
