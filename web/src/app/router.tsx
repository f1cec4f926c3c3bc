import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { parseFlightSearch, readAddress, writeAddress } from '../api/flight-search.ts'
import { parseStaySearch } from '../api/stay-search.ts'
import { FaultScreen, LoadingScreen, LostScreen } from './fallback-screens.tsx'
import { Shell } from './shell.tsx'

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: LostScreen, errorComponent: FaultScreen })

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: parseFlightSearch,
  component: lazyRouteComponent(() => import('../search/search-screen.tsx'), 'SearchScreen'),
})

const resultsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flights',
  validateSearch: parseFlightSearch,
  component: lazyRouteComponent(() => import('../results/results-screen.tsx'), 'ResultsScreen'),
})

const hotelsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/hotels',
  validateSearch: parseStaySearch,
  component: lazyRouteComponent(() => import('../search/stay-search-screen.tsx'), 'StaySearchScreen'),
})

const staysRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/stays',
  validateSearch: parseStaySearch,
  component: lazyRouteComponent(() => import('../stays/stays-screen.tsx'), 'StaysScreen'),
})

const houseRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/stays/houses/$house',
  validateSearch: parseStaySearch,
  component: lazyRouteComponent(() => import('../stays/house-screen.tsx'), 'HouseScreen'),
})

const checkoutRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/book/$offerId',
  component: lazyRouteComponent(() => import('../checkout/checkout-screen.tsx'), 'CheckoutScreen'),
})

const tripRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/trips/$bookingId',
  validateSearch: (raw: Record<string, unknown>): { payment?: string } =>
    typeof raw['payment'] === 'string' ? { payment: raw['payment'] } : {},
  component: lazyRouteComponent(() => import('../trips/trip-screen.tsx'), 'TripScreen'),
})

/** Addresses are plain query strings, the same the API takes, so that they can be read, typed and sent by a form without script. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([homeRoute, resultsRoute, hotelsRoute, staysRoute, houseRoute, checkoutRoute, tripRoute]),
  parseSearch: readAddress,
  stringifySearch: writeAddress,
  defaultPreload: 'intent',
  defaultPendingComponent: LoadingScreen,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
