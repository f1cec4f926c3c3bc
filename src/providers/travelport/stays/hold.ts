import type { Reservation } from '../../../travel/reservation.ts'
import type { Call, Cancellation, FindReply, StayOrder, WriteOutcome } from '../../contract.ts'
import { ProviderError } from '../../errors.ts'
import { causeOf, outcomeOfCancellation } from '../cancel.ts'
import { ask, createBudget, type Budget } from '../deps.ts'
import { outcomeOfSilence } from '../exchange.ts'
import { outcomeOfFault } from '../faults.ts'
import { isOurs, retrieveReply, searchRecords } from '../read-operations.ts'
import { readLocators } from '../read-reservation.ts'
import { malformed } from '../read-values.ts'
import { writeCancelRecord } from '../to-wire.ts'
import { readStayRecord, refundAt, type StayRecord } from './read-reservation.ts'
import type { HotelDeps } from './shop.ts'
import { writeFindStay } from './write.ts'

/** The reservation as the host has it now. Throws ProviderError. */
export async function retrieveStay(deps: HotelDeps, supplierRef: string, call: Call): Promise<Reservation> {
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  return (await retrieveStayRecord(deps, readLocators(supplierRef).record, call, budget)).reservation
}

/**
 * The reservation whose remark holds our reference; an active one is preferred to a cancelled one. Throws ProviderError
 * when a candidate could not be read: it might have been the one.
 */
export async function findStay(deps: HotelDeps, order: StayOrder, call: Call): Promise<FindReply> {
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  let other: StayRecord | undefined
  const records = await searchRecords(deps, (startFrom) => writeFindStay(deps.config, order, startFrom), call, budget)
  for (const record of records) {
    const held = await retrieveStayRecord(deps, record, call, budget)
    if (!held.remarks.some((remark) => isOurs(remark, order.reference))) continue
    if (held.reservation.status === 'active') return { outcome: 'found', reservation: held.reservation }
    other ??= held
  }
  return other ? { outcome: 'found', reservation: other.reservation } : { outcome: 'absent' }
}

/**
 * Reads the record (a cancellation must cite its current version) and cancels it with all its rooms. What comes back is the
 * price less what the terms of the record ask at this moment; null when they do not say, or when it was cancelled before.
 */
export async function cancelStay(deps: HotelDeps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  const budget = createBudget(deps, deps.config.limits.writeTimeoutMs)
  let held: StayRecord
  try {
    held = await retrieveStayRecord(deps, readLocators(reservation.supplierRef).record, call, budget)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { outcome: 'unknown', cause: causeOf(error), message: `the reservation could not be read before cancelling: ${error.message}` }
  }
  if (held.reservation.status === 'cancelled') return { outcome: 'ok', value: { refund: null } }
  const envelope = writeCancelRecord(deps.config, held.locators.record, held.version)
  const refund = refundAt(held, deps.clock.now())
  const result = await ask(deps, call, budget, { service: 'UniversalRecordService', envelope, expects: 'UniversalRecordCancelRsp' })
  if (result.kind === 'fault') return outcomeOfFault('cancel', result.fault)
  if (result.kind !== 'reply') return outcomeOfSilence(result)
  const said = outcomeOfCancellation(result.body)
  return said.outcome === 'ok' ? { outcome: 'ok', value: { refund } } : said
}

async function retrieveStayRecord(deps: HotelDeps, record: string, call: Call, budget: Budget): Promise<StayRecord> {
  const held = readStayRecord(await retrieveReply(deps, record, call, budget))
  if (!held) throw malformed('the reply holds no universal record')
  return held
}
