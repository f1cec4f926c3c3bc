import { expect, test } from 'vitest'
import { hashOf, listRoutes, offersOf } from './data-set.ts'
import { createDraws } from './draws.ts'

const COUNT = 20_000
const routes = listRoutes(200)

test('the same seed draws the same requests, another seed others', () => {
  const draw = (seed: number) => {
    const draws = createDraws(routes, seed)
    return Array.from({ length: 50 }, () => draws.path())
  }
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
})

test('of the requests about 60 % are the first page, 25 % a popular filter and 15 % the price slider', () => {
  const draws = createDraws(routes, 3)
  const paths = Array.from({ length: COUNT }, () => draws.path())
  const share = (isKind: (path: string) => boolean) => paths.filter(isKind).length / COUNT
  expect(share((path) => path.split('&').length === 3)).toBeCloseTo(0.6, 1)
  expect(share((path) => path.includes('max_price='))).toBeCloseTo(0.15, 1)
  expect(share((path) => path.includes('origin=CGK&destination=NRT'))).toBeGreaterThan(0.1)
})

test('the slider never comes round: a first pass repeats itself as travellers do, and no more', () => {
  const draws = createDraws(routes, 4)
  for (let i = 0; i < COUNT; i += 1) draws.path()
  expect(draws.repeated()).toBeGreaterThan(0.6)
  expect(draws.repeated()).toBeLessThan(0.85)
})

test('a data set is the same for the same seed, spread over the suppliers, about 1.4 kB an offer, and without repetition', () => {
  const [route] = routes
  const [one, again, other] = [offersOf(route!, 400, 1), offersOf(route!, 400, 1), offersOf(route!, 400, 2)]
  expect(hashOf(one.values())).toBe(hashOf(again.values()))
  expect(hashOf(one.values())).not.toBe(hashOf(other.values()))
  const all = [...one.values()].flat()
  expect(all).toHaveLength(400)
  expect([...one.values()].every((offers) => offers.length > 130)).toBe(true)
  const bytes = JSON.stringify(all).length / all.length
  expect(bytes).toBeGreaterThan(1_100)
  expect(bytes).toBeLessThan(1_700)
  expect(new Set(all.map(({ slices, total }) => JSON.stringify([slices, total]))).size).toBe(400)
})
