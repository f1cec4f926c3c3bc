import type { PlaceTime, Slice } from '../api/types.ts'

const dayMs = 86_400_000

/** The clock at the place, "18:35". */
export function clockAtPlace(time: PlaceTime): string {
  return time.local.slice(11, 16)
}

/** The day at the place, "Thu 10 Nov"; with the year when asked. */
export function dayAtPlace(time: PlaceTime, withYear = false): string {
  return dayWords(time.local.slice(0, 10), withYear)
}

/** A calendar date in words, "Thu 10 Nov 2026". The text comes back unchanged when it is not a date. */
export function dayWords(date: string, withYear = true): string {
  const at = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(at)) return date
  const parts = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(withYear ? { year: 'numeric' } : {}),
    timeZone: 'UTC',
  }).format(at)
  return parts.replace(',', '')
}

/** Days by which the local arrival date is after the local departure date. */
export function dayShift(departure: PlaceTime, arrival: PlaceTime): number {
  return Math.round(
    (Date.parse(`${arrival.local.slice(0, 10)}T00:00:00Z`) - Date.parse(`${departure.local.slice(0, 10)}T00:00:00Z`)) / dayMs,
  )
}

/** What the day shift means, "arrives next day"; empty when it arrives the day it leaves. */
export function dayShiftWords(days: number): string {
  if (days === 0) return ''
  if (days === 1) return 'arrives next day'
  if (days === -1) return 'arrives the day before'
  return days > 0 ? `arrives ${days} days later` : `arrives ${-days} days earlier`
}

/** A duration, "12 h 5 min"; "duration not stated" when the supplier does not say. */
export function durationWords(minutes: number | null): string {
  if (minutes === null) return 'duration not stated'
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}

/** The wait between two flights in minutes; places of one connection share a clock, so local times subtract. */
export function layoverMinutes(slice: Slice, index: number): number | null {
  const arriving = slice.segments[index]
  const leaving = slice.segments[index + 1]
  if (arriving === undefined || leaving === undefined) return null
  const minutes = Math.round((localMs(leaving.departure) - localMs(arriving.arrival)) / 60_000)
  return Number.isNaN(minutes) || minutes < 0 ? null : minutes
}

function localMs(time: PlaceTime): number {
  return Date.parse(`${time.local.slice(0, 16)}:00${time.offset ?? 'Z'}`)
}

/** How long ago, "40 s ago". */
export function agoWords(seconds: number): string {
  if (seconds < 5) return 'just now'
  if (seconds < 90) return `${Math.round(seconds)} s ago`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`
  return `${Math.round(seconds / 3600)} h ago`
}

/** An instant on the reader's own clock: "15:10" today, "Tue 3 Dec, 15:10" on another day. */
export function instantWords(iso: string, nowMs: number): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(at)
  return at.toDateString() === new Date(nowMs).toDateString() ? clock : `${instantDayWords(iso)}, ${clock}`
}

/** The day of an instant on the reader's own calendar, "Tue 3 Dec". */
export function instantDayWords(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  return new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' }).format(at).replace(',', '')
}

/** An instant to the second on the reader's own clock, with the day when it is not today: for a record of what happened when. */
export function stampWords(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at)
  return at.toDateString() === new Date().toDateString() ? clock : `${instantDayWords(iso)}, ${clock}`
}

/** Milliseconds as people read them, "0.8 s". */
export function millisecondsWords(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** Today on the reader's calendar, "2026-11-10". */
export function today(): string {
  return toDateText(new Date())
}

/** The date some days after another, both "2026-11-10". */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/** Days from one date to another, both "2026-11-10". */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs)
}

function toDateText(date: Date): string {
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
}
