import type { Penalty } from './flight.ts'

/** One paragraph of a fare's rules as filed: "PENALTIES" of category 16. */
export type FareRuleText = { readonly category: string | null; readonly title: string; readonly text: string }

/** The rules of one fare component. What could be read from them is in `penalties`; the text is what counts. */
export type FareRules = {
  readonly fareBasis: string | null
  readonly carrier: string | null
  readonly origin: string | null
  readonly destination: string | null
  readonly penalties: readonly Penalty[]
  readonly texts: readonly FareRuleText[]
}
