import { defineProblem } from '../kernel/problems.ts'

export const workItemUnknown = defineProblem({
  code: 'work-item-unknown',
  status: 404,
  title: 'There is no such work item',
  detail: 'No work item has this id.',
})

export const workItemClosed = defineProblem({
  code: 'work-item-closed',
  status: 409,
  title: 'The work item is closed',
  detail: 'Nothing has been done. Look at its history for what ended it.',
})

export const workItemTaken = defineProblem({
  code: 'work-item-taken',
  status: 409,
  title: 'Somebody else has the work item',
  detail: 'Nothing has been done. Ask its owner, or claim it with "take_over": true.',
})

export const actionNotAllowed = defineProblem({
  code: 'action-not-allowed',
  status: 422,
  title: 'This cannot be done about this work item',
  detail: 'Nothing has been done. Look at its actions for what can be.',
})

export const actionUnderWay = defineProblem({
  code: 'action-under-way',
  status: 409,
  title: 'Something is being done about it already',
  detail: 'Nothing more has been done. Approve or reject what is proposed, or wait until it has been carried out.',
})

export const actionUnknown = defineProblem({
  code: 'action-unknown',
  status: 404,
  title: 'Nothing of the kind is proposed',
  detail: 'The work item has no action with this id.',
})

export const actionDecided = defineProblem({
  code: 'action-decided',
  status: 409,
  title: 'It has been decided already',
  detail: 'Nothing more has been done. Look at the action for what became of it.',
})

export const approvalByProposer = defineProblem({
  code: 'approval-by-proposer',
  status: 403,
  title: 'It takes another person',
  detail: 'Whoever proposed it cannot approve it. Nothing has been done. Have another operator decide, or reject it yourself.',
})
