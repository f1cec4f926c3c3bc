// The named export `raw` is an encoder of a symbology called raw; the function that returns modules is the default's.
import bwip from 'bwip-js/node'

/** A QR code as rows of modules, true for dark; without the quiet zone of four modules that has to surround it. */
export type QrMatrix = readonly (readonly boolean[])[]

/** Encodes the text with error correction level M, which survives a fold or a coffee stain of 15 %. */
export function toQrMatrix(text: string): QrMatrix {
  const [symbol] = bwip.raw('qrcode', text, 'eclevel=M')
  if (!symbol || !('pixs' in symbol)) throw new RangeError('the text cannot be encoded as a QR code')
  return Array.from({ length: symbol.pixy }, (_, row) =>
    Array.from({ length: symbol.pixx }, (_, column) => symbol.pixs[row * symbol.pixx + column] === 1),
  )
}

/** Dark modules joined into horizontal runs, [column, row, length]: fewer shapes, and no hairlines between them. */
export function toRuns(matrix: QrMatrix): [column: number, row: number, length: number][] {
  const runs: [number, number, number][] = []
  for (const [row, modules] of matrix.entries()) {
    for (let column = 0; column < modules.length; column += 1) {
      if (!modules[column]) continue
      const from = column
      while (modules[column + 1]) column += 1
      runs.push([from, row, column - from + 1])
    }
  }
  return runs
}
