import { useEffect, useState } from 'react'
import type { PlaceTime } from '../api/types.ts'
import { clockAtPlace, instantWords } from './time-words.ts'

/** A local time at a place, never moved into the reader's zone. */
export function LocalTime(props: { value: PlaceTime; className?: string }) {
  return (
    <time
      dateTime={props.value.local + (props.value.offset ?? '')}
      className={props.className === undefined ? 'num' : `num ${props.className}`}
    >
      {clockAtPlace(props.value)}
    </time>
  )
}

/** An instant on the reader's clock. */
export function Instant(props: { value: string }) {
  return (
    <time dateTime={props.value} className="num">
      {instantWords(props.value, Date.now())}
    </time>
  )
}

/** The current time, renewed every `everyMs` while shown. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
