import { LRUCache } from 'lru-cache'
import type { Currency } from '../../../kernel/currency.ts'
import { invalidCursor, invalidSearch } from '../../problems.ts'
import type { CursorCodec } from '../../question/cursor.ts'
import { describeFaults, readQueryText } from '../../question/read-parameters.ts'
import { cursorBinding, type ParsedSearch } from '../../question/search-query.ts'
import type { StaySearch } from '../stay-search.ts'
import { readStayQuery, STAY_QUERY_PARAMETERS, type StayQueryDeps } from './read-stay-query.ts'
import { HOUSE_RATES_MAX, readStaySelection, STAY_SELECTION_PARAMETERS } from './read-stay-selection.ts'

export type ParsedStaySearch = ParsedSearch<StaySearch>

/** Every parameter a search for stays knows; any other is refused, so that a misspelt filter is not silently ignored. */
export const STAY_PARAMETERS: readonly string[] = [...STAY_QUERY_PARAMETERS, ...STAY_SELECTION_PARAMETERS]

export type ParseStaysDeps = StayQueryDeps & { readonly displayCurrency: Currency; readonly cursors: CursorCodec }

/**
 * Reads the query string of a search for stays, without its "?". Throws invalid-search with every fault at once, each
 * naming its parameter, or invalid-cursor when the rest is in order and `after` was not written by us for this search.
 * With a house it is a search for all rates of that one: the parameters of the list are understood, its order and pages are not used.
 */
export function parseStaySearch(deps: ParseStaysDeps, rawQuery: string, house: string | null = null): ParsedStaySearch {
  const read = readQueryText(rawQuery, 'rooms', STAY_PARAMETERS)
  const search = readStayQuery(deps, read)
  const selected = readStaySelection(read, deps.displayCurrency)
  const { selection, selectionName, limit, rates, cursor, pageName } = selected
  if (house !== null && cursor !== null) read.refuse('after', 'not-here', 'is not for one house; it has no further pages')
  if (search === null || read.faults.length > 0) throw invalidSearch({ detail: describeFaults(read.faults), errors: read.faults })

  const canonical = selectionName === '' ? search.name : `${search.name}&${selectionName}`
  if (house !== null) {
    const view = { selection: { ...selection, group: house }, selectionName: `${house}&${selectionName}`, after: null }
    return { search, view: { ...view, limit: 1, rowsPerGroup: HOUSE_RATES_MAX, form: 'full' }, canonicalQuery: canonical + pageName }
  }
  const view = { selection, selectionName, limit, rowsPerGroup: rates, form: 'full', after: null } as const
  if (cursor === null) return { search, view, canonicalQuery: canonical + pageName }
  const after = deps.cursors.read(cursor, cursorBinding(search, view))
  if (after === null) {
    throw invalidCursor({
      errors: [{ pointer: 'after', code: 'invalid-cursor', message: 'is not a cursor of this search in this order' }],
    })
  }
  return { search, view: { ...view, after }, canonicalQuery: `${canonical}${pageName}&after=${cursor}` }
}

const REMEMBERED = 5_000
const REMEMBERED_LENGTH_MAX = 600
/** A day may end meanwhile. */
const REMEMBERED_MS = 60_000

/** `parseStaySearch` that remembers for a minute. Equal texts are answered with the same object, by which other things can be remembered. */
export function createStayParser(deps: ParseStaysDeps): (rawQuery: string, house?: string | null) => ParsedStaySearch {
  const memo = new LRUCache<string, { readonly asked: ParsedStaySearch; readonly until: number }>({ max: REMEMBERED })
  return (rawQuery, house = null) => {
    const name = `${house ?? ''}?${rawQuery}`
    const now = deps.clock.now()
    const known = memo.get(name)
    if (known !== undefined && now < known.until) return known.asked
    const asked = parseStaySearch(deps, rawQuery, house)
    if (name.length <= REMEMBERED_LENGTH_MAX)
      memo.set(Buffer.from(name, 'utf16le').toString('utf16le'), { asked, until: now + REMEMBERED_MS })
    return asked
  }
}
