import { defineConfig } from 'vitest/config'

const everywhere = ['src', 'fixtures', 'test', 'commands', 'bench', 'web/src']
const needsServers = [...everywhere.map((folder) => `${folder}/**/*.db.test.ts`), 'test/journeys/**/*.test.ts']
const needsBrowser = ['test/browser/**/*.test.ts']

/** Two workers: the smallest machine that runs the suite has two cores, and the servers want their share. */
const common = {
  environment: 'node',
  pool: 'forks',
  setupFiles: ['test/support/polyfills.ts'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
  retry: 0,
  restoreMocks: true,
  unstubEnvs: true,
} as const

const servers = { ...common, globalSetup: ['test/support/global-setup.ts'] }

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: everywhere.map((folder) => `${folder}/**/*.test.{ts,tsx}`),
          exclude: [...needsServers, ...needsBrowser, '**/node_modules/**'],
        },
      },
      { test: { ...servers, name: 'servers', include: needsServers } },
      { test: { ...servers, name: 'browser', include: needsBrowser, testTimeout: 120_000, hookTimeout: 120_000 } },
    ],
  },
})
