"use strict";
// Puts the one element of Elsa Studio that the address names onto the page. Whoever signed in is known by the cookie of the session; a key in this tab goes before it.
(() => {
  const storedKey = "orchestrator.key";
  const api = `${location.origin}/elsa/api`;
  const elements = {
    definitions: ["elsa-workflow-definition-list", "elsa-workflow-definition-editor", "definition-id"],
    instances: ["elsa-workflow-instance-list", "elsa-workflow-instance-viewer", "instance-id"],
  };
  const [, , , noun, id] = location.pathname.split("/");
  const key = sessionStorage.getItem(storedKey);
  let unheard = false;

  /** Words over the canvas: Studio's elements have no place of their own for what the server says. */
  function say(text, tone) {
    const said = document.getElementById("said");
    said.textContent = text;
    said.className = tone;
    said.hidden = text === "";
  }

  /** Tells the page that this one stands in; it knows what to do with it. */
  function tell(event) {
    if (parent !== window) parent.postMessage({ from: "orchestrator.studio", ...event }, location.origin);
  }

  async function refused(answer) {
    const problem = await answer.clone().json().catch(() => ({ detail: `The server answered ${answer.status}.` }));
    const rest = answer.status >= 500 ? "What you changed stays on this page: change anything once more to save it again." : "";
    say([problem.detail, problem.next, rest].filter(Boolean).join(" "), "bad");
    tell({ event: "refused", words: problem.detail });
  }

  const every = 5000;
  const pause = () => new Promise(done => setTimeout(done, every));

  /** Waits until somebody is signed in again; the server answers whether that is so. */
  async function signedIn() {
    say("Your session has ended. Sign in again, here or in another tab: this page then goes on by itself, and nothing on it is lost.", "bad");
    tell({ event: "signed-out" });
    for (;;) {
      await pause();
      const session = await ask("/api/session").catch(() => null);
      if (session?.status === 200) return say("", "");
    }
  }

  /** Asks until the server answers somebody who is signed in: Studio itself would give up, and what was changed would not be saved. */
  async function answered(input, options) {
    for (;;) {
      const answer = await ask(input, options).catch(fault => {
        if (options?.signal?.aborted) throw fault;
        return null;
      });
      if (answer === null) {
        say("The server does not answer. It is asked again every five seconds; what you changed stays on this page.", "bad");
        unheard = true;
        await pause();
      } else if (answer.status === 401) {
        await signedIn();
      } else {
        if (unheard) say("", "");
        unheard = false;
        return answer;
      }
    }
  }

  function done(answer) {
    const words = decodeURIComponent(answer.headers.get("x-orchestrator-said") ?? "");
    const instance = answer.headers.get("x-elsa-workflow-instance-id");
    say(words, answer.headers.has("x-elsa-workflow-cannot-start") ? "bad" : "good");
    if (instance) tell({ event: "started", instance });
    else if (words) tell({ event: "said", words });
    else tell({ event: "saved" });
  }

  // Studio shows neither what was refused nor which instance was started: its answers pass here.
  const ask = window.fetch.bind(window);
  window.fetch = async (input, options) => {
    const url = new URL(input instanceof Request ? input.url : input, document.baseURI).href;
    if (!url.startsWith(api)) return ask(input, options);
    const answer = await answered(input, options);
    const method = (options?.method ?? "GET").toUpperCase();
    const isWish = method !== "GET" && /\/workflow-definitions|\/bulk-actions|\/cancel\//.test(url);
    if (isWish && !answer.ok) await refused(answer);
    else if (isWish) done(answer);
    else if (answer.ok && /\/by-definition-id\//.test(url)) await opened(answer);
    return answer;
  };

  /** Room for what can be done: who may only look needs no palette. */
  async function opened(answer) {
    const definition = await answer.clone().json();
    document.body.classList.toggle("read-only", !definition.links?.some(link => link.rel === "publish"));
    if (!definition.root?.activities?.length) dispatchEvent(new Event("drawn"));
  }

  /** Marks the panes that hold the canvas, those that stand beside one another around it, and the palette; the page's style hides by these marks. */
  function mark(element) {
    for (let pane = element.querySelector(".graph-container")?.closest(".rz-splitter-pane"); pane; pane = pane.parentElement.closest(".rz-splitter-pane")) {
      pane.dataset.canvas = "";
      if (pane.parentElement.matches(".rz-splitter-horizontal")) pane.parentElement.dataset.aroundCanvas = "";
    }

    const palette = element.querySelector(".mud-expansion-panels")?.closest(".rz-splitter-pane:not([data-canvas])");
    if (palette) palette.dataset.palette = "";
  }

  /** Shows the whole workflow, as soon as it is drawn. */
  function fit(element) {
    const drawn = new MutationObserver(() => {
      mark(element);
      const button = element.querySelector(".x6-node")?.closest(".rz-splitter-pane").querySelector(".mud-toolbar button");
      if (!button) return;
      drawn.disconnect();
      requestAnimationFrame(() => button.click());
      dispatchEvent(new Event("drawn"));
    });
    drawn.observe(element, { childList: true, subtree: true });
  }

  function open(kind, chosen) {
    location.assign(`${document.baseURI}${kind}/${encodeURIComponent(chosen)}`);
  }

  async function show() {
    const [list, one, attribute] = elements[noun];
    const tag = id ? one : list;
    const known = await ask(`${api}/features/installed`, { headers: key ? { Authorization: `Bearer ${key}` } : {} });
    if (!known.ok) {
      document.getElementById("loading").textContent = known.status === 401 ? "Sign in first, then load this page again." : `The server answered ${known.status}.`;
      return;
    }

    await customElements.whenDefined(tag);
    const element = document.createElement(tag);
    element.setAttribute("remote-endpoint", api);
    if (key) element.setAttribute("access-token", key);
    if (id) element.setAttribute(attribute, decodeURIComponent(id));
    document.getElementById("studio").replaceChildren(element);
    if (id) fit(element);
    else dispatchEvent(new Event("drawn"));
    element.editWorkflowDefinition = definition => open("definitions", definition);
    element.viewWorkflowInstance = instance => open("instances", instance);
  }

  addEventListener("DOMContentLoaded", () => document.body.classList.toggle("definition", noun === "definitions"));
  addEventListener("DOMContentLoaded", () => document.body.classList.toggle("canvas", new URLSearchParams(location.search).get("view") === "canvas"));
  addEventListener("DOMContentLoaded", () => document.getElementById("said").addEventListener("click", () => say("", "")));
  addEventListener("DOMContentLoaded", () => void show().catch(error => say(`The designer could not be shown: ${error.message}`, "bad")));
})();
