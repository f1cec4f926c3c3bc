import { LRUCache } from 'lru-cache'
import type { Currency } from '../../kernel/currency.ts'
import type { FieldFault } from '../../kernel/problems.ts'
import type { Clock } from '../../kernel/time.ts'
import type { CursorCodec } from './cursor.ts'
import { invalidCursor, invalidSearch } from '../problems.ts'
import { BROAD_PARAMETERS, isWithin, type BroadReader, type Span } from './read-broad-search.ts'
import {
  decodeQueryText,
  describeFaults,
  DUPLICATE_PARAMETER,
  EMPTY_PARAMETER,
  MALFORMED_ENCODING,
  UNKNOWN_PARAMETER,
} from './read-parameters.ts'
import { readSelection, type GivenParameter } from './read-selection.ts'
import { cursorBinding, type ParsedSearch } from './search-query.ts'
import { SELECTION_PARAMETERS } from './selection-parameters.ts'

/** Every parameter a search knows; any other is refused, so that a misspelt filter is not silently ignored. */
export const SEARCH_PARAMETERS: readonly string[] = [...BROAD_PARAMETERS, ...SELECTION_PARAMETERS.keys()]

export type ParseSearchDeps = {
  /** Made once, by createBroadReader: it remembers. */
  readonly readBroad: BroadReader
  readonly displayCurrency: Currency
  readonly cursors: CursorCodec
}

/**
 * Reads the query string of a search, without its "?". Throws invalid-search with every fault at once, each naming its
 * parameter, or invalid-cursor when the rest is in order and `after` was not written by us for this search.
 */
export function parseSearch(deps: ParseSearchDeps, rawQuery: string): ParsedSearch {
  return readSearch(deps, rawQuery).asked
}

const REMEMBERED = 10_000
const REMEMBERED_LENGTH_MAX = 600

/**
 * `parseSearch` that remembers what it has read for as long as it holds. Equal texts are answered with the same object, by
 * which other things can be remembered.
 */
export function createSearchParser(deps: ParseSearchDeps & { readonly clock: Clock }): (rawQuery: string) => ParsedSearch {
  const memo = new LRUCache<string, Reading>({ max: REMEMBERED })
  return (rawQuery) => {
    const known = memo.get(rawQuery)
    if (known !== undefined && isWithin(deps.clock.now(), known.span)) return known.asked
    const reading = readSearch(deps, rawQuery)
    // The text is a slice of a longer one, the address, which a copy does not keep alive.
    if (rawQuery.length <= REMEMBERED_LENGTH_MAX) memo.set(Buffer.from(rawQuery, 'utf16le').toString('utf16le'), reading)
    return reading.asked
  }
}

type Reading = { readonly asked: ParsedSearch; readonly span: Span }

function readSearch(deps: ParseSearchDeps, rawQuery: string): Reading {
  const { broadQuery, given, faults } = splitQuery(rawQuery)
  const { broad, slices, faults: broadFaults, span } = deps.readBroad(broadQuery)
  for (const fault of broadFaults) faults.push(fault)
  const selfTransfer = broad === null ? null : broad.selfTransfer
  const selected = readSelection(given, { currency: deps.displayCurrency, slices, selfTransfer }, faults)
  if (broad === null || faults.length > 0) throw invalidSearch({ detail: describeFaults(faults), errors: faults })

  const { search, spelling } = broad
  const { selection, selectionName, limit, form, cursor, pageName } = selected
  const view = { selection, selectionName, limit, form, after: null }
  const canonicalQuery = (selectionName === '' ? spelling : `${spelling}&${selectionName}`) + pageName
  if (cursor === null) return { asked: { search, view, canonicalQuery }, span }
  const after = deps.cursors.read(cursor, cursorBinding(search, view))
  if (after === null) {
    throw invalidCursor({
      errors: [{ pointer: 'after', code: 'invalid-cursor', message: 'is not a cursor of this search in this order' }],
    })
  }
  return { asked: { search, view: { ...view, after }, canonicalQuery: `${canonicalQuery}&after=${cursor}` }, span }
}

