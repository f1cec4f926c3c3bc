import type { FacetValue } from '../api/types.ts'

/** A filter that chooses among values of a facet. Its parameter has the facet's name. */
export type SetFilter<K extends string = string> = {
  readonly key: K
  readonly label: string
  /** A value in words, under its group's heading. */
  readonly words: (value: string, name: string | null) => string
  /** The same standing alone, when the group's heading is not there to read. */
  readonly alone?: (words: string) => string
  /** One value alone is nothing to choose from. */
  readonly needsSeveral?: boolean
}

export const notStated = 'Not stated'
/** The name of a value where it has one. */
export const named = (value: string, name: string | null) => name ?? value
/** The words of each value; "unknown" is not stated. */
export const oneOf = (words: Record<string, string>) => (value: string) => words[value] ?? (value === 'unknown' ? notStated : value)
/** "Not stated" alone says nothing: this says what is not. */
export const about = (what: string) => (words: string) => (words === notStated ? `${what}: not stated` : words)

type Search = Readonly<Partial<Record<string, string>>>

/** The values of a filter that are chosen. */
export function chosenValues(search: Search, key: string): string[] {
  return (search[key] ?? '').split(',').filter((value) => value !== '')
}

/** The search with one value more or less chosen. */
export function toggleValue<S extends Search>(search: S, key: string, value: string): S {
  const chosen = chosenValues(search, key)
  const next = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]
  return { ...search, [key]: next.join(',') }
}

export type Choice = FacetValue & { label: string; isChosen: boolean }

/** What there is to choose, in the facet's order; what the address chooses and nothing has stands at the end with nothing. */
export function choicesOf<K extends string>(
  filter: SetFilter<K>,
  search: Search,
  facets: Readonly<Record<K, readonly FacetValue[]>>,
): Choice[] {
  const chosen = chosenValues(search, filter.key)
  const values: readonly FacetValue[] = facets[filter.key]
  const missing = chosen.filter((value) => !values.some((each) => each.value === value)).map((value) => ({ value, count: 0, from: null }))
  const choices = [...values, ...missing].map((each) => ({
    ...each,
    label: filter.words(each.value, nameOf(each)),
    isChosen: chosen.includes(each.value),
  }))
  return filter.needsSeveral === true && choices.length < 2 && chosen.length === 0 ? [] : choices
}

/** A chosen value in words that stand alone. */
export function valueWords<K extends string>(
  filter: SetFilter<K>,
  facets: Readonly<Record<K, readonly FacetValue[]>> | null,
  value: string,
): string {
  const known: FacetValue | undefined = facets?.[filter.key].find((each) => each.value === value)
  const words = filter.words(value, known === undefined ? null : nameOf(known))
  return filter.alone?.(words) ?? words
}

/** A range in words: "Up to $500", "From $100", "$100 – $500". */
export function rangeWords(least: string | undefined, most: string | undefined, words: (text: string) => string): string {
  if (least === undefined) return `Up to ${words(most ?? '0')}`
  return most === undefined ? `From ${words(least)}` : `${words(least)} – ${words(most)}`
}

function nameOf(value: FacetValue): string | null {
  return value.name ?? null
}
