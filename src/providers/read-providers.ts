import { secret } from '../platform/secret.ts'
import { tlsVariables } from './read-tls.ts'
import { PROVIDER_MODULES, type ProvidersConfig } from './registry.ts'

type Given = Readonly<Record<string, string | undefined>>

/** The suppliers that an environment switches on, which the first variable of each does. */
export function readProviders(given: Given): ProvidersConfig {
  const on = PROVIDER_MODULES.filter(({ environment }) => Boolean(given[Object.keys(environment)[0]!]))
  return new Map(
    on.map(({ id, environment }) => [
      id,
      Object.fromEntries(
        Object.keys({ ...environment, ...tlsVariables({ id }) }).flatMap((name) => (given[name] ? [[name, secret(given[name])]] : [])),
      ),
    ]),
  )
}

/** What is missing or unusable, each with what the variable is for. */
export function providerFaults(given: Given): string[] {
  return PROVIDER_MODULES.flatMap(({ environment }) => {
    const [trigger] = Object.keys(environment)
    if (!given[trigger!]) return []
    return Object.entries(environment).flatMap(([name, { description, example, isOptional, pattern }]) => {
      const value = given[name]
      const purpose = description + (example ? `, for example ${example}` : '')
      if (!value) return isOptional ? [] : [`${name} is missing: ${trigger} is set, so it is needed: ${purpose}`]
      const looksRight = name.endsWith('_URL') ? /^https?:\/\//.test(value) : (pattern?.test(value) ?? true)
      return looksRight ? [] : [`${name} is not usable: ${purpose}`]
    })
  })
}
