import { defineProblem } from '../kernel/problems.ts'

export const invalidSearch = defineProblem({
  code: 'invalid-search',
  status: 400,
  title: 'The search cannot be run as asked',
  detail: 'No supplier has been asked. Correct the parameters named in errors.',
})

export const invalidCursor = defineProblem({
  code: 'invalid-cursor',
  status: 400,
  title: 'The page cursor does not belong to this search',
  detail: 'Send page.after of the previous answer unchanged, with the same search and sort; or leave it out to begin with the first page.',
})

export const tooManyStreams = defineProblem({
  code: 'too-many-streams',
  status: 503,
  title: 'Too many searches are being followed live',
  detail: 'The same search without /stream answers as usual.',
})

export const suppliersProtected = defineProblem({
  code: 'search-overloaded',
  status: 503,
  title: 'Too many searches are being asked of the suppliers',
  detail: 'No supplier has been asked. Try again in a moment; searches that others have made lately are answered as usual.',
})

export const unknownHouse = defineProblem({
  code: 'unknown-house',
  status: 404,
  title: 'There is no house with this id',
  detail: 'No supplier that is switched on sells it. GET /v1/stays/offers tells the ids of those that can be booked.',
})
