import { Type } from 'typebox'

export const GatewayParams = Type.Object({ gateway: Type.String({ maxLength: 40, description: 'A payment provider, "stripe".' }) })
