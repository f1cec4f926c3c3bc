import { Type } from 'typebox'

/** What a gateway reads from us: any 2xx means that we have it. */
export const WebhookReply = Type.Object({ received: Type.Boolean() }, { additionalProperties: false })
