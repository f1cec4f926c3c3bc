import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { homeIn, type Home } from './home.ts'

const PREFIX = 'farewire-'

/** A home for one run of one process, with the way to remove it. Also removes those whose process was killed before it could. */
export async function makeTemporaryHome(purpose: string): Promise<Home & { remove: () => Promise<void> }> {
  // As root the database runs as another user, who may not enter root's own temporary folder.
  const base = process.getuid?.() === 0 ? '/tmp' : tmpdir()
  await removeAbandoned(base)
  const directory = await mkdtemp(path.join(base, `${PREFIX}${purpose}-${process.pid}-`))
  await chmod(directory, 0o755)
  return { ...homeIn(directory), remove: () => rm(directory, { recursive: true, force: true }) }
}

async function removeAbandoned(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const pid = Number(/^farewire-[a-z]+-(\d+)-/.exec(name)?.[1])
    if (!pid || isAlive(pid)) continue
    await rm(path.join(base, name), { recursive: true, force: true }).catch(() => undefined) // another user's
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
