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

  function say(text) {
    const said = document.getElementById("said");
    said.textContent = text;
    said.hidden = text === "";
  }

  /** Tells the page that this one stands in; it knows what to do with it. */
  function tell(event) {
    if (parent !== window) parent.postMessage({ from: "orchestrator.studio", ...event }, location.origin);
  }

  // Studio shows neither who ended the session nor which instance was started: its answers pass here.
  const ask = window.fetch.bind(window);
  window.fetch = async (input, options) => {
    const answer = await ask(input, options);
    if (!answer.url.startsWith(api)) return answer;
    if (answer.status === 401) say("Your session has ended. Sign in again in another tab, then go on here: nothing on this page is lost while it stays open.");
    else if (answer.ok) say("");
    const instance = answer.headers.get("x-elsa-workflow-instance-id");
    const words = answer.headers.get("x-orchestrator-said");
    if (words) say(decodeURIComponent(words));
    if (words) tell({ event: "said", words: decodeURIComponent(words) });
    if (instance) tell({ event: "started", instance });
    else if (answer.ok && options?.method === "POST" && answer.url === `${api}/workflow-definitions`) tell({ event: "saved" });
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

  addEventListener("DOMContentLoaded", () => void show().catch(error => say(`The designer could not be shown: ${error.message}`)));
})();
