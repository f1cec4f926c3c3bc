/** Letters of any script with the marks names have; no digits, no control characters, nothing that could end a line of a mail. */
const NAME = /^\p{L}[\p{L}\p{M} .'’-]{0,58}$/u

/** Whether a text can be a person's given or family name. */
export function isName(text: string): boolean {
  return NAME.test(text)
}
