import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { toIso, type Clock } from '../kernel/time.ts'
import type { PartnerReply, PartnerRequest, Send } from './partner.ts'
import { redactHeaders, redactMessage, redactUrl } from './redact.ts'

export type RecorderOptions = {
  /** Where recordings lie, one folder for each partner. */
  readonly directory: string
  readonly clock: Clock
  /** The oldest goes when there are more of a partner's. */
  readonly filesMax?: number
  readonly onError?: (error: Error) => void
}

const FILES_MAX = 500
/** What is longer says nothing that its beginning does not, but fills a disk. */
const BYTES_MAX = 4 * 1024 * 1024

/**
 * A `send` that also writes what went out and came back to disk, without people and secrets, for tests to come. A call
 * waits for no disk and fails for none.
 */
export function recordPartner(name: string, send: Send, options: RecorderOptions): Send {
  const folder = path.join(options.directory, name.toLowerCase().replace(/[^a-z0-9]+/g, '-'))
  const onError = options.onError ?? (() => undefined)
  let sequence = 0
  let writing: Promise<void> = mkdir(folder, { recursive: true }).then(() => undefined, onError)

  const keep = (request: PartnerRequest, reply: PartnerReply | null, failure: string | null): void => {
    sequence += 1
    const at = toIso(options.clock.now())
    const file = `${at.replace(/[:.]/g, '-')}-${String(sequence).padStart(6, '0')}.json`
    writing = writing
      .then(() => write(path.join(folder, file), toRecording(at, request, reply, failure)))
      .then(() => prune(folder, options.filesMax ?? FILES_MAX))
      .catch(onError)
  }
  return async (request, signal) => {
    try {
      const reply = await send(request, signal)
      keep(request, reply, null)
      return reply
    } catch (error) {
      keep(request, null, error instanceof Error ? error.message : String(error))
      throw error
    }
  }
}

function toRecording(at: string, request: PartnerRequest, reply: PartnerReply | null, failure: string | null): object {
  const short = (text: string): string => redactMessage(text.slice(0, BYTES_MAX))
  return {
    at,
    request: {
      method: request.method,
      url: redactUrl(request.url),
      headers: redactHeaders(request.headers),
      body: request.body === undefined ? null : short(request.body),
    },
    reply: reply && { status: reply.status, headers: redactHeaders(reply.headers), body: short(reply.bytes.toString('utf8')) },
    failure,
  }
}

async function write(file: string, recording: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(recording, null, 2)}\n`, { mode: 0o600 })
}

async function prune(folder: string, filesMax: number): Promise<void> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).toSorted()
  for (const file of files.slice(0, Math.max(0, files.length - filesMax))) await rm(path.join(folder, file), { force: true })
}
