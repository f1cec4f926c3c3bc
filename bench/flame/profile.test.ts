import { expect, test } from 'vitest'
import { toFlamePage, toFrames } from './profile.ts'

const frame = (functionName: string) => ({ functionName, url: 'file:///x/src/a.ts', lineNumber: 0 })
const profile = {
  nodes: [
    { id: 1, callFrame: { ...frame('(root)'), url: '' }, children: [2, 5] },
    { id: 2, callFrame: frame('serve'), children: [3, 4] },
    { id: 3, callFrame: frame('<render>') },
    { id: 4, callFrame: frame('<render>') },
    { id: 5, callFrame: { ...frame('(idle)'), url: '' } },
  ],
  samples: [2, 3, 4, 5],
  timeDeltas: [100, 200, 300, 9_000],
}

test('time is added up along the calls, the same function once, and waiting is left out', () => {
  expect(toFrames(profile)).toEqual({
    name: 'all',
    micros: 600,
    children: [{ name: 'serve src/a.ts:1', micros: 600, children: [{ name: '<render> src/a.ts:1', micros: 500, children: [] }] }],
  })
})

test('the page shows names as text', () => {
  const page = toFlamePage(toFrames(profile), 'a & b')
  expect(page).toContain('&lt;render> src/a.ts:1 · 83.3 %')
  expect(page).not.toContain('<render>')
  expect(page).toContain('<title>a &amp; b</title>')
})
