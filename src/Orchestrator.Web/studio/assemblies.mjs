// Puts all assemblies of Elsa Studio into one file, compressed: assemblies.bin holds the length of a table (32 bits, little-endian), the table of names and lengths as JSON,
// then the bytes of each, one after the other. The program itself stays a file of its own, which browsers keep compiled.
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("node_modules/@elsa-workflows/elsa-studio-wasm/_framework/", import.meta.url);
const names = readdirSync(folder).filter(name => /\.(wasm|dat)\.br$/.test(name) && !name.startsWith("dotnet.native.")).sort();
const parts = names.map(name => brotliDecompressSync(readFileSync(new URL(name, folder))));
const table = Buffer.from(JSON.stringify(names.map((name, i) => [name.slice(0, -3), parts[i].length])));
const length = Buffer.alloc(4);
length.writeUInt32LE(table.length);
const all = Buffer.concat([length, table, ...parts]);
const params = { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_LGWIN]: 20, [constants.BROTLI_PARAM_SIZE_HINT]: all.length };
const out = new URL("out/", import.meta.url);
mkdirSync(out, { recursive: true });
writeFileSync(new URL("assemblies.bin.br", out), brotliCompressSync(all, { params }));
