import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { repository } from '../stack/home.ts'
import { NotUnderstood } from '../translate/read-message.ts'
import { translateMessage } from '../translate/translate-message.ts'

/** Where real messages lie beside the repository; a checkout alone has none. */
export const RECORDINGS = path.join(repository, '../shared/recordings')

/** Whose messages lie in which folder. */
export const RECORDED: Readonly<Record<string, readonly string[]>> = {
  travelport: ['travelport-uapi'],
  duffel: ['duffel'],
  amadeus: ['amadeus-soap'],
  ndc: ['ndc-17.2'],
  hotelbeds: ['hotelbeds'],
  rapid: ['expedia-rapid'],
  opentravel: ['opentravel-hotel', 'opentravel-air'],
}

/** A real message: whose, the operation it belongs to (its folder), and where it lies. */
export type Recording = { readonly provider: string; readonly operation: string; readonly name: string; readonly file: string }

/** Every recorded message of a provider; none where the folder is absent. */
export function listRecordings(provider: string): Recording[] {
  return (RECORDED[provider] ?? []).flatMap((folder) => {
    const root = path.join(RECORDINGS, folder)
    if (!existsSync(root)) return []
    return readdirSync(root)
      .filter((operation) => statSync(path.join(root, operation)).isDirectory())
      .flatMap((operation) =>
        readdirSync(path.join(root, operation)).map((file) => ({
          provider,
          operation,
          name: `${folder}/${operation}/${file}`,
          file: path.join(root, operation, file),
        })),
      )
  })
}

/** Why a message is not understood, or null when it is. */
export function whyNotUnderstood({ provider, operation, file }: Recording): string | null {
  try {
    translateMessage(provider, operation, readFileSync(file, 'utf8'))
    return null
  } catch (error) {
    if (error instanceof NotUnderstood) return error.message
    throw error
  }
}
