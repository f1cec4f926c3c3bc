/** nock 15 calls Promise.withResolvers, which Node has from version 22 on. */
type Resolvers = { promise: Promise<unknown>; resolve: (value: unknown) => void; reject: (reason: unknown) => void }

const constructor = Promise as unknown as { withResolvers?: () => Resolvers }
constructor.withResolvers ??= () => {
  const resolvers = {} as Resolvers
  resolvers.promise = new Promise((resolve, reject) => Object.assign(resolvers, { resolve, reject }))
  return resolvers
}
