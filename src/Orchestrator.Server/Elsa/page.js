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
    if (answer.status === 401) {
      say("Your session has ended. Sign in again in another tab, then go on here: nothing on this page is lost while it stays open.", "bad");
      tell({ event: "signed-out" });
      return;
    }

    const problem = await answer.clone().json().catch(() => ({ detail: `The server answered ${answer.status}.` }));
    say([problem.detail, problem.next].filter(Boolean).join(" "), "bad");
    tell({ event: "refused", words: problem.detail });
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
    const answer = await ask(input, options);
    const method = (options?.method ?? "GET").toUpperCase();
    const isWish = method !== "GET" && /\/workflow-definitions|\/bulk-actions|\/cancel\//.test(answer.url);
    if (!answer.url.startsWith(api)) return answer;
    if (answer.status === 401 || (isWish && !answer.ok)) await refused(answer);
    else if (isWish) done(answer);
    return answer;
  };

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
    element.editWorkflowDefinition = definition => open("definitions", definition);
    element.viewWorkflowInstance = instance => open("instances", instance);
  }

  addEventListener("DOMContentLoaded", () => document.getElementById("said").addEventListener("click", () => say("", "")));
  addEventListener("DOMContentLoaded", () => void show().catch(error => say(`The designer could not be shown: ${error.message}`, "bad")));
})();