type SplitQuery = {
  /** The pairs of the broad parameters as they were written. */
  readonly broadQuery: string
  /** The other parameters, decoded, in the order of their places. */
  readonly given: readonly GivenParameter[]
  readonly faults: FieldFault[]
}

/** Of more, the first are told: an answer is not to be made much longer than its question. */
const STRANGERS_MAX = 50
const BROAD: ReadonlySet<string> = new Set(BROAD_PARAMETERS)

const [AMPERSAND, EQUALS, PERCENT, PLUS] = [38, 61, 37, 43]

/** Tells the broad parameters from the others, in one pass. */
function splitQuery(raw: string): SplitQuery {
  const given: GivenParameter[] = []
  const faults: FieldFault[] = []
  let broadQuery = ''
  // Broad parameters that follow each other are taken out in one piece.
  let runFrom = 0
  let runTo = -1
  let from = 0
  let equals = -1
  let isNameEncoded = false
  let isEncoded = false
  for (let at = 0; at <= raw.length; at += 1) {
    const code = at === raw.length ? AMPERSAND : raw.charCodeAt(at)
    if (code === EQUALS && equals === -1) {
      equals = at
      isNameEncoded = isEncoded
      isEncoded = false
    } else if (code === PERCENT || code === PLUS) isEncoded = true
    if (code !== AMPERSAND) continue
    if (at > from) {
      const rawName = raw.slice(from, equals === -1 ? at : equals)
      const name = (equals === -1 ? isEncoded : isNameEncoded) ? (decodeQueryText(rawName) ?? rawName) : rawName
      if (BROAD.has(name)) {
        if (from !== runTo + 1) {
          if (runTo !== -1) broadQuery += `${raw.slice(runFrom, runTo)}&`
          runFrom = from
        }
        runTo = at
      } else {
        const rawText = equals === -1 ? '' : raw.slice(equals + 1, at)
        take(given, faults, name, isEncoded ? decodeQueryText(rawText) : rawText)
      }
    }
    from = at + 1
    equals = -1
    isEncoded = false
  }
  if (runTo !== -1) broadQuery += raw.slice(runFrom, runTo)
  return { broadQuery, given, faults }
}

/** Puts a parameter of the selection where its place is, or tells what is wrong with it as it stands. */
function take(given: GivenParameter[], faults: FieldFault[], name: string, rawText: string | null): void {
  const parameter = SELECTION_PARAMETERS.get(name)
  if (parameter === undefined) {
    const pointer = name.slice(0, 60)
    if (faults.length < STRANGERS_MAX && !isTold(faults, pointer, UNKNOWN_PARAMETER[0])) refuse(faults, pointer, UNKNOWN_PARAMETER)
    return
  }
  const text = rawText === null ? '' : rawText.trim()
  let at = given.length
  while (at > 0 && given[at - 1]!.parameter.place > parameter.place) at -= 1
  const other = at === 0 ? undefined : given[at - 1]!
  if (other?.parameter.place === parameter.place) {
    refuseAgain(faults, name, other.parameter.name)
    other.text = ''
    return
  }
  // What has no text stays among those given, to be known when it is given again.
  if (text === '') refuse(faults, name, rawText === null ? MALFORMED_ENCODING : EMPTY_PARAMETER)
  const one = { parameter, text }
  if (at === given.length) given.push(one)
  else given.splice(at, 0, one)
}

function refuseAgain(faults: FieldFault[], name: string, first: string): void {
  if (isTold(faults, name, DUPLICATE_PARAMETER[0])) return
  if (name === first) refuse(faults, name, DUPLICATE_PARAMETER)
  else refuse(faults, name, [DUPLICATE_PARAMETER[0], `is the same as ${first}, which is given too`])
}

function isTold(faults: readonly FieldFault[], pointer: string, code: string): boolean {
  return faults.some((fault) => fault.pointer === pointer && fault.code === code)
}

function refuse(faults: FieldFault[], pointer: string, [code, message]: readonly [code: string, message: string]): void {
  faults.push({ pointer, code, message })
}
