import { countRange, countValue, priceBounds, type FacetCount } from './count-facets.ts'
import type { FacetBits } from './facet-bits.ts'
import type { PricedView } from './priced-view.ts'
import { toAscii, writeNumber } from './json-bytes.ts'
import { passingFor, type Page } from './select.ts'
import type { Wording } from './wording.ts'

/** Writes facets as JSON bytes. What is the same in every answer of a view is encoded once. */
export type FacetWriter = {
  /** Room for the facets of any page of the view. */
  readonly bytesMax: (view: PricedView) => number
  /** Writes them from `at`; returns where they end. */
  readonly write: (view: PricedView, page: Page, out: Buffer, at: number) => number
}

/** What has been made of a view. */
type Encoded = {
  readonly facets: readonly EncodedFacet[]
  readonly bytesMax: number
  /** `"from":{…}}` with the price at each position, made when first told. */
  readonly froms: (Buffer | undefined)[]
  /** What is told when nothing is filtered: most searches. In one piece, because collecting it from many is what takes the time. */
  whole: Buffer | null
}

type EncodedFacet = {
  readonly bits: FacetBits
  /** `"name":[` with a comma before it where one is due. */
  readonly begin: Buffer
  /** For each value that is told, its place among the values and `{"value":…,"count":`. */
  readonly places: Uint32Array
  readonly begins: readonly Buffer[]
}

const [COMMA, BRACKET] = [0x2c, 0x5d]
/** A count, `,"from":{"amount":"…","currency":"…"}}` and a comma. */
const VALUE_BYTES = 120
/** The price range and the reports. */
const RANGES_BYTES = 1_000

export function createFacetWriter(wording: Pick<Wording, 'money' | 'facetValue'>): FacetWriter {
  const views = new WeakMap<PricedView, Encoded>()
  const noFrom = Buffer.from(',"from":null}')
  const count: FacetCount = { count: 0, from: -1 }

  function encodedOf(view: PricedView): Encoded {
    const known = views.get(view)
    if (known !== undefined) return known
    const facets = [...view.facets.values()].filter((facet) => facet.column.isReported).map(encodeFacet)
    const bytes = facets.reduce(
      (sum, { begin, begins }) => sum + begin.length + begins.reduce((all, one) => all + one.length + VALUE_BYTES, 2),
      0,
    )
    const made: Encoded = { facets, bytesMax: bytes + RANGES_BYTES, froms: [], whole: null }
    views.set(view, made)
    return made
  }

  function encodeFacet(bits: FacetBits, i: number): EncodedFacet {
    const { column, values } = bits
    const told = [...values.keys()].filter((place) => values[place]!.value !== column.unlisted)
    return {
      bits,
      begin: Buffer.from(`${i === 0 ? '{' : ','}"${column.name}":[`),
      places: Uint32Array.from(told),
      begins: told.map((place) => Buffer.from(toAscii(`{"value":${wording.facetValue(column.name, values[place]!.value)},"count":`))),
    }
  }

  const fromAt = (view: PricedView, froms: (Buffer | undefined)[], position: number): Buffer =>
    (froms[position] ??= Buffer.from(`,"from":${wording.money(view.prices[position]!)}}`))

  function writeFacet(
    view: PricedView,
    page: Page,
    { facet, froms }: { facet: EncodedFacet; froms: Encoded['froms'] },
    out: Buffer,
    begin: number,
  ): number {
    const { bits, places, begins } = facet
    const passing = passingFor(page, bits.column.group)
    out.set(facet.begin, begin)
    let at = begin + facet.begin.length
    for (let i = 0; i < places.length; i += 1) {
      if (i > 0) out[at++] = COMMA
      countValue(bits.values[places[i]!]!, passing, bits, count)
      const head = begins[i]!
      out.set(head, at)
      at = writeNumber(out, at + head.length, count.count)
      const from = count.from < 0 ? noFrom : fromAt(view, froms, count.from)
      out.set(from, at)
      at += from.length
    }
    out[at] = BRACKET
    return at + 1
  }

  function rangesText(view: PricedView, page: Page): string {
    const bounds = priceBounds(view, passingFor(page, 'price'))
    let text =
      bounds === null
        ? ',"price":null'
        : `,"price":{"min":${wording.money(view.prices[bounds.min]!)},"max":${wording.money(view.prices[bounds.max]!)}}`
    for (const { name, least, greatest } of view.schema.reports) {
      const range = countRange(view, least, greatest, passingFor(page, view.numbers.get(least)!.group))
      text += range === null ? `,"${name}":null` : `,"${name}":{"min":${range.min},"max":${range.max},"unknown":${range.unknown}}`
    }
    return `${text}}`
  }

  function writeAll(view: PricedView, page: Page, { facets, froms }: Encoded, out: Buffer, begin: number): number {
    let at = begin
    for (let i = 0; i < facets.length; i += 1) at = writeFacet(view, page, { facet: facets[i]!, froms }, out, at)
    return at + out.write(rangesText(view, page), at, 'latin1')
  }

  return {
    bytesMax: (view) => encodedOf(view).bytesMax,
    write(view, page, out, begin) {
      const encoded = encodedOf(view)
      if (page.passingBut.size > 0) return writeAll(view, page, encoded, out, begin)
      if (encoded.whole === null) {
        const end = writeAll(view, page, encoded, out, begin)
        encoded.whole = Buffer.from(out.subarray(begin, end))
        return end
      }
      out.set(encoded.whole, begin)
      return begin + encoded.whole.length
    },
  }
}
