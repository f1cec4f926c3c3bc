/** A key nobody guesses or meets twice. `crypto.randomUUID` exists only on secure origins; a phone on the local network has none. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
