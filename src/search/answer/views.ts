import { LRUCache } from 'lru-cache'
import type { Instant } from '../../kernel/time.ts'
import { openPart } from '../engine/part.ts'
import type { ColumnSchema } from '../engine/column-schema.ts'
import { priceParts, type PlacedPart, type Pricer, type PricedView } from '../engine/priced-view.ts'
import { offersIn, type Superset } from '../supersets/superset.ts'

/** Views of several supersets together that are kept; each is some hundred kilobytes. */
const COMPOSITES_MAX = 64

/** What a search has brought: the supersets to show, and the versions by which another page finds them again. */
export type Found = {
  readonly supersets: readonly Superset[]
  /** Of every superset that was searched, joined by "~". */
  readonly versions: string
}

/** Supersets priced together. */
export type SearchedView = Found & {
  /** Unique in this process: another view of the same supersets, made when an offer was withdrawn, has another. */
  readonly serial: number
  readonly priced: PricedView
}

/** Turns supersets into views, each made once and kept as long as its superset is. */
export type Views = (found: Found, now: Instant) => SearchedView

/** Across all kinds of views: rendered answers of all of them are kept under it in one place. */
let serial = 0

/** Views of one kind of offers. */
export function createViews({ columns, pricer }: { readonly columns: ColumnSchema; readonly pricer: Pricer }): Views {
  const single = new WeakMap<Superset, SearchedView>()
  const composite = new LRUCache<string, SearchedView>({ max: COMPOSITES_MAX })

  function make({ supersets, versions }: Found, now: Instant): SearchedView {
    serial += 1
    return { serial, supersets, versions, priced: priceParts(columns, placeParts(supersets), pricer, now) }
  }

  return (found, now) => {
    const { supersets } = found
    const [first] = supersets
    if (supersets.length === 1) {
      const known = single.get(first!)
      if (known !== undefined && isValid(known.priced, now)) return known
      const made = make(found, now)
      single.set(first!, made)
      return made
    }
    const name = supersets.map((one) => `${one.version}.${one.revision}`).join()
    const known = composite.get(name)
    if (known !== undefined && isValid(known.priced, now)) return known
    const made = make(found, now)
    composite.set(name, made)
    return made
  }
}

/** The parts of several supersets with their offers numbered through. */
function placeParts(supersets: readonly Superset[]): PlacedPart[] {
  let base = 0
  return supersets.flatMap((superset) => {
    let firstIndex = 0
    const placed = superset.parts.map(({ provider, offers, hot }): PlacedPart => {
      const part = { part: openPart(hot), provider, version: superset.version, firstIndex, firstNumber: base + firstIndex }
      firstIndex += offers
      return part
    })
    base += offersIn(superset)
    return placed
  })
}

function isValid(view: PricedView, now: Instant): boolean {
  return view.validUntil === null || now < view.validUntil
}
