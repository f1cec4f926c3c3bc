import { metresBetween, type Position } from '../../../travel/great-circle.ts'
import { fold } from '../../../travel/search-places.ts'

/** What telling houses apart looks at. */
export type HouseFacts = Position & { readonly name: string; readonly city: string | null; readonly country: string }

/** A property of another supplier, and the house it is known to be. */
export type Candidate = HouseFacts & { readonly house: string }

/** Suppliers place one house up to so far apart. */
export const SAME_HOUSE_METRES = 150
/** As near as this, a name that says more is still the same one. */
const SAME_DOOR_METRES = 50
const ALIKE = 0.8
/** Words that stand in most names and tell no house from another. */
const COMMON = new Set(
  'a al and at by d da de del della der des di do dos du el het in l la las le les los of on the und von y hotel hotels hotell albergo hostellerie'.split(
    ' ',
  ),
)
/** Words that make it another house, often in the same street: one brand's houses for other purses, and parts of a house sold apart. */
const TELLING = new Set(
  (
    'annex annexe apart aparthotel apartment apartments apartamentos appartements budget club courtyard dependance express garden gardens ' +
    'hostel hostal inn lodge plus premium residence residences residency resort select signature studio studios styles suite suites tower ' +
    'towers villa villas north south east west'
  ).split(' '),
)

/**
 * The house among these that a property is, or null when it is none of them: in the same country, at most 150 m away, and
 * called alike. Of several the one whose name is most alike, then the nearest.
 */
export function findHouse(property: HouseFacts, candidates: readonly Candidate[]): string | null {
  let best: { house: string; likeness: number; metres: number } | null = null
  for (const candidate of candidates) {
    if (candidate.country !== property.country) continue
    const metres = metresBetween(property, candidate)
    if (metres > SAME_HOUSE_METRES) continue
    const likeness = likenessOf(property, candidate, metres)
    if (likeness === 0) continue
    const isBetter =
      best === null ||
      likeness > best.likeness ||
      (likeness === best.likeness && (metres < best.metres || (metres === best.metres && candidate.house < best.house)))
    if (isBetter) best = { house: candidate.house, likeness, metres }
  }
  return best?.house ?? null
}

/** How alike two houses so far apart are called, up to 1; 0 when they are two houses. */
function likenessOf(one: HouseFacts, other: HouseFacts, metres: number): number {
  const cities = new Set([...wordsOf(one.city ?? ''), ...wordsOf(other.city ?? '')])
  const [a, b] = [tellingWords(one.name, cities), tellingWords(other.name, cities)]
  if (a.length === 0 || b.length === 0) return 0
  const shared = sharedWords(a, b)
  const [onlyA, onlyB] = [
    a.filter((word) => !shared.some(([mine]) => mine === word)),
    b.filter((word) => !shared.some(([, theirs]) => theirs === word)),
  ]
  if ([...onlyA, ...onlyB].some((word) => TELLING.has(word) || /\d/.test(word))) return 0
  const likeness = (2 * shared.length) / (a.length + b.length)
  if (likeness >= ALIKE) return likeness
  const isSaidShorter = shared.length >= 2 && (onlyA.length === 0 || onlyB.length === 0)
  return isSaidShorter && metres <= SAME_DOOR_METRES ? likeness : 0
}

/** The words that tell a house: without stars, common words and the city's name, unless nothing else is left. */
function tellingWords(name: string, cities: ReadonlySet<string>): string[] {
  const words = [...new Set(wordsOf(name.replaceAll(/\b\d\s*(?:\*+|stars?\b|sterne\b|estrellas\b|(?:sup|s)\b)|\*+/giu, ' ')))].filter(
    (word) => !COMMON.has(word),
  )
  const own = words.filter((word) => !cities.has(word))
  return own.length > 0 ? own : words
}

function wordsOf(text: string): string[] {
  const folded = fold(text)
  return folded === '' ? [] : folded.split(' ')
}

/** Pairs of words that are the same but for one letter: "centre" and "center", "apartaments" and "apartments". */
function sharedWords(a: readonly string[], b: readonly string[]): [string, string][] {
  const left = new Set(b)
  const shared: [string, string][] = []
  for (const word of a) {
    const match = left.has(word) ? word : [...left].find((other) => isMisspelt(word, other))
    if (match === undefined) continue
    left.delete(match)
    shared.push([word, match])
  }
  return shared
}

const LONG = 5

/** One letter more, less or other, or two neighbours swapped, in words long enough that this is no other word. */
function isMisspelt(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < LONG || Math.abs(a.length - b.length) > 1) return false
  let begin = 0
  while (begin < a.length && a[begin] === b[begin]) begin += 1
  let [endA, endB] = [a.length, b.length]
  while (endA > begin && endB > begin && a[endA - 1] === b[endB - 1]) [endA, endB] = [endA - 1, endB - 1]
  const [restA, restB] = [a.slice(begin, endA), b.slice(begin, endB)]
  if (restA.length <= 1 && restB.length <= 1) return true
  return restA.length === 2 && restA[0] === restB[1] && restA[1] === restB[0]
}
