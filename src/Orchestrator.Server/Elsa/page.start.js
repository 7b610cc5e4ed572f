"use strict";
// Starts the program behind Studio's elements: what it needs first comes first.
(() => {
  const files = "_content/BlazorMonaco/lib/monaco-editor/min/vs";

  // A browser takes longer over a hundred requests than over their bytes, and a worker can take them in while the page does other things.
  const assemblies = new Map();
  const coming = name => {
    if (!assemblies.has(name)) assemblies.set(name, Promise.withResolvers());
    return assemblies.get(name);
  };
  const worker = new Worker(`assemblies.js${new URL(document.currentScript.src).search}`);
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
    worker.terminate();
    for (const { resolve } of assemblies.values()) resolve(null);

    // The code that draws is parsed beside the program while that starts; before, there is no processor to spare.
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: "_content/Elsa.Studio.Workflows.Designer/designer.entry.js" }));
  };
  worker.onerror = end;
  worker.onmessage = ({ data }) => data === null ? end() : data.forEach(([name, bytes]) => coming(name).resolve(bytes));

  // The program may come before the page is whole, but does not run: scripts that it calls stand at the end.
  const parsed = new Promise(resolve => addEventListener("DOMContentLoaded", resolve));

  /** The bytes of an assembly as its answer; one that the file does not hold is asked for alone. */
  async function assembly(url) {
    await parsed;
    const name = url.slice(url.lastIndexOf("/") + 1);
    const bytes = hasEnded && !assemblies.has(name) ? null : await coming(name).promise;
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

  // Opens when an editor of code is seen, two seconds after the canvas is there, or after ten where a page has none.
  let open;
  const gate = new Promise(resolve => { open = resolve; });
  addEventListener("drawn", () => setTimeout(() => requestIdleCallback(open), 2000), { once: true });
  setTimeout(open, 10000);

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
      element.append(...drawn.cloneNode(true).childNodes);
      return { setParameters: async () => {}, dispose: async () => {} };
    };
  }

  parsed.then(() => { window.blazorMonaco = late(window.blazorMonaco); });
  script("_framework/blazor.webassembly.js", { autostart: "false" }).then(() => {
    copyWhatIsDrawn(Blazor.rootComponents);
    return Blazor.start({
      loadBootResource: (kind, name, url) => kind === "assembly" || kind === "globalization" ? assembly(url) : null,
      // Assemblies need not wait for one another, for they come from one place. And compiling what runs often would pay in a program that computes; here it took a third of the start.
      configureRuntime: host => host.withConfig({ maxParallelDownloads: 1000 }).withRuntimeOptions(["--no-jiterpreter-traces-enabled", "--no-jiterpreter-interp-entry-enabled", "--no-jiterpreter-jit-call-enabled"]),
    });
  }).catch(error => parsed.then(() => { document.getElementById("loading").textContent = `The designer did not start: ${error.message}. Load the page again.`; }));
})();
