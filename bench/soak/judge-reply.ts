import type { Reply } from '../load/connection.ts'

/** What a reply is worth. `fault`: why it is wrong; null when it answers what was asked. */
export type Verdict = {
  readonly fault: string | null
  /** Suppliers that were still being asked. */
  readonly pending: number
  /** Suppliers that could not or would not answer. */
  readonly missing: number
  /** Offers by supplier. */
  readonly offers: Readonly<Record<string, number>>
}

type Page = {
  readonly search: {
    readonly origin: string
    readonly destination: string
    readonly departure_date: string
    readonly passengers: Readonly<Record<string, number>>
    readonly cabin: string
  }
  readonly sources: readonly { readonly provider: string; readonly state: string; readonly offers: number }[]
  readonly total: number
  readonly data: readonly { readonly slices: readonly { readonly origin: string; readonly destination: string }[] }[]
}

/** Judges the reply to a path: status 200, the search that was asked, offers, and every one of them on its route. */
export function judgeReply(path: string, { status, body }: Pick<Reply, 'status' | 'body'>): Verdict {
  if (status !== 200) return wrong(`status ${status}: ${body.toString('utf8', 0, 200)}`)
  let page: Page
  try {
    page = JSON.parse(body.toString('utf8')) as Page
  } catch (error) {
    return wrong(`no JSON: ${(error as Error).message}`)
  }
  const asked = wordsOf(path)
  const answered = answeredWords(page)
  if (asked !== answered) return wrong(`asked ${asked}, answered ${answered}`)
  const pending = page.sources.filter(({ state }) => state === 'asked').length
  const missing = page.sources.filter(({ state }) => state !== 'asked' && state !== 'answered').length
  const offers = Object.fromEntries(page.sources.map((source) => [source.provider, source.offers]))
  const { origin, destination } = page.search
  const stranger = page.data.find(({ slices: [slice] }) => slice?.origin !== origin || slice.destination !== destination)
  const fault =
    stranger !== undefined
      ? `among the offers of ${origin}-${destination} is one of ${stranger.slices[0]?.origin}-${stranger.slices[0]?.destination}`
      : page.total > 0
        ? null
        : `no offers of ${origin}-${destination}`
  return { fault, pending, missing, offers }
}

function wrong(fault: string): Verdict {
  return { fault, pending: 0, missing: 0, offers: {} }
}

function wordsOf(path: string): string {
  const given = new URLSearchParams(path.slice(path.indexOf('?') + 1))
  const { origin, destination, departure_date, adults = '1', children = '0', infants = '0', cabin = 'economy' } = Object.fromEntries(given)
  return [origin, destination, departure_date, adults, children, infants, cabin].join(' ')
}

function answeredWords({ search: { origin, destination, departure_date, passengers, cabin } }: Page): string {
  return [origin, destination, departure_date, passengers.adults, passengers.children, passengers.infants, cabin].join(' ')
}
