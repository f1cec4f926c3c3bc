import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

type LoggedLine = { msg: string; err: { message: string; errors?: { message: string }[] } }

function logged(error: unknown): LoggedLine {
  const lines: string[] = []
  createLogger('info', { write: (line) => void lines.push(line) }).error({ err: error }, 'failed')
  return JSON.parse(lines[0]!) as LoggedLine
}

test('an error is logged with its cause, and without whatever else hangs on it', () => {
  const error = Object.assign(new Error('lost', { cause: new Error('reset') }), { code: '57P01', client: { password: 'hunter2' } })
  const line = logged(error)
  expect(line).toMatchObject({ msg: 'failed', err: { type: 'Error', code: '57P01', message: 'lost', cause: { message: 'reset' } } })
  expect(JSON.stringify(line)).not.toContain('hunter2')
})

test('several errors at once are all told', () => {
  expect(logged(new AggregateError([new Error('one'), new Error('two')], 'both')).err.errors!.map((one) => one.message)).toEqual([
    'one',
    'two',
  ])
})
