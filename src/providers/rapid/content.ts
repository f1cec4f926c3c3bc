import type { Call, ContentPage } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { read, type Deps } from './call.ts'
import { COUNTRIES } from './countries.ts'
import { findErrors, RAPID, toReadError } from './faults.ts'
import { toProperties } from './from-wire-content.ts'
import type { Reply } from './read-reply.ts'
import { toContentPath } from './to-wire.ts'
import { wireContentPage } from './wire.ts'

/**
 * Where the reading stands: a country, Rapid's own link to its next page, and the last property before it. The link lives
 * for a while only; the property finds the place again when it has run out.
 */
type Cursor = { readonly country: string; readonly link: string | null; readonly after: string | null }

type Page = { readonly codes: readonly string[]; readonly next: string | null; readonly properties: ContentPage['properties'] }

/**
 * One page of static content. Countries without properties are passed over, so that only the last page may be empty.
 * Throws ProviderError.
 */
export async function content(deps: Deps, cursor: string | null, call: Call): Promise<ContentPage> {
  let at: Cursor | null = cursor === null ? startOf(COUNTRIES[0]) : parseCursor(cursor)
  while (at) {
    const page = await readAt(deps, at, call)
    const next = nextOf(at, page)
    if (page.properties.length > 0 || !next) return { properties: page.properties, total: null, next: next && JSON.stringify(next) }
    at = next
  }
  return { properties: [], total: null, next: null }
}

function startOf(country: string | undefined): Cursor | null {
  return country ? { country, link: null, after: null } : null
}

function nextOf({ country, after }: Cursor, { next, codes }: Page): Cursor | null {
  return next ? { country, link: next, after: codes.at(-1) ?? after } : startOf(COUNTRIES[COUNTRIES.indexOf(country) + 1])
}

/** Throws a ProviderError for what is no cursor of ours. */
function parseCursor(text: string): Cursor {
  try {
    const { country, link, after } = JSON.parse(text) as Cursor
    if (COUNTRIES.includes(country)) return { country, link: link ?? null, after: after ?? null }
  } catch {
    // said below
  }
  throw new ProviderError(RAPID, 'refused', 'the cursor is not one of this supplier', { code: 'cursor' })
}

async function readAt(deps: Deps, { country, link, after }: Cursor, call: Call): Promise<Page> {
  const first = toContentPath(country, deps.settings.assigned)
  const reply = await readPage(deps, link ?? first, call)
  const page = link && isLinkDead(reply) ? await findAfter(deps, { first, after }, call) : toPage(reply)
  return page
}

/**
 * The page behind a property, walking the country from its first page. If the property is not sold any more, the country
 * begins anew: properties may come twice then, and none is lost.
 */
async function findAfter(deps: Deps, { first, after }: { first: string; after: string | null }, call: Call): Promise<Page> {
  const start = toPage(await readPage(deps, first, call))
  for (let page = start; after !== null; page = toPage(await readPage(deps, page.next!, call))) {
    const place = page.codes.indexOf(after)
    if (place >= 0 && place < page.codes.length - 1) return behind(page, after)
    if (!page.next) return place >= 0 ? { codes: page.codes, next: null, properties: [] } : start
    if (place >= 0) return toPage(await readPage(deps, page.next, call))
  }
  return start
}

/** The rest of a page that is cut in another place than it was. */
function behind(page: Page, after: string): Page {
  const rest = new Set(page.codes.slice(page.codes.indexOf(after) + 1))
  return { ...page, properties: page.properties.filter(({ code }) => rest.has(code)) }
}

async function readPage(deps: Deps, link: string, call: Call): Promise<Reply> {
  return read(deps, { link, timeoutMs: deps.settings.limits.readTimeoutMs }, call)
}

function isLinkDead({ status, body }: Reply): boolean {
  return status === 410 || (findErrors(body) ?? []).some(({ type }) => type === 'link.expired' || type === 'link.invalid')
}

function toPage({ status, body, headers }: Reply): Page {
  if (status !== 200 || findErrors(body) || !wireContentPage.Check(body)) throw toReadError(findErrors(body), status)
  return { codes: Object.keys(body), next: findNextLink(headers['link']), properties: toProperties(body) }
}

/** The address in `Link: <…>; rel="next"; expires="…"`, path and query of it. */
export function findNextLink(header: string | undefined): string | null {
  for (const [, href, parameters] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (href && /\brel\s*=\s*"?[^";]*\bnext\b/i.test(parameters ?? '')) return href
  }
  return null
}
