import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'

/** The first port from `preferred` upwards that is free, and who holds `preferred` when it is another one. */
export async function findPort(preferred: number): Promise<{ port: number; holder: string | null }> {
  for (let port = preferred; port < preferred + 100 && port < 65_536; port += 1) {
    if (await isFree(port)) return { port, holder: port === preferred ? null : await describeHolder(preferred) }
  }
  throw new Error(`The ports ${preferred} to ${preferred + 99} are all taken. Choose another with PORT=….`)
}

/** Free on every address: a server of somebody else's on [::] would answer for "localhost" in our place. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::'))
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    // Without IPv6 nobody can hold the port there.
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL'))
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })
}

/** "process 4711 (node)" when the system tells us, which it does on Linux for processes we may look at. */
async function describeHolder(port: number): Promise<string> {
  try {
    const inode = await findListener(port)
    const pid = inode && (await findOwner(inode))
    if (pid) return `process ${pid} (${(await readFile(`/proc/${pid}/comm`, 'utf8')).trim()})`
  } catch {
    // another system, or another user's process
  }
  return 'another program'
}

async function findListener(port: number): Promise<string | undefined> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(table, 'utf8')).split('\n')) {
      const fields = line.trim().split(/\s+/)
      if (fields[1]?.endsWith(suffix) && fields[3] === '0A') return fields[9]
    }
  }
  return undefined
}

async function findOwner(inode: string): Promise<string | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => [])
    const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')))
    if (links.includes(`socket:[${inode}]`)) return pid
  }
  return undefined
}
