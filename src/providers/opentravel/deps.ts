import type { Clock } from '../../kernel/time.ts'
import type { Send } from '../../platform/partner.ts'
import type { OpenTravelOn } from './config.ts'

/** What the adapter is given: where and as whom, the way there, and the time. It keeps no state of its own. */
export type Deps = { readonly config: OpenTravelOn; readonly send: Send; readonly clock: Clock }
