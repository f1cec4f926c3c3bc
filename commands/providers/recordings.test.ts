import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SUPPLIER_MOCKS } from '../../fixtures/mocks.ts'
import { createTranslators } from '../../src/providers/index.ts'
import { systemClock } from '../../src/kernel/time.ts'
import { listRecordings, RECORDED, RECORDINGS, whyNotUnderstood } from './recordings.ts'

test('every supplier that has a reader has a mock, and the other way round', () => {
  expect(SUPPLIER_MOCKS.map(({ id }) => id).toSorted()).toEqual(
    createTranslators(systemClock)
      .map(({ id }) => id)
      .toSorted(),
  )
})

describe.skipIf(!existsSync(RECORDINGS))('real messages (skipped where ../shared/recordings is absent)', () => {
  const recordings = Object.keys(RECORDED).flatMap(listRecordings)

  test('are there of every protocol that was recorded', () => {
    expect(recordings.length).toBeGreaterThan(60)
  })

  test.each(recordings.map((recording) => [recording.name, recording] as const))(
    'are understood from the command line: %s',
    (_, recording) => {
      expect(whyNotUnderstood(recording)).toBeNull()
    },
  )
})
