const ZERO = 0x30

/** Writes a whole number from 0 to 2^31 in decimal; returns where it ends. */
export function writeNumber(out: Buffer, at: number, value: number): number {
  let end = at + 1
  for (let rest = value; rest >= 10; rest = (rest / 10) | 0) end += 1
  let rest = value
  for (let digit = end - 1; digit >= at; digit -= 1) {
    const next = (rest / 10) | 0
    out[digit] = ZERO + rest - next * 10
    rest = next
  }
  return end
}

/** JSON with everything beyond ASCII escaped (RFC 8259 §7): the same document, and one byte for each character. */
export function toAscii(json: string): string {
  return json.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
