import { findPlace, listPlaces, rankOfPlace, type Place } from './place-table.ts'

/**
 * Places that a person who has typed `query` may mean, best first, at most `limit`: an exact code, then cities and airports whose city,
 * name or code begins with it, the busiest first. Accents and case do not matter, every word typed must begin a word of the place, and a
 * city is followed by its airports. An empty query finds nothing.
 */
export function searchPlaces(query: string, limit: number): Place[] {
  const wanted = fold(query)
  if (wanted === '') return []
  const words = wanted.split(' ')
  const matches = entries()
    .map((entry) => ({ place: entry.place, score: scoreOf(entry, wanted, words) }))
    .filter((match) => match.score > 0)
    .toSorted((a, b) => b.score - a.score || (a.place.code < b.place.code ? -1 : 1))
  return withAirports(matches.map((match) => match.place)).slice(0, Math.max(0, limit))
}

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
