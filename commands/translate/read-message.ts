import { readFile, stat } from 'node:fs/promises'

/** A message that cannot be read or understood; its text is for the person at the terminal. */
export class NotUnderstood extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotUnderstood'
  }
}

/** Far above anything a supplier is allowed to send; what is larger is not a message. */
const BYTES_MAX = 64 * 1024 * 1024

/** The text of a file, or of standard input for "-". Throws {@link NotUnderstood} naming what is wrong. */
export async function readMessage(source: string, input: AsyncIterable<Buffer>): Promise<string> {
  const name = source === '-' ? 'standard input' : source
  const bytes = source === '-' ? await readAll(input) : await readWhole(source)
  const text = decode(bytes)
  if (text.trim() === '') throw new NotUnderstood(`${name} is empty`)
  return text
}

async function readAll(input: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of input) {
    size += chunk.length
    if (size > BYTES_MAX) throw tooLarge('standard input')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function readWhole(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file)
    if (size > BYTES_MAX) throw tooLarge(file)
    return await readFile(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new NotUnderstood(`there is no file ${file}`)
    if (code === 'EISDIR') throw new NotUnderstood(`${file} is a folder; name one message in it`)
    if (code === 'EACCES') throw new NotUnderstood(`${file} may not be read by this user`)
    throw error
  }
}

function tooLarge(name: string): NotUnderstood {
  return new NotUnderstood(`${name} is larger than ${BYTES_MAX / 1024 / 1024} MB, which no supplier may send`)
}

/** Bytes to text by their byte order mark, by the encoding an XML declaration names, else as UTF-8. */
function decode(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex')
  if (mark === 'fffe') return new TextDecoder('utf-16le').decode(bytes)
  if (mark === 'feff') return new TextDecoder('utf-16be').decode(bytes)
  const declared = /^\s*<\?xml[^>]*\sencoding=["']([\w.:-]+)["']/.exec(bytes.subarray(0, 200).toString('latin1'))?.[1]
  try {
    return new TextDecoder(declared ?? 'utf-8').decode(bytes)
  } catch {
    throw new NotUnderstood(`the message declares the encoding "${declared}", which is unknown here`)
  }
}
