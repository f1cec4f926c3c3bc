import { afterEach, expect, test, vi } from 'vitest'
import { armFailpoint, failpoint } from './failpoint.ts'

afterEach(() => armFailpoint(null))

test('a process dies at the point it was armed for, at the n-th passing, and at no other', () => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
  failpoint('supplier-answered')
  armFailpoint('supplier-answered:2')
  failpoint('refund-given')
  failpoint('supplier-answered')
  expect(kill).not.toHaveBeenCalled()
  failpoint('supplier-answered')
  failpoint('supplier-answered')
  expect(kill.mock.calls).toEqual([[process.pid, 'SIGKILL']])
})
