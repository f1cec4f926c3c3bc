import { existsSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/**
 * The built page: hashed assets for ever, the page itself asked for anew each time; every other address a browser opens
 * is the page's. What the build compressed is sent so, what it did not is sent as it is. A folder without a page is
 * warned of and serves nothing. `directory` is absolute.
 */
export async function servePage(app: FastifyInstance, directory: string): Promise<void> {
  if (!existsSync(path.join(directory, 'index.html'))) {
    app.log.warn({ directory }, 'the web page has not been built')
    return
  }
  await app.register(fastifyStatic, {
    root: directory,
    wildcard: false,
    preCompressed: true,
    globIgnore: ['**/*.br', '**/*.gz'],
    // The plugin's own cache-control would win over the one set here.
    cacheControl: false,
    setHeaders: (reply, file) => {
      const isHashed = path.relative(directory, file).startsWith(`assets${path.sep}`)
      reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      // The plugin does not say that its answer depends on this, and a shared cache would mix the encodings up.
      reply.setHeader('vary', 'accept-encoding')
    },
  })
  for (const page of ['/flights', '/hotels', '/stays', '/stays/houses/*', '/book/*', '/trips/*'])
    app.get(page, { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'))
}
