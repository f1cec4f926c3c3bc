import type { FieldFault } from '../kernel/problems.ts'

/** Reads query parameters one by one and collects what is wrong with them. A parameter that is wrong reads as absent. */
export type ParameterReader = {
  readonly faults: FieldFault[]
  readonly has: (name: string) => boolean
  readonly text: (name: string) => string | undefined
  /** As `text`, but its absence is a fault. */
  readonly required: (name: string) => string | undefined
  readonly whole: (name: string, min: number, max: number) => number | undefined
  readonly choice: <T extends string>(name: string, choices: readonly T[]) => T | undefined
  /** "HH:MM" as minutes since midnight. */
  readonly minuteOfDay: (name: string) => number | undefined
  readonly refuse: (name: string, code: string, message: string) => void
}

/** Refuses at once what is not in `known`, what is given twice and what is empty. */
export function readParameters(parameters: Record<string, unknown>, known: readonly string[]): ParameterReader {
  const faults: FieldFault[] = []
  const values = new Map<string, string>()
  const refuse = (pointer: string, code: string, message: string) => void faults.push({ pointer, code, message })

  for (const [name, value] of Object.entries(parameters)) {
    if (!known.includes(name)) refuse(name.slice(0, 60), 'unknown-parameter', 'is not a parameter of this request')
    else if (Array.isArray(value)) refuse(name, 'duplicate-parameter', 'is given more than once')
    else if (typeof value !== 'string' || value.trim() === '') refuse(name, 'empty', 'has no value; leave it out instead')
    else values.set(name, value.trim())
  }

  const text = (name: string) => values.get(name)
  return {
    faults,
    text,
    refuse,
    has: (name) => values.has(name),
    required(name) {
      const value = text(name)
      // What was given wrongly has been refused already.
      if (value === undefined && !(name in parameters)) refuse(name, 'required', 'is required')
      return value
    },
    whole(name, min, max) {
      const value = text(name)
      if (value === undefined) return undefined
      const number = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN
      if (number >= min && number <= max) return number
      refuse(name, 'out-of-range', `${JSON.stringify(value.slice(0, 20))} is not a whole number from ${min} to ${max}`)
      return undefined
    },
    choice(name, choices) {
      const value = text(name)
      if (value === undefined) return undefined
      const choice = choices.find((one) => one === value)
      if (choice === undefined) refuse(name, 'unknown-value', `${JSON.stringify(value.slice(0, 20))} is none of ${choices.join(', ')}`)
      return choice
    },
    minuteOfDay(name) {
      const value = text(name)
      if (value === undefined) return undefined
      const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(value)
      if (match === null) refuse(name, 'invalid-time', `${JSON.stringify(value.slice(0, 20))} is not a time of day such as 06:30`)
      return match === null ? undefined : Number(match[1]) * 60 + Number(match[2])
    },
  }
}
