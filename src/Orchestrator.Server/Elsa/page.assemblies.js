// Reads Studio's assemblies out of the one file that holds them all: the length of its table, the table of names and lengths as JSON, then the bytes one after the other.
// What has come is handed on a megabyte at a time, so that the page puts it where it belongs while the rest is still on its way.
const handOn = 1 << 20;

async function read(reader) {
  /** The next bytes of the file, taken in where they stay. */
  async function take(length) {
    let buffer = new ArrayBuffer(length);
    for (let filled = 0; filled < length;) {
      const { done, value } = await reader.read(new Uint8Array(buffer, filled, length - filled));
      if (done) throw new Error("the file ends early");
      buffer = value.buffer;
      filled += value.length;
    }

    return buffer;
  }

  const table = JSON.parse(new TextDecoder().decode(await take(new DataView(await take(4)).getUint32(0, true))));
  for (let ready = [], weight = 0, i = 0; i < table.length; i++) {
    const [name, length] = table[i];
    ready.push([name, await take(length)]);
    weight += length;
    if (weight < handOn && i + 1 < table.length) continue;
    postMessage(ready, ready.map(([, bytes]) => bytes));
    [ready, weight] = [[], 0];
  }
}

fetch("_framework/assemblies.bin").then(answer => {
  if (!answer.ok) throw new Error(`${answer.status}`);
  return read(answer.body.getReader({ mode: "byob" }));
}).catch(() => {}).then(() => postMessage(null));
