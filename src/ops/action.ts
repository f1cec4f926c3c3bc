import type { Money } from '../kernel/money.ts'
import type { StoredWorkItem } from '../platform/work-items.ts'
import type { OpsDeps } from './deps.ts'

/** Something an action needs to be told. */
export type Need = { readonly name: string; readonly description: string; readonly isOptional?: boolean }

/** What has been done, in words for the log. `closes`: it was the last thing to do about the case. */
export type Done = { readonly outcome: string; readonly closes: boolean }

export type ActionInput = Readonly<Record<string, string>>

/** When a second person has to agree. */
export type Approval = 'never' | 'above_limit' | 'always'

/** Something a person can do about a kind of case. It is harmless when it runs twice: whoever runs it may die before saying so. */
export type Action = {
  readonly name: string
  /** What it does, as an imperative. */
  readonly title: string
  readonly needs: readonly Need[]
  readonly approval: Approval
  readonly run: (deps: OpsDeps, item: StoredWorkItem, input: ActionInput, decision: Decided) => Promise<Done>
  /** Absent: always there. */
  readonly isOffered?: (deps: OpsDeps, item: StoredWorkItem) => boolean
}

/** Who decided that it be done, and about how much; `actionId` names the decision, however often it is carried out. */
export type Decided = { readonly actionId: string; readonly by: string; readonly amount: Money | null }

export type ActionState = 'proposed' | 'running' | 'done' | 'failed' | 'rejected'

/** An action as it stands in the log. */
export type LoggedAction = {
  readonly id: string
  readonly workItemId: string
  readonly action: string
  readonly input: ActionInput
  readonly state: ActionState
  readonly amount: Money | null
  readonly needsApproval: boolean
  readonly proposedBy: string
  readonly proposedAt: number
  readonly decidedBy: string | null
  readonly decisionReason: string | null
  readonly outcome: string | null
  readonly finishedAt: number | null
  readonly version: number
}
