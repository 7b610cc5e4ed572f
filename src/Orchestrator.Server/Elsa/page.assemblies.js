// Reads Studio's assemblies out of the one file that holds them all: the length of its table, the table of names and lengths as JSON, then the bytes one after the other.
fetch("_framework/assemblies.bin").then(async answer => {
  if (!answer.ok) throw new Error(`${answer.status}`);
  const bytes = await answer.arrayBuffer();
  let place = 4 + new DataView(bytes).getUint32(0, true);
  const table = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, place - 4)));
  postMessage(table.map(([name, length]) => [name, new Uint8Array(bytes, (place += length) - length, length)]), [bytes]);
}).catch(() => postMessage([]));
