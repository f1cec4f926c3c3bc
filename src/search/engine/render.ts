import { createArena, type Lease } from './arena.ts'
import { createFacetWriter } from './facet-writer.ts'
import type { GroupRows } from './groups.ts'
import { toAscii, writeNumber } from './json-bytes.ts'
import { otherSellers } from './merge-sellers.ts'
import type { PricedView } from './priced-view.ts'
import type { Page } from './select.ts'
import type { Alternative, Form, Wording } from './wording.ts'

export type Renderer = {
  /** The facets and ranges of a page as one JSON object. */
  readonly facets: (view: PricedView, page: Page) => string
  /** The offer at this position as JSON. */
  readonly offer: (view: PricedView, position: number, form: Form) => Buffer
  readonly offerId: (view: PricedView, position: number) => string
  /** The ids of all that is told of one result: itself and who else sells it. Equal texts are equal results. */
  readonly resultName: (view: PricedView, position: number) => string
  /**
   * One answer: `intro`, how many match, the facets, the offers of the page, and `end`, which is ASCII. It lies in memory that is
   * used again once it has been given back.
   */
  readonly answer: (view: PricedView, page: Page, form: Form, frame: { intro: Buffer; end: string }) => Lease
}

const FACETS = Buffer.from(',"facets":')
const DATA = Buffer.from(',"data":[')
const OFFERS = Buffer.from('"offers":[')
const MORE = Buffer.from('],"more_offers":')
const [COMMA, BRACE] = [0x2c, 0x7d]
const DIGITS_MAX = 10
/** Other sellers that are told of a product. */
const ALTERNATIVES_MAX = 5

/** Renders views of one kind. An offer is written once, when it is first shown; an answer is then a copy of some of them. */
export function createRenderer(wording: Wording): Renderer {
  const arena = createArena()
  const facets = createFacetWriter(wording)
  const views = new WeakMap<PricedView, Record<Form, (Buffer | undefined)[]>>()

  const offersOf = (view: PricedView, form: Form): (Buffer | undefined)[] => {
    const known = views.get(view)
    if (known !== undefined) return known[form]
    const made: Record<Form, Buffer[]> = { full: [], summary: [] }
    views.set(view, made)
    return made[form]
  }

  const offerId = (view: PricedView, position: number): string =>
    wording.offerId(view.parts[view.partOf[position]!]!, view.indexOf[position]!)

  const alternativesOf = (view: PricedView, position: number): Alternative[] =>
    otherSellers(view.sellers, position, ALTERNATIVES_MAX).map((other) => ({
      id: offerId(view, other),
      provider: view.parts[view.partOf[other]!]!.provider,
      price: view.prices[other]!,
    }))

  const resultName = (view: PricedView, position: number): string =>
    [offerId(view, position), ...alternativesOf(view, position).map((one) => one.id)].join()

  const offer = (view: PricedView, position: number, form: Form): Buffer =>
    (offersOf(view, form)[position] ??= writeOffer(view, position, form))

  function writeOffer(view: PricedView, position: number, form: Form): Buffer {
    const { part } = view.parts[view.partOf[position]!]!
    const i = view.indexOf[position]!
    const shown = { id: offerId(view, position), price: view.prices[position]!, alternatives: alternativesOf(view, position) }
    if (form === 'summary') return Buffer.from(wording.offerSummary(part, i, shown))
    const { ends, bytes } = part.full
    const head = wording.offerHead(part, i, shown)
    const headBytes = Buffer.byteLength(head)
    const made = Buffer.allocUnsafeSlow(headBytes + ends[i + 1]! - ends[i]!)
    made.write(head, 'utf8')
    bytes.copy(made, headBytes, ends[i], ends[i + 1])
    return made
  }

  const heads = new WeakMap<PricedView, (Buffer | undefined)[]>()

  /** The head of a group, written once: all its offers tell the same of it. */
  function groupHead(view: PricedView, position: number): Buffer {
    let known = heads.get(view)
    if (known === undefined) heads.set(view, (known = []))
    const { part } = view.parts[view.partOf[position]!]!
    return (known[view.groups!.of[position]!] ??= Buffer.from(toAscii(wording.groupHead!(part, view.indexOf[position]!))))
  }

  /** The results of a grouped page, each with its offers. */
  function groupPieces(view: PricedView, { positions }: Page, groups: readonly GroupRows[], form: Form): Uint8Array[] {
    const pieces: Uint8Array[] = []
    groups.forEach((rows, place) => {
      if (place > 0) pieces.push(Uint8Array.of(COMMA))
      pieces.push(groupHead(view, positions[place]!), OFFERS)
      rows.positions.forEach((position, i) => {
        if (i > 0) pieces.push(Uint8Array.of(COMMA))
        pieces.push(offer(view, position, form))
      })
      pieces.push(MORE, Buffer.from(String(rows.more)), Uint8Array.of(BRACE))
    })
    return pieces
  }

  function groupedAnswer(view: PricedView, page: Page, form: Form, { intro, end }: { intro: Buffer; end: string }): Lease {
    const pieces = groupPieces(view, page, page.groups!, form)
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0)
    return arena.fill(intro.length + DIGITS_MAX + FACETS.length + facets.bytesMax(view) + DATA.length + bytes + end.length, (out) => {
      let at = writeIntro(view, page, out, intro)
      for (const piece of pieces) {
        out.set(piece, at)
        at += piece.length
      }
      return at + out.write(end, at, 'latin1')
    })
  }

  /** Everything before the first result. */
  function writeIntro(view: PricedView, page: Page, out: Buffer, intro: Buffer): number {
    out.set(intro, 0)
    let at = writeNumber(out, intro.length, page.matching)
    out.set(FACETS, at)
    at = facets.write(view, page, out, at + FACETS.length)
    out.set(DATA, at)
    return at + DATA.length
  }

  function answer(view: PricedView, page: Page, form: Form, { intro, end }: { intro: Buffer; end: string }): Lease {
    if (page.groups !== null) return groupedAnswer(view, page, form, { intro, end })
    const { positions } = page
    const rendered = offersOf(view, form)
    let bytesMax = intro.length + DIGITS_MAX + FACETS.length + facets.bytesMax(view) + DATA.length + end.length
    for (let i = 0; i < positions.length; i += 1) {
      const position = positions[i]!
      bytesMax += 1 + (rendered[position] ??= writeOffer(view, position, form)).length
    }
    return arena.fill(bytesMax, (out) => {
      let at = writeIntro(view, page, out, intro)
      for (let i = 0; i < positions.length; i += 1) {
        if (i > 0) out[at++] = COMMA
        const bytes = rendered[positions[i]!]!
        out.set(bytes, at)
        at += bytes.length
      }
      return at + out.write(end, at, 'latin1')
    })
  }

  function facetsText(view: PricedView, page: Page): string {
    const out = Buffer.allocUnsafe(facets.bytesMax(view))
    return out.toString('latin1', 0, facets.write(view, page, out, 0))
  }

  return { facets: facetsText, offer, offerId, resultName, answer }
}
