/** Where search says what went wrong without anyone having to be told. Facts hold no personal data. */
export type SearchLogger = { readonly warn: (facts: Record<string, unknown>, message: string) => void }

export const silentLogger: SearchLogger = { warn: () => undefined }
