import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** Personal data that only the holder of the key-encrypting key can read; forgetting `key` forgets the data. */
export type Sealed = { readonly key: string; readonly data: string }

export type Sealer = {
  /** Seals a text under a fresh key of its own. `context` (an id) is bound to it: the same context must open it. */
  readonly seal: (text: string, context: string) => Sealed
  /** The text again; throws when the key, the context or a single bit is not what was sealed. */
  readonly open: (sealed: Sealed, context: string) => string
  /** The same for the same text and purpose, for finding it again; says nothing about the text to whoever has not the key. */
  readonly fingerprint: (text: string, purpose: string) => string
}

/**
 * Envelope encryption with AES-256-GCM: each value has its own data key, which is itself sealed with the
 * key-encrypting key. `keyBase64` is 32 bytes in base64; throws a RangeError for anything else.
 */
export function createSealer(keyBase64: string): Sealer {
  const keyEncryptingKey = Buffer.from(keyBase64, 'base64')
  if (keyEncryptingKey.length !== 32) throw new RangeError('the sealing key must be 32 bytes in base64')
  return {
    seal(text, context) {
      const dataKey = randomBytes(32)
      return { key: encrypt(keyEncryptingKey, dataKey, context), data: encrypt(dataKey, Buffer.from(text, 'utf8'), context) }
    },
    open(sealed, context) {
      const dataKey = decrypt(keyEncryptingKey, sealed.key, context)
      return decrypt(dataKey, sealed.data, context).toString('utf8')
    },
    fingerprint(text, purpose) {
      const key = createHmac('sha256', keyEncryptingKey).update(purpose).digest()
      return createHmac('sha256', key).update(text).digest('base64url')
    },
  }
}

const IV_BYTES = 12
const TAG_BYTES = 16

function encrypt(key: Buffer, plain: Buffer, context: string): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context, 'utf8'))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
}

function decrypt(key: Buffer, sealed: string, context: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
}
