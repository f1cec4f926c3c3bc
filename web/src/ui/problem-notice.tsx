import type { ReactNode } from 'react'
import { toApiProblem, type MoneyMoved } from '../api/problem.ts'
import { Notice } from './notice.tsx'

const moneyWords: Record<MoneyMoved, string> = {
  none: 'No money moved.',
  authorised: 'Your card is authorised, not charged.',
  captured: 'Your payment was taken; it stays with your booking.',
  unknown: 'We do not know yet whether money moved. Do not pay again before you have checked.',
}

/** What happened, whether money moved, what to do next and the reference to quote. */
export function ProblemNotice(props: { cause: unknown; title?: string; actions?: ReactNode; saysMoney?: boolean }) {
  const problem = toApiProblem(props.cause)
  const untold = problem.errors.filter((fault) => !problem.message.includes(fault.message))
  return (
    <Notice tone="danger" isAlert title={props.title ?? problem.title} actions={props.actions}>
      <p>
        {problem.message}
        {props.saysMoney === true ? ` ${moneyWords[problem.moneyMoved]}` : ''}
      </p>
      {untold.length === 0 ? null : (
        <ul>
          {untold.map((fault) => (
            <li key={`${fault.pointer}${fault.code}`}>{fault.message}</li>
          ))}
        </ul>
      )}
      {problem.requestId === null ? null : (
        <p className="small muted">
          Reference <span className="code">{problem.requestId}</span>
        </p>
      )}
    </Notice>
  )
}
