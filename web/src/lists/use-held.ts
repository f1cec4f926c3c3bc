import { useEffect, useRef } from 'react'

const graceMs = 2_000

/**
 * Says whether the list must stand still: once the reader scrolled, pointed, pressed a key or moved into it, or two
 * seconds after the first rows appeared. A new search (`key`) starts over.
 */
export function useHeld(key: string, hasRows: boolean): () => boolean {
  const isHeld = useRef(false)
  useEffect(() => {
    isHeld.current = false
    const hold = () => {
      isHeld.current = true
    }
    const options = { passive: true }
    const events = ['scroll', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const
    for (const event of events) window.addEventListener(event, hold, options)
    return () => {
      for (const event of events) window.removeEventListener(event, hold)
    }
  }, [key])
  useEffect(() => {
    if (!hasRows) return undefined
    const timer = setTimeout(() => {
      isHeld.current = true
    }, graceMs)
    return () => clearTimeout(timer)
  }, [key, hasRows])
  return () => isHeld.current
}
