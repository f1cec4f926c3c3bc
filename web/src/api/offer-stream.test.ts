import { beforeEach, expect, test, vi } from 'vitest'
import { streamOffers, type OfferStreamListener } from './offer-stream.ts'

/** A browser's EventSource by hand: it comes back by itself until it is closed, or for good when refused. */
class HandEventSource extends EventTarget {
  static readonly CONNECTING = 0
  static readonly CLOSED = 2
  static last: HandEventSource
  readyState = HandEventSource.CONNECTING
  readonly url: string
  constructor(url: string) {
    super()
    this.url = url
    HandEventSource.last = this
  }
  close() {
    this.readyState = HandEventSource.CLOSED
  }
  tell(name: string, data: unknown) {
    this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(data) }))
  }
  breakOff() {
    this.dispatchEvent(new Event('error'))
  }
}

beforeEach(() => {
  vi.stubGlobal('EventSource', HandEventSource)
  return () => vi.unstubAllGlobals()
})

const follow = () => {
  const listener = {
    onSource: vi.fn<OfferStreamListener['onSource']>(),
    onOffers: vi.fn<OfferStreamListener['onOffers']>(),
    onFacets: vi.fn<OfferStreamListener['onFacets']>(),
    onDone: vi.fn<() => void>(),
    onBroken: vi.fn<() => void>(),
  }
  const stop = streamOffers({ origin: 'CGK', destination: 'NRT', departure_date: '2027-01-20' }, listener)
  return { listener, stop, source: HandEventSource.last }
}

test('asks for the best order and hands on what the stream tells', () => {
  const { listener, source } = follow()
  expect(source.url).toBe('/v1/flights/offers/stream?origin=CGK&destination=NRT&departure_date=2027-01-20&sort=best&limit=25')
  source.tell('offers', { upsert: [] })
  source.tell('facets', { facets: {} })
  source.tell('done', {})
  expect(listener.onOffers).toHaveBeenCalledWith({ upsert: [] })
  expect(listener.onFacets).toHaveBeenCalledOnce()
  expect(listener.onDone).toHaveBeenCalledOnce()
  expect(source.readyState).toBe(HandEventSource.CLOSED)
})

test('lets the browser come back three times, then gives up once', () => {
  const { listener, source } = follow()
  for (let breaks = 0; breaks < 3; breaks += 1) source.breakOff()
  expect(listener.onBroken).not.toHaveBeenCalled()
  expect(source.readyState).not.toBe(HandEventSource.CLOSED)
  source.breakOff()
  expect(listener.onBroken).toHaveBeenCalledOnce()
  expect(source.readyState).toBe(HandEventSource.CLOSED)
})

test('a refusal is final at once', () => {
  const { listener, source } = follow()
  source.close()
  source.breakOff()
  expect(listener.onBroken).toHaveBeenCalledOnce()
})
