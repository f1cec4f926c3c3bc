import type { RoomOccupancy } from '../../travel/stay.ts'

/** Rooms that are occupied alike, by their places in the query: Hotelbeds sells them as one rate of several rooms. */
export type RoomGroup = { readonly occupancy: RoomOccupancy; readonly rooms: readonly number[] }

/** The query's rooms by occupancy, in the order in which each first appears. The order of children's ages is no difference. */
export function groupRooms(rooms: readonly RoomOccupancy[]): RoomGroup[] {
  const groups = new Map<string, { occupancy: RoomOccupancy; rooms: number[] }>()
  for (const [index, occupancy] of rooms.entries()) {
    const key = occupancyKey(occupancy)
    const group = groups.get(key)
    if (group) group.rooms.push(index)
    else groups.set(key, { occupancy, rooms: [index] })
  }
  return [...groups.values()]
}

/** The same text for rooms that are occupied alike. */
export function occupancyKey({ adults, childAges }: RoomOccupancy): string {
  return `${adults}|${childAges.toSorted((a, b) => a - b).join(',')}`
}
