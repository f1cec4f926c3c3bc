/** Reads what this tab stored under a key; null when there is nothing, or the browser stores nothing. */
export function readTab<T>(key: string): T | null {
  try {
    const stored = sessionStorage.getItem(key)
    return stored === null ? null : (JSON.parse(stored) as T)
  } catch {
    return null
  }
}

/** Stores a value for this tab; null forgets it. A browser that stores nothing still books. */
export function writeTab(key: string, value: unknown): void {
  try {
    if (value === null) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Private windows of some browsers refuse; what is kept only in memory then is lost with the page.
  }
}
