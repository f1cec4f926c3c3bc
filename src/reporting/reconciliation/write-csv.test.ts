import { expect, test } from 'vitest'
import { toCell } from './write-csv.ts'

test.each([
  ['=HYPERLINK("http://evil")', `"'=HYPERLINK(""http://evil"")"`],
  ['+1+cmd|calc', `'+1+cmd|calc`],
  ['-2+3', `'-2+3`],
  ['@SUM(A1)', `'@SUM(A1)`],
  ['\t=1', `'\t=1`],
  [' =1', `' =1`],
  ['\r\n=1', `"'\r\n=1"`],
])('a spreadsheet never takes %j for a formula', (text, cell) => expect(toCell(text)).toBe(cell))

test.each([
  ['-12.50', '-12.50'],
  ['178.74', '178.74'],
  ['pi_3abc', 'pi_3abc'],
  ['a, "b"', '"a, ""b"""'],
  ['', ''],
])('%j stays what it is', (text, cell) => expect(toCell(text)).toBe(cell))
