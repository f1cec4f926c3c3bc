import { writer17 } from './to-wire-17.ts'
import { createWriter21 } from './to-wire-21.ts'
import type { Version } from './wire.ts'
import type { Writer } from './write-values.ts'

/** The writer of a version. */
export function writerOf(version: Version): Writer {
  return version === '17.2' ? writer17 : createWriter21(version)
}
