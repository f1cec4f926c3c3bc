import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const api = 'http://127.0.0.1:4000'

/** Writes .br and .gz beside each text file, so that the server sends them as they are and compresses nothing itself. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    async writeBundle(options, bundle) {
      const directory = options.dir ?? 'dist'
      const texts = Object.keys(bundle).filter((name) => /\.(?:js|css|html|svg)$/.test(name))
      await Promise.all(
        texts.map(async (name) => {
          const file = path.join(directory, name)
          const content = await readFile(file)
          const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
          const [br, gz] = await Promise.all([promisify(brotliCompress)(content, best), promisify(gzip)(content, { level: 9 })])
          await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)])
        }),
      )
    },
  }
}

export default defineConfig({
  base: '/',
  plugins: [react(), precompress()],
  server: { host: '127.0.0.1', proxy: { '/v1': api, '/docs': api, '/openapi.json': api } },
  build: { outDir: 'dist', target: 'es2022', assetsInlineLimit: 0 },
})
