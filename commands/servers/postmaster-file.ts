import { readFile, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a server whose owner has died may take to notice and to write its last checkpoint. */
const FAREWELL_MS = 6_000

/**
 * Clears the way for a server in `data`. A postmaster.pid left by a crash is removed when no server answers to it, even
 * if its process number has been given to another program since. Throws when a server does run there.
 */
export async function clearPostmasterFile(data: string): Promise<void> {
  const file = path.join(data, 'postmaster.pid')
  const giveUpAt = performance.now() + FAREWELL_MS
  for (;;) {
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
    const pid = Number(lines[0])
    if (!pid) return
    if (!(await isServing(pid, Number(lines[3]), data))) return rm(file, { force: true })
    if (performance.now() > giveUpAt) {
      throw new Error(
        `Another \`npm start\` is running on the data in ${path.dirname(data)} (Postgres is process ${pid}). Stop that one first, or give this one a folder of its own with FAREWIRE_HOME.`,
      )
    }
    await sleep(200)
  }
}

async function isServing(pid: number, port: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform === 'linux') {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return command.includes(data)
  }
  return isListening(port)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new Socket()
    const settle = (listening: boolean) => {
      socket.destroy()
      resolve(listening)
    }
    socket.setTimeout(500, () => settle(false))
    socket.once('error', () => settle(false))
    socket.connect(port, '127.0.0.1', () => settle(true))
  })
}
