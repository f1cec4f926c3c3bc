import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Home } from './stack/home.ts'
import type { Stack } from './stack.ts'

/** What `npm start` leaves for other commands to find it by. */
export type Running = { readonly pid: number; readonly startedAt: string; readonly urls: Stack['urls'] }

function fileOf(home: Home): string {
  return path.join(home.directory, 'running.json')
}

export async function noteRunning(home: Home, urls: Stack['urls']): Promise<void> {
  const running: Running = { pid: process.pid, startedAt: new Date().toISOString(), urls }
  await mkdir(home.directory, { recursive: true })
  const fresh = `${fileOf(home)}.${process.pid}`
  await writeFile(fresh, `${JSON.stringify(running, null, 2)}\n`)
  await rename(fresh, fileOf(home))
}

/** The stack that runs on this home, or undefined; a note left by one that was killed is not believed. */
export async function findRunning(home: Home): Promise<Running | undefined> {
  try {
    const running = JSON.parse(await readFile(fileOf(home), 'utf8')) as Running
    const reply = await fetch(`${running.urls.api}/health/ready`, { signal: AbortSignal.timeout(3_000) })
    return reply.ok ? running : undefined
  } catch {
    return undefined
  }
}

/** Removes our own note, and leaves that of a process which has taken over since. */
export async function forgetRunning(home: Home): Promise<void> {
  try {
    const { pid } = JSON.parse(await readFile(fileOf(home), 'utf8')) as Running
    if (pid === process.pid) await rm(fileOf(home), { force: true })
  } catch {
    // there is none
  }
}
