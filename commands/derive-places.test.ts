import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { derivePlaces } from './derive-places.ts'

test('the committed place table is what the pinned packages and our corrections give', async () => {
  const committed = readFileSync(new URL('../src/travel/places.tsv', import.meta.url), 'utf8')
  expect(await derivePlaces()).toBe(committed)
})
