import { readFileSync } from 'node:fs'
import type { ClientTls } from '../platform/partner.ts'
import type { Secret } from '../platform/secret.ts'
import type { ProviderModule, Variable } from './module.ts'

/** Variables every seller has beside its own: the certificate we show it, where it asks for one. "DUFFEL_TLS_CERT_FILE". */
export function tlsVariables({ id }: Pick<ProviderModule, 'id'>): Record<string, Variable> {
  const prefix = id.toUpperCase()
  return {
    [`${prefix}_TLS_CERT_FILE`]: { description: 'PEM file of the certificate that we show, with its chain', isOptional: true },
    [`${prefix}_TLS_KEY_FILE`]: { description: 'PEM file of its private key', isOptional: true },
    [`${prefix}_TLS_CA_FILE`]: { description: 'PEM file of authorities to be believed instead of the usual ones', isOptional: true },
  }
}

/** The files that these variables name, read once. Throws with the variable's name when one cannot be read. */
export function readTls(module: Pick<ProviderModule, 'id'>, values: Readonly<Record<string, Secret>>): ClientTls {
  const prefix = module.id.toUpperCase()
  const read = (what: 'CERT' | 'KEY' | 'CA'): string | undefined => {
    const name = `${prefix}_TLS_${what}_FILE`
    const file = values[name]?.reveal()
    if (file === undefined) return undefined
    try {
      return readFileSync(file, 'utf8')
    } catch (error) {
      throw new Error(`${name} names a file that cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
  }
  const [cert, key, ca] = [read('CERT'), read('KEY'), read('CA')]
  return { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }), ...(ca !== undefined && { ca }) }
}
