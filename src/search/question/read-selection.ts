import type { Currency } from '../../kernel/currency.ts'
import type { FieldFault } from '../../kernel/problems.ts'
import type { NumberRange, Selection } from '../engine/column-schema.ts'
import { timeOfDay } from './parameter-values.ts'
import { PAGE_DEFAULT, slicePrefix, WINDOW_NAMES, type SelectionDraft, type SelectionParameter } from './selection-parameters.ts'
import type { OfferForm } from './search-query.ts'

/** Above every number of a column, and none of its marks. */
const NO_LIMIT = 2_147_483_646
const LAST_MINUTE = 1_439

/** A parameter that was given, with its text; "" when that was refused already. */
export type GivenParameter = { readonly parameter: SelectionParameter; text: string }

/** What the broad part of the search says about the selection. */
export type SelectionContext = {
  readonly currency: Currency
  /** Slices of the journey. */
  readonly slices: number
  readonly selfTransfer: 'yes' | 'no' | null
}

export type SelectionReading = {
  readonly selection: Selection
  readonly selectionName: string
  readonly limit: number
  readonly form: OfferForm
  readonly cursor: string | null
  /** The one spelling of page size and form; "" when both are the usual ones. */
  readonly pageName: string
}

/** Reads the parameters of the selection, given in the order of their places; adds what is wrong with them to `faults`. */
export function readSelection(given: readonly GivenParameter[], context: SelectionContext, faults: FieldFault[]): SelectionReading {
  const { slices, selfTransfer } = context
  const draft = newDraft(context.currency, faults)
  let selectionName = ''
  let pageName = ''
  if (selfTransfer !== null) {
    draft.only['self_transfer'] = YES_OR_NO[selfTransfer]
    selectionName = selfTransfer === 'yes' ? '&self_transfer=only' : '&self_transfer=exclude'
  }
  for (let index = 0; index < given.length; index += 1) {
    const { parameter, text } = given[index]!
    if (text === '') continue
    if (parameter.slice !== null && parameter.slice >= slices) refuseSlice(faults, parameter, slices)
    else {
      const value = parameter.read(draft, text, parameter.name)
      if (value === '' || parameter.name === 'after') continue
      if (parameter.selects) selectionName += `&${parameter.name}=${value}`
      else pageName += `&${parameter.name}=${value}`
    }
  }
  if (draft.minPrice !== null && draft.maxPrice !== null && draft.minPrice > draft.maxPrice) refuseMin(faults, 'price')
  readConnection(draft)
  if (draft.windows !== null) selectionName += readWindows(draft.windows, draft.ranges)

  const { only, without, ranges, sort, limit, form, cursor } = draft
  const selection = { only, without, ranges, price: { min: draft.minPrice, max: draft.maxPrice }, sort }
  return { selection, selectionName: selectionName.slice(1), limit, form, cursor, pageName }
}

const YES_OR_NO = { yes: ['yes'], no: ['no'] } as const

// One literal: putting it together from parts costs a microsecond.
function newDraft(currency: Currency, faults: FieldFault[]): SelectionDraft {
  return {
    currency,
    faults,
    only: {},
    without: {},
    ranges: {},
    minPrice: null,
    maxPrice: null,
    minConnection: null,
    maxConnection: null,
    windows: null,
    sort: 'price',
    limit: PAGE_DEFAULT,
    form: 'full',
    cursor: null,
  }
}

function refuseSlice(faults: FieldFault[], { name, slice }: SelectionParameter, slices: number): void {
  const number = (slice ?? 0) + 1
  if (name.startsWith('return_') && slices === 1) faults.push({ pointer: name, code: 'no-return', message: 'needs a return_date' })
  else faults.push({ pointer: name, code: 'no-slice', message: `is about slice ${number} of a journey of ${slices}` })
}

function refuseMin(faults: FieldFault[], what: string): void {
  faults.push({ pointer: `min_${what}`, code: 'min-above-max', message: `min_${what} is above max_${what}` })
}

function readConnection({ minConnection, maxConnection, ranges, faults }: SelectionDraft): void {
  if (minConnection !== null) ranges['connection_min'] = { from: minConnection, to: NO_LIMIT }
  if (maxConnection !== null) ranges['connection_max'] = { from: 0, to: maxConnection }
  if (minConnection !== null && maxConnection !== null && minConnection > maxConnection) refuseMin(faults, 'connection')
}

/** Puts the windows into the ranges and returns their one spelling. A window of the whole day is none. */
function readWindows(bounds: readonly number[], ranges: Record<string, NumberRange>): string {
  let name = ''
  for (let at = 0; at < bounds.length; at += 2) {
    const [after, before] = [bounds[at]!, bounds[at + 1]!]
    const from = Math.max(after, 0)
    const to = before === -1 ? LAST_MINUTE : before
    const isWholeDay = (from === 0 && to === LAST_MINUTE) || to + 1 === from
    if (isWholeDay) continue
    const slice = Math.floor(at / WINDOW_NAMES.length)
    ranges[`${at % WINDOW_NAMES.length === 0 ? 'departure' : 'arrival'}_${slice + 1}`] = { from, to }
    if (from !== 0) name += `&${slicePrefix(slice)}${WINDOW_NAMES[at % WINDOW_NAMES.length]!}=${timeOfDay(from)}`
    if (to !== LAST_MINUTE) name += `&${slicePrefix(slice)}${WINDOW_NAMES[(at % WINDOW_NAMES.length) + 1]!}=${timeOfDay(to)}`
  }
  return name
}
