import { defineProblem } from '../kernel/problems.ts'

export const breakUnknown = defineProblem({
  code: 'break-unknown',
  status: 404,
  title: 'There is no such difference',
  detail: 'No break has this id.',
})

export const breakNotOpen = defineProblem({
  code: 'break-not-open',
  status: 409,
  title: 'The difference is not open',
  detail: 'It has settled by itself. Nothing has been written off.',
})

export const writeOffDiffers = defineProblem({
  code: 'write-off-differs',
  status: 409,
  title: 'The difference is another amount than was agreed to',
  detail: 'Nothing has been written off. Look at what the difference is now, and propose it again.',
})

export const dayNotOver = defineProblem({
  code: 'day-not-over',
  status: 422,
  title: 'This day has not begun',
  detail: 'Nothing has been compared. Ask for today or an earlier day; a day is compared in UTC.',
})
