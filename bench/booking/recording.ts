import pg from 'pg'

/** A statement as it went to the server, and how many rows it read or changed there. */
export type Sent = { readonly text: string; readonly values: readonly unknown[]; readonly rows: number | null }

/** Every statement that pg sends while `work` runs, in order. Only for work that does one thing after the other. */
export async function recordStatements(work: () => Promise<unknown>): Promise<readonly Sent[]> {
  const sent: { text: string; values: unknown[]; rows: number | null }[] = []
  const client = pg.Client.prototype as unknown as {
    query: (this: pg.Client, ...given: unknown[]) => Promise<{ rowCount?: number | null }>
  }
  const { query } = client
  client.query = function record(this: pg.Client, text: unknown, values: unknown, ...rest: unknown[]) {
    const answer = query.call(this, text, values, ...rest)
    if (typeof text !== 'string') return answer
    const noted: (typeof sent)[number] = { text, values: Array.isArray(values) ? [...values] : [], rows: null }
    sent.push(noted)
    return answer.then((result) => {
      noted.rows = result.rowCount ?? null
      return result
    })
  }
  try {
    await work()
  } finally {
    client.query = query
  }
  return sent
}

/** What names one booking and what hangs on it: ids of ours, references, keys of requests, and the key of its travellers. */
const NAMES = /(?:bkg|itm|pay|evt|att|txn)_[0-9a-z]{26}|FW-[0-9A-Z]{6}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const FINGERPRINT = /^[\w-]{43}$/

type Part = string | { readonly name: number }
type Template = Omit<Sent, 'values'> & { readonly values: readonly (unknown | { readonly parts: readonly Part[] })[] }

/** The same statements for another booking each time: what names one is new, everything else is as it was recorded. */
export function toReplay(sent: readonly Sent[]): () => readonly Sent[] {
  const names: string[] = []
  const numberOf = (name: string): number => (names.includes(name) ? names.indexOf(name) : names.push(name) - 1)
  const templates: Template[] = sent.map(({ text, values, rows }) => ({
    text,
    rows,
    values: values.map((value) => {
      if (typeof value !== 'string') return value
      const found = FINGERPRINT.test(value) ? [value] : [...value.matchAll(NAMES)].map(([name]) => name)
      if (found.length === 0) return value
      const parts: Part[] = []
      let rest = value
      for (const name of found) {
        const at = rest.indexOf(name)
        parts.push(rest.slice(0, at), { name: numberOf(name) })
        rest = rest.slice(at + name.length)
      }
      return { parts: [...parts, rest] }
    }),
  }))
  let turn = 0
  return () => {
    turn += 1
    const own = names.map((name) => renew(name, turn))
    return templates.map(({ text, values, rows }) => ({
      text,
      rows,
      values: values.map((value) =>
        typeof value === 'object' && value !== null && 'parts' in value
          ? (value as { parts: readonly Part[] }).parts.map((part) => (typeof part === 'string' ? part : own[part.name]!)).join('')
          : value,
      ),
    }))
  }
}

/** Another name of the same form: its last characters count. */
function renew(name: string, turn: number): string {
  const isHex = name.includes('-') && name.length === 36
  const isReference = name.startsWith('FW-')
  const count = isHex ? turn.toString(16) : turn.toString(32)
  const tail = (isReference ? count.toUpperCase() : count).padStart(isReference ? 6 : 8, isReference ? 'Z' : '0')
  return name.slice(0, name.length - tail.length) + tail
}
