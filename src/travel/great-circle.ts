/** A point on the surface of the earth in decimal degrees. */
export type Position = { readonly latitude: number; readonly longitude: number }

/** Kilometres of one degree of latitude. */
export const DEGREE_KM = 111.32

/** Metres along the great circle. */
export function metresBetween(a: Position, b: Position): number {
  const radians = Math.PI / 180
  const half = (degrees: number) => Math.sin((degrees * radians) / 2) ** 2
  const angle =
    half(b.latitude - a.latitude) + Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * half(b.longitude - a.longitude)
  return 12_742_000 * Math.asin(Math.min(1, Math.sqrt(angle)))
}
