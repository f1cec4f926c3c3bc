import type { CallFault } from './gateway.ts'
import type { RecordFault } from './memory/transactions.ts'
import type { SupplierFault } from './supplier.ts'

/** What may befall each of the gateway's operations. `none` is a reply that comes, but a turn later. */
export const GATEWAY_FAULTS: Readonly<Record<string, readonly CallFault[]>> = {
  create: ['none', 'timeout_before', 'timeout_after', 'error_before', 'error_after', 'in_flight', 'refused'],
  query: ['none', 'timeout_before', 'timeout_after', 'error_before'],
  expire: ['none', 'timeout_before', 'timeout_after', 'error_before', 'error_after'],
  refund: ['none', 'timeout_before', 'timeout_after', 'error_before', 'error_after', 'partner_says_pending', 'refused', 'in_flight'],
  queryRefund: ['none', 'timeout_before', 'error_before'],
}

/** What may befall each of the supplier's operations. */
export const SUPPLIER_FAULTS: Readonly<Record<string, readonly SupplierFault[]>> = {
  price: ['none', 'no_answer'],
  book: [
    'none',
    'timeout_before',
    'timeout_after',
    'error_before',
    'error_after',
    'timeout_late',
    'not_sent',
    'refused',
    'sold_out',
    'price_changed',
    'waitlisted',
    'partial',
  ],
  ticket: ['none', 'timeout_before', 'timeout_after', 'error_before', 'error_after', 'timeout_late', 'not_sent', 'refused', 'partial'],
  cancel: ['none', 'timeout_before', 'timeout_after', 'error_before', 'error_after', 'not_sent', 'refused'],
  retrieve: ['none', 'no_answer'],
  find: ['none', 'no_answer'],
}

/** The fault that a number above zero stands for. */
export function callFaultOf(label: string, fault: number): CallFault {
  const faults = GATEWAY_FAULTS[label]!
  return faults[(fault - 1) % faults.length]!
}

export function supplierFaultOf(label: string, fault: number): SupplierFault {
  const faults = SUPPLIER_FAULTS[label]!
  return faults[(fault - 1) % faults.length]!
}

/** Odd numbers lose the connection before the work is kept, even ones after. */
export function recordFaultOf(_kind: 'statement' | 'commit', fault: number): RecordFault {
  return fault % 2 === 1 ? 'lost_before' : 'lost_after'
}
