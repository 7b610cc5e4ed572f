"use strict";
// Starts the program behind Studio's elements: what it needs first comes first.
(() => {
  const files = "_content/BlazorMonaco/lib/monaco-editor/min/vs";

  // Asked for by the program too, but later, and with a check of its hash, for which a browser takes it in whole before it compiles.
  const native = fetch(document.currentScript.dataset.native);

  // A browser takes longer over a hundred requests than over their bytes, so assemblies come as one file: the length of its table, the table of names and lengths as JSON, then the bytes one after the other.
  // The file is kept, as it is, among the files of this origin: out of its own cache, where it lies compressed, a browser takes five times as long over it.
  const source = "_framework/assemblies.bin";
  const kept = `assemblies-${location.pathname.split("/")[2]}-${new URL(document.currentScript.src).searchParams.get("v")}`;
  const folder = () => navigator.storage.getDirectory();

  const found = async () => (await (await folder()).getFileHandle(kept)).getFile();

  async function sent() {
    const answer = await fetch(source);
    if (!answer.ok) throw new Error(`${source}: ${answer.status}`);
    return answer.blob();
  }

  async function unpacked(file) {
    const whole = await file.arrayBuffer();
    const length = new DataView(whole).getUint32(0, true);
    let at = 4 + length;
    return new Map(JSON.parse(new TextDecoder().decode(new Uint8Array(whole, 4, length))).map(([name, size]) => [name, whole.slice(at, at += size)]));
  }

  let isKept = true;
  const assemblies = found().then(unpacked).catch(() => {
    isKept = false;
    return sent().then(unpacked);
  }).catch(() => new Map());

  // The code that draws is parsed beside the program while that starts; before, there is no processor to spare.
  assemblies.then(() => document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: "_content/Elsa.Studio.Workflows.Designer/designer.entry.js" })));

  /** Keeps the file for the next time, and no other; one that could not be read is written anew. */
  async function keep() {
    if (isKept) return;
    const all = await folder();
    for (const other of await Array.fromAsync(all.keys())) {
      if (other.startsWith("assemblies-") && other !== kept) await all.removeEntry(other);
    }

    const file = await (await all.getFileHandle(kept, { create: true })).createWritable();
    await file.write(await sent());
    await file.close();
  }

  // The program may come before the page is whole, but does not run: scripts that it calls stand at the end.
  const parsed = new Promise(resolve => addEventListener("DOMContentLoaded", resolve));

  /** The bytes of an assembly as its answer; one that the file does not hold is asked for alone. */
  async function assembly(url) {
    await parsed;
    const all = await assemblies;
    const name = url.slice(url.lastIndexOf("/") + 1);
    const bytes = all.get(name);
    all.delete(name);
    return bytes ? { ok: true, status: 200, url, arrayBuffer: async () => bytes } : fetch(url);
  }

  function script(source, attributes = {}) {
    return new Promise((resolve, reject) => {
      const element = document.createElement("script");
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      Object.assign(element, { src: source, onload: resolve, onerror: () => reject(new Error(`${source} did not come`)) });
      document.head.append(element);
    });
  }

  let monaco = null;
  const loaded = () => monaco ??= script(`${files}/loader.js`).then(() => new Promise((resolve, reject) => window.require(["vs/editor/editor.main"], resolve, reject)));

  const canvas = new Promise(resolve => {
    addEventListener("drawn", resolve, { once: true });
    setTimeout(resolve, 10000);
  });

  // Safari does not say when it has nothing to do.
  const whenFree = window.requestIdleCallback ?? (then => setTimeout(then, 50));

  /** A moment after the canvas is drawn in which the page has nothing else to do. */
  const idle = () => canvas.then(() => new Promise(resolve => whenFree(resolve, { timeout: 2000 })));

  // Opens when an editor of code is seen, or two seconds after the canvas is drawn.
  let open;
  const gate = new Promise(resolve => { open = resolve; });
  canvas.then(() => setTimeout(() => whenFree(open), 2000));
  gate.then(keep).catch(() => { /* A browser that keeps nothing asks for it again. */ });

  function openOnceSeen(element) {
    new IntersectionObserver((entries, observer) => {
      if (!entries.some(entry => entry.isIntersecting)) return;
      observer.disconnect();
      open();
    }).observe(element);
  }

  /** The editor of code is as large as the rest together, and few look at it: calls wait at the gate, in their order. */
  function late(part) {
    return new Proxy(part, {
      get(target, name) {
        const value = target[name];
        if (value?.constructor === Object) return late(value);
        if (typeof value !== "function" || name === "setWasm") return value;
        return async (...given) => {
          const place = document.getElementById(given[0]);
          if (place) openOnceSeen(place);
          await gate;
          await loaded();
          return name === "create" && !document.getElementById(given[0]) ? null : target[name](...given);
        };
      },
    });
  }

  /** Studio draws each activity once more, unseen, to measure it: what is drawn already is copied instead. */
  function copyWhatIsDrawn(roots) {
    const add = roots.add;
    roots.add = function (element, name, ...given) {
      const drawn = name === "elsa-activity-wrapper" && !element.id ? document.getElementById(`activity-${element.getAttribute("activity-id")}`) : null;
      if (!drawn?.querySelector(".elsa-activity") || drawn.getAttribute("activity-json") !== element.getAttribute("activity-json")) return add.call(this, element, name, ...given);
      element.append(...Array.from(drawn.childNodes, child => child.cloneNode(true)));
      return { setParameters: async () => {}, dispose: async () => {} };
    };
  }

  function whenIdle(part, name) {
    const now = part[name];
    part[name] = async (...given) => {
      await idle();
      return now.apply(part, given);
    };
  }

  // What only the panel of settings chooses from; each answer draws all of the panel again.
  const choices = /\/descriptors\/(workflow-activation|log-persistence|incident|commit)-strategies/;
  const ask = window.fetch.bind(window);
  window.fetch = async (...given) => {
    if (choices.test(given[0].url ?? given[0])) await idle();
    return ask(...given);
  };

  parsed.then(() => {
    window.blazorMonaco = late(window.blazorMonaco);

    // Rows of tabs measure themselves, a tab at a time, to place a line under one of them, and each time draw all that stands below.
    whenIdle(mudResizeObserver, "connect");
    whenIdle(mudElementRef, "getBoundingClientRect");
  });
  script("_framework/blazor.webassembly.js", { autostart: "false" }).then(() => {
    copyWhatIsDrawn(Blazor.rootComponents);
    return Blazor.start({
      loadBootResource: (kind, name, url) => kind === "dotnetwasm" ? native : kind === "assembly" || kind === "globalization" ? assembly(url) : null,
      // Assemblies need not wait for one another, for they come from one place. And compiling what runs often would pay in a program that computes; here it took a third of the start.
      configureRuntime: host => host.withConfig({ maxParallelDownloads: 1000 }).withRuntimeOptions(["--no-jiterpreter-traces-enabled", "--no-jiterpreter-interp-entry-enabled", "--no-jiterpreter-jit-call-enabled"]),
    });
  }).catch(error => parsed.then(() => { document.getElementById("loading").textContent = `The designer did not start: ${error.message}. Load the page again.`; }));
})();
