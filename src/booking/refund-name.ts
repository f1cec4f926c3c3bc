import type { FailureReason } from './machine/index.ts'

/** What payments keeps a refund under: why it is made and, where it is of one item by itself, of which. */
export function refundName(reason: FailureReason, ofItem: string | null): string {
  return ofItem === null ? reason : `${reason}:${ofItem}`
}

/** Why a refund of that name is made, and the item it is of. */
export function readRefundName(name: string): { readonly reason: FailureReason; readonly ofItem: string | undefined } {
  const [reason, ofItem] = name.split(':')
  return { reason: reason as FailureReason, ofItem: ofItem?.startsWith('itm_') ? ofItem : undefined }
}
