import { createTransport } from 'nodemailer'
import { toDate, type Clock } from '../kernel/time.ts'

/**
 * A mail that did not leave. `permanent`: the server refused it for good (5xx) or the address is none, so that trying
 * again is useless; otherwise the same mail may be handed in again. The message names no recipient.
 */
export class MailError extends Error {
  readonly permanent: boolean

  constructor(message: string, options: { permanent: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'MailError'
    this.permanent = options.permanent
  }
}

export type Mail = {
  /** What the mail tells of; the same name gives the same Message-ID, by which a mailbox recognises a repetition. */
  readonly name: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly attachments?: readonly { readonly filename: string; readonly content: Uint8Array; readonly contentType: string }[]
}

export type PostOptions = {
  readonly smtpUrl: string
  readonly from: string
  readonly clock: Clock
  readonly timeouts?: Partial<PostTimeouts>
}

/** Milliseconds. The last three are between two signs of life of the server; `totalMs` is for the whole mail. */
export type PostTimeouts = {
  readonly totalMs: number
  readonly connectionMs: number
  readonly greetingMs: number
  readonly silenceMs: number
}

const TIMEOUTS: PostTimeouts = { totalMs: 30_000, connectionMs: 5_000, greetingMs: 5_000, silenceMs: 15_000 }

/** One address and nothing else: what is refused here is what mail programs read as lists, names, comments or headers. */
const ADDRESS = /^[^\s<>()[\]\\,;:"@]{1,64}@[^\s<>()[\]\\,;:"@]{1,255}$/u

/** Hands mails to an SMTP server, one connection each; throws {@link MailError}. */
export function createPost(options: PostOptions): (mail: Mail) => Promise<void> {
  const timeouts = { ...TIMEOUTS, ...options.timeouts }
  const transport = createTransport({
    url: options.smtpUrl,
    connectionTimeout: timeouts.connectionMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.silenceMs,
    dnsTimeout: timeouts.connectionMs,
    // A mail holds what it is given; it never fetches a file or a page.
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof createTransport>[0])
  const domain = /@([^\s>]+)>?\s*$/.exec(options.from)?.[1]
  if (domain === undefined) throw new RangeError(`"${options.from}" is not a sender such as "Farewire <tickets@farewire.example>"`)

  return async (mail) => {
    if (!ADDRESS.test(mail.to)) throw new MailError('the recipient is not one mail address', { permanent: true })
    if (!/^[\w.-]+$/.test(mail.name)) throw new RangeError(`"${mail.name}" cannot name a mail`)
    const handed = transport.sendMail({
      messageId: `<${mail.name}@${domain}>`,
      date: toDate(options.clock.now()),
      from: options.from,
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      attachments: (mail.attachments ?? []).map(({ filename, content, contentType }) => ({
        filename,
        content: Buffer.from(content),
        contentType,
      })),
    })
    try {
      await within(timeouts.totalMs, handed)
    } catch (error) {
      throw toMailError(error)
    }
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the mail server took more than ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    // Whoever comes too late is not listened to any more; its failure must not bring the process down.
    work.catch(() => undefined)
  }
}

function toMailError(error: unknown): MailError {
  const { responseCode, code } = error as { responseCode?: number; code?: string }
  if (responseCode !== undefined)
    return new MailError(`the mail server answered ${responseCode}`, { permanent: responseCode >= 500, cause: error })
  const reason = code ?? (error instanceof Error ? error.message : String(error))
  return new MailError(`the mail server could not be reached or stopped answering (${reason})`, { permanent: false, cause: error })
}
