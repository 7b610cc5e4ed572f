import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Puts a file compressed by Brotli beside each that it makes smaller. */
function brotli(): Plugin {
  let folder = '';
  return {
    name: 'brotli',
    apply: 'build',
    configResolved: (config) => { folder = join(config.root, config.build.outDir); },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (/\.(js|css|svg)$/.test(name)) {
          const plain = readFileSync(join(folder, name));
          writeFileSync(join(folder, `${name}.br`), brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        }
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), brotli()],
  build: {
    target: 'es2023',
    // Everything is a file of this origin, so that the content policy can stay strict.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    // What charts and maps share comes with the first of them, and is told by its name.
    rollupOptions: { output: { chunkFileNames: (chunk) => (!chunk.isDynamicEntry && chunk.moduleIds.some((id) => id.includes('/node_modules/zrender/')) ? 'assets/echarts-[hash].js' : 'assets/[name]-[hash].js') } },
  },
});
