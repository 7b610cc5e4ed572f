// Writes the style of Radzen's parts, of which Studio shows the splitter, so that a browser need not work out the style of the whole page anew at each change of it. Two kinds of rules made it do so:
// those for whatever stands below any class of Radzen's hold below the splitter here, in which all of Studio's editor stands; those for a page with Radzen's layout are left out, for Studio's has none.
import { brotliCompressSync } from "node:zlib";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const replaced = [
  [/\[class\^=rz-\]|\[class\*=" rz-"\]/g, ".rz-splitter"],
  [/:root:has\(\.rz-layout\)[^{}]*\{[^{}]*\}/g, ""],
  [/url\("\.\.\/fonts\//g, 'url("../_content/Radzen.Blazor/fonts/'],
];
let style = readFileSync(new URL("node_modules/@elsa-workflows/elsa-studio-wasm/_content/Radzen.Blazor/css/material-base.css", import.meta.url), "utf8");
for (const [rule, other] of replaced) {
  const changed = style.replaceAll(rule, other);
  if (changed === style) throw new Error(`Radzen's style has nothing like ${rule}: is this file still needed?`);
  style = changed;
}

const out = new URL("out/", import.meta.url);
mkdirSync(out, { recursive: true });
writeFileSync(new URL("radzen.css.br", out), brotliCompressSync(style));
