/** What the API takes at most. */
export const mostRooms = 9
export const mostAdults = 9
export const mostChildren = 6
export const oldestChild = 17
export const mostNights = 30

/** Who sleeps in one room. */
export type RoomGuests = { adults: number; childAges: readonly number[] }

/** Who sleeps where, of a text such as "2.8,5_1"; what cannot be read counts as a room for two. */
export function readRooms(text: string | undefined): RoomGuests[] {
  return (text ?? '2').split('_').map((room) => {
    const match = /^(\d{1,2})(?:\.(\d{1,2}(?:,\d{1,2})*))?$/.exec(room)
    if (match === null) return { adults: 2, childAges: [] }
    return { adults: Number(match[1]), childAges: match[2] === undefined ? [] : match[2].split(',').map(Number) }
  })
}

/** The text of these rooms as {@link readRooms} reads it. */
export function writeRooms(rooms: readonly RoomGuests[]): string {
  return rooms.map(({ adults, childAges }) => (childAges.length === 0 ? String(adults) : `${adults}.${childAges.join(',')}`)).join('_')
}
