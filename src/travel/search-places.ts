import { findPlace, listPlaces, rankOfPlace, type Place } from './place-table.ts'

/**
 * Places that a person who has typed `query` may mean, best first, at most `limit`: an exact code, then cities and airports whose city,
 * name or code begins with it, the busiest first. Accents and case do not matter, every word typed must begin a word of the place, and a
 * city is followed by its airports. Where nothing begins so, words of four letters and more may be mistyped: one letter wrong, missing, too
 * many or swapped with the next, two in words of eight and more. An empty query finds nothing.
 */
export function searchPlaces(query: string, limit: number): Place[] {
  const wanted = fold(query)
  if (wanted === '') return []
  const words = wanted.split(' ')
  const matches = bestFirst((entry) => scoreOf(entry, wanted, words))
  const found = matches.length > 0 ? matches : mistyped(words)
  return withAirports(found).slice(0, Math.max(0, limit))
}

function bestFirst(score: (entry: Entry) => number): Place[] {
  return entries()
    .map((entry) => ({ place: entry.place, score: score(entry) }))
    .filter((match) => match.score > 0)
    .toSorted((a, b) => b.score - a.score || (a.place.code < b.place.code ? -1 : 1))
    .map(({ place }) => place)
}

/** Places of which every word typed is nearly a word, or nearly the beginning of one. */
function mistyped(words: readonly string[]): Place[] {
  if (!words.some((word) => slipsOf(word) > 0) || words.some((word) => word.length > 64)) return []
  // Each different word is compared once, however many places bear it.
  const slips = words.map((word) => {
    const near = new Map<string, number>()
    for (const known of vocabulary()) {
      const distance = slipsBetween(word, known, slipsOf(word))
      if (distance !== null) near.set(known, distance)
    }
    return near
  })
  if (slips.some((near) => near.size === 0)) return []
  return bestFirst((entry) => {
    let sum = 0
    for (const near of slips) {
      const least = Math.min(...entry.words.map((word) => near.get(word) ?? Number.POSITIVE_INFINITY))
      if (least === Number.POSITIVE_INFINITY) return 0
      sum += least
    }
    return 500 - sum * 120 + entry.rank * 10 + (entry.place.kind === 'city' ? 15 : 0)
  })
}

/** How many slips are forgiven: nobody mistypes a code, and in short words one slip makes another word. */
function slipsOf(word: string): number {
  if (word.length < 4) return 0
  return word.length < 8 ? 1 : 2
}

let everyWord: readonly string[] | undefined

function vocabulary(): readonly string[] {
  everyWord ??= [...new Set(entries().flatMap(({ words }) => words))]
  return everyWord
}

/**
 * Slips that make `typed` out of the beginning of `known` that is most like it, a swap of neighbours being one; null when they
 * are more than `most`. Damerau and Levenshtein's distance (optimal string alignment), given up as soon as it is too far.
 */
function slipsBetween(typed: string, known: string, most: number): number | null {
  if (known.length + most < typed.length || (most === 0 && !known.startsWith(typed))) return null
  const width = typed.length
  let [beforeLast, last, current] = ROWS
  for (let column = 0; column <= width; column += 1) last[column] = column
  let best = width
  for (let row = 1; row <= known.length && row <= width + most; row += 1) {
    const letter = known.charCodeAt(row - 1)
    const before = row > 1 ? known.charCodeAt(row - 2) : -1
    let least = row
    current[0] = row
    for (let column = 1; column <= width; column += 1) {
      const own = typed.charCodeAt(column - 1)
      let cost = Math.min(last[column - 1]! + (own === letter ? 0 : 1), last[column]! + 1, current[column - 1]! + 1)
      if (own === before && column > 1 && typed.charCodeAt(column - 2) === letter) cost = Math.min(cost, beforeLast[column - 2]! + 1)
      current[column] = cost
      if (cost < least) least = cost
    }
    // What has been typed may be the beginning of a longer word.
    if (current[width]! < best) best = current[width]!
    if (least > most) break
    ;[beforeLast, last, current] = [last, current, beforeLast]
  }
  return best <= most ? best : null
}

/** The three rows of the comparison that are needed at a time; nobody asks for a longer word (PLACE_TEXT_MAX of the route). */
const ROWS: readonly [Uint8Array, Uint8Array, Uint8Array] = [new Uint8Array(256), new Uint8Array(256), new Uint8Array(256)]

type Entry = { place: Place; code: string; city: string; words: readonly string[]; rank: number }

let indexed: readonly Entry[] | undefined

function entries(): readonly Entry[] {
  indexed ??= listPlaces().map((place) => ({
    place,
    code: place.code.toLowerCase(),
    city: fold(place.city),
    words: fold(`${place.city} ${place.name}`).split(' '),
    rank: rankOfPlace(place.code),
  }))
  return indexed
}

function scoreOf(entry: Entry, wanted: string, words: readonly string[]): number {
  // A metropolitan code beside its airports of equal rank is what most people want: "tokyo" before Narita.
  const weight = entry.rank * 10 + (entry.place.kind === 'city' ? 15 : 0)
  // "mun" is Munich to nearly everybody, although a small airport in Venezuela owns the code.
  if (entry.code === wanted) return (entry.rank >= 3 ? 1_000 : 210) + weight
  if (entry.city.startsWith(wanted)) return 200 + weight + (entry.city === wanted ? 20 * entry.rank : 0)
  if (words.every((word) => entry.words.includes(word))) return 205 + weight
  if (words.every((word) => entry.words.some((known) => known.startsWith(word)))) return 180 + weight
  return wanted.length === 2 && entry.code.startsWith(wanted) ? 20 + weight : 0
}

// Newark belongs under "New York" although its name does not say so.
function withAirports(places: readonly Place[]): Place[] {
  const found = new Set<Place>()
  for (const place of places) {
    found.add(place)
    if (place.kind === 'city') for (const code of place.airports) found.add(findPlace(code)!)
  }
  return [...found]
}

/** Lower case without accents; anything that is no letter or digit separates words. Letters without decomposition are spelt out. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ø', 'o')
    .replaceAll('ß', 'ss')
    .replaceAll('đ', 'd')
    .replaceAll('ł', 'l')
    .replaceAll('æ', 'ae')
    .replaceAll('ı', 'i')
    .replace(/['’]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
