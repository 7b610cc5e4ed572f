"use strict";
// Shows what the API tells. Everything is put in as text, never as markup; the key stays in this tab.
const storedKey = "orchestrator.key";
const everySeconds = 5;
const at = id => document.getElementById(id);
let timer = 0;

class Refused extends Error {}

async function ask(path) {
  const answer = await fetch(path, { headers: { Authorization: `Bearer ${sessionStorage.getItem(storedKey)}` } });
  if (answer.ok) return answer.json();
  const problem = await answer.json().catch(() => ({ detail: `The server answered ${answer.status}.` }));
  throw answer.status === 401 ? new Refused(problem.detail) : new Error(problem.detail);
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter(child => child !== null && child !== undefined && child !== ""));
  return made;
}

const time = text => text ? element("time", { dateTime: text, title: text }, text.slice(0, 16).replace("T", " ")) : "";
const code = text => text ? element("code", { title: text }, text) : "";
const short = text => text ? element("code", { title: text }, text.slice(0, 12)) : "";
const tag = (text, tone = "") => element("span", { className: `tag ${tone}` }, text);
const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;

function put(id, content) {
  at(id).querySelector("div").replaceChildren(content);
}

function table(columns, rows, whenEmpty) {
  if (rows.length === 0) return element("p", { className: "empty" }, whenEmpty);
  const head = element("tr", {}, ...columns.map(column => element("th", { scope: "col" }, column)));
  const body = rows.map(row => element("tr", {}, ...row.map((cell, i) =>
    element("td", { className: i < row.length - 1 ? "tight" : "" }, cell))));
  return element("div", { className: "scroll" }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
}

function showNumbers(status) {
  const numbers = [
    [status.open_findings, "open findings", "warn"],
    [status.fixes_waiting, "fixes wait for a word", "warn"],
    [status.open_fixes, "open fixes", ""],
    [status.open_label_tasks, "rows to label", ""],
    [status.parked_work, "parked work", "bad"],
  ];
  at("numbers").replaceChildren(...numbers.map(([count, words, tone]) =>
    element("li", { className: count > 0 ? tone : "" }, element("b", {}, String(count)), words)));
  at("state").textContent = `${status.now.slice(0, 19).replace("T", " ")} UTC, version ${status.version}`
    + (status.kill_switch ? ", the kill switch is on" : "")
    + (status.bus && !status.bus.reached ? ", the bus cannot be reached: workers go on without it" : "");
}

const tones = { succeeded: "good", failed: "bad", compensated: "warn", proposed: "warn", rejected: "", expired: "" };
const stateOf = fix => tag(fix.state, tones[fix.state] ?? "");

function showFixes(fixes) {
  const waiting = fixes.filter(fix => fix.state === "proposed");
  put("waiting", table(["fix", "rule", "workflow", "stands until", "approve with"], waiting.map(fix =>
    [code(fix.id), fix.rule, fix.workflow, time(fix.deadline), code(`orchestrator fixes approve ${fix.id}`)]), "No fix waits."));
  put("fixes", table(["fix", "rule", "model", "state", "opened", "reason"], fixes.slice(0, 8).map(fix =>
    [code(fix.id), fix.rule, fix.model ?? "", stateOf(fix), time(fix.opened_at), fix.reason ?? ""]), "No fixes yet."));
}

function showFindings(findings) {
  put("findings", table(["rule", "severity", "since", "owner", "summary"], findings.map(finding =>
    [finding.rule, tag(finding.severity || "none", finding.severity === "critical" ? "bad" : "warn"), time(finding.opened_at), finding.owner ?? "",
      finding.held ? `${finding.summary} (no fix: ${finding.held})` : finding.summary]), "Nothing is wrong that a rule would see."));
}

function showModels(models) {
  const best = metrics => Object.entries(metrics ?? {}).slice(0, 3).map(([name, value]) => `${name} ${Number(value).toFixed(3)}`).join(", ");
  put("models", table(["model", "champion", "since", "measured"], models.map(line =>
    [line.model, line.champion ? code(`${line.champion.model}-${line.champion.number}`) : tag("none", "warn"), time(line.since), best(line.champion?.metrics)]),
    "No model has a version yet."));
}

function showRevision({ in_force: revision, last_attempt: attempt }) {
  const pairs = revision
    ? [["revision", short(revision.id)], ["from", revision.source], ["since", time(revision.since)], ["files", plural(revision.files.length, "file", "files")]]
    : [["revision", tag("none yet", "warn")]];
  if (attempt) pairs.push(["last look", element("span", {}, time(attempt.at), " ", attempt.accepted ? tag("accepted", "good") : tag("refused", "bad"))]);
  const list = element("dl", { className: "pairs" }, ...pairs.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  const lines = attempt?.diagnostics ?? [];
  put("revision", lines.length ? element("div", {}, list, element("pre", {}, lines.join("\n"))) : list);
}

function showParked(effects) {
  put("parked", table(["work", "kind", "attempts", "why"], effects.filter(effect => effect.state === "parked").map(effect =>
    [code(effect.key), effect.kind, String(effect.attempts), effect.note ?? ""]), "No work waits for a person."));
}

function showAudit(entries) {
  put("audit", table(["at", "who", "what", "of"], entries.map(entry =>
    [time(entry.at), entry.actor, entry.action, code(entry.subject)]), "No decisions yet."));
}

async function refresh() {
  clearTimeout(timer);
  try {
    const [status, fixes, findings, models, effects, audit, revisions] = await Promise.all(
      ["/api/status", "/api/fixes?limit=50", "/api/findings?open=true&limit=50", "/api/models", "/api/effects?limit=200", "/api/audit?limit=12", "/api/revisions"].map(ask));
    showNumbers(status);
    showFixes(fixes);
    showFindings(findings);
    showModels(models);
    showParked(effects);
    showRevision(revisions);
    showAudit(audit);
    open(true);
    timer = setTimeout(refresh, everySeconds * 1000);
  } catch (error) {
    if (error instanceof Refused) return leave(error.message);
    at("state").textContent = `The server does not answer: ${error.message}`;
    timer = setTimeout(refresh, everySeconds * 1000);
  }
}

function open(inside) {
  at("content").hidden = at("leave").hidden = !inside;
  at("enter").hidden = inside;
}

function leave(why = "") {
  clearTimeout(timer);
  sessionStorage.removeItem(storedKey);
  at("refusal").textContent = why;
  at("state").textContent = "";
  open(false);
  at("key").focus();
}

at("enter").addEventListener("submit", event => {
  event.preventDefault();
  sessionStorage.setItem(storedKey, at("key").value.trim());
  at("key").value = "";
  refresh();
});
at("leave").addEventListener("click", () => leave());
if (sessionStorage.getItem(storedKey)) refresh(); else leave();
