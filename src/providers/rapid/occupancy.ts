import type { RoomOccupancy } from '../../travel/stay.ts'

/** A room's guests in their words: "2-9,4" is two adults and children of nine and four. */
export function toOccupancy({ adults, childAges }: RoomOccupancy): string {
  return childAges.length > 0 ? `${adults}-${childAges.join(',')}` : String(adults)
}

/** The guests of a key of theirs, or undefined when it is none. */
export function findOccupancy(key: string): RoomOccupancy | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,2}(?:,\d{1,2})*))?$/.exec(key.trim())
  if (!match?.[1]) return undefined
  return { adults: Number(match[1]), childAges: match[2]?.split(',').map(Number) ?? [] }
}

/** The entry for a room, under the key we sent or one that means the same with the ages in another order. */
export function findForRoom<T>(byOccupancy: Readonly<Record<string, T>>, room: RoomOccupancy): T | undefined {
  const key = toOccupancy(room)
  if (Object.hasOwn(byOccupancy, key)) return byOccupancy[key]
  const wanted = toOccupancy(inOrder(room))
  return Object.entries(byOccupancy).find(([other]) => {
    const occupancy = findOccupancy(other)
    return occupancy && toOccupancy(inOrder(occupancy)) === wanted
  })?.[1]
}

function inOrder({ adults, childAges }: RoomOccupancy): RoomOccupancy {
  return { adults, childAges: childAges.toSorted((a, b) => a - b) }
}
