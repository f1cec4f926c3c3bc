import { useEffect, useRef, useState } from 'react'

const pauseMs = 5_000

/** Says a text to assistive technology, politely and at most once in five seconds: the last one wins. */
export function Announcer(props: { text: string }) {
  const [said, setSaid] = useState('')
  const lastAt = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    const wait = Math.max(0, lastAt.current + pauseMs - performance.now())
    const timer = setTimeout(() => {
      lastAt.current = performance.now()
      setSaid(props.text)
    }, wait)
    return () => clearTimeout(timer)
  }, [props.text])
  return (
    <p className="said" role="status" aria-live="polite">
      {said}
    </p>
  )
}
