import type { Instant } from '../kernel/time.ts'
import type { WorkItemFilter } from '../platform/work-items.ts'
import type { OpsDeps } from './deps.ts'
import { claimItem, decideAction, resumeActions, takeAction, type ActionOrder, type ApprovalOrder } from './take-action.ts'
import { listItems, viewItem } from './view-item.ts'

export type { OpsDeps } from './deps.ts'
export { workItemRoutes } from './routes.ts'

/** What people see of the cases that need them, and do about them. */
export function createOps(deps: OpsDeps) {
  return {
    list: (filter: WorkItemFilter) => listItems(deps, filter),
    view: (id: string) => viewItem(deps, id),
    claim: (order: { workItemId: string; by: string; takeOver: boolean }) => claimItem(deps, order),
    act: (order: ActionOrder) => takeAction(deps, order),
    decide: (order: ApprovalOrder) => decideAction(deps, order),
    /** Takes up actions whose process died over them. */
    resume: () => resumeActions(deps),
    now: (): Instant => deps.clock.now(),
  }
}

export type Ops = ReturnType<typeof createOps>
