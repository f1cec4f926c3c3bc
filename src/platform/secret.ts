import { inspect } from 'node:util'

/** A value that prints as "[secret]" wherever it is logged, and is read only by asking for it. */
export type Secret = { readonly reveal: () => string }

/** Wraps a secret. */
export function secret(value: string): Secret {
  const hidden = () => '[secret]'
  return Object.freeze({ reveal: () => value, toJSON: hidden, toString: hidden, [inspect.custom]: hidden })
}
