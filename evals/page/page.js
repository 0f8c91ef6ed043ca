"use strict";
// Everything of a chart is put in as text, never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const percent = (x, digits = 1) => (x === null || x === undefined ? "–" : (100 * x).toFixed(digits).replace(/\.0$/, "") + " %");

function make(name, given = {}, ...inside) {
  const svg = "svg g line path circle text rect polyline".split(" ").includes(name);
  const one = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) one.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined) one.setAttribute(key, value);
  }
  one.append(...inside.filter((x) => x !== null && x !== undefined && x !== ""));
  return one;
}

const tip = at("tip");
function tells(one, words) {
  one.addEventListener("mousemove", (event) => {
    tip.textContent = words;
    tip.hidden = false;
    tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8) + "px";
  });
  one.addEventListener("mouseleave", () => (tip.hidden = true));
  return one;
}

function table(heads, rows, numbers = []) {
  const cell = (kind, value, index) => make(kind, numbers.includes(index) ? { class: "n" } : {}, value instanceof Node ? value : String(value));
  return make("table", {},
    make("thead", {}, make("tr", {}, ...heads.map((head, index) => cell("th", head, index)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((value, index) => cell("td", value, index))))));
}

// ---- the summary

at("name").textContent = data.name;
at("setting").textContent = [`${data.charts} charts`, ...["model", "prompt", "policy", "releases"].filter((key) => data.setting[key]).map((key) => `${key} ${data.setting[key]}`)].join("  ·  ");
for (const card of data.cards) {
  const whole = card.of !== null && card.of !== undefined;
  const shown = whole ? `${card.figure} of ${card.of}` : percent(card.figure);
  const one = make("div", { class: "card" }, make("span", {}, card.label), make("b", {}, shown));
  if (card.interval) {
    const [low, high] = card.interval;
    one.append(make("span", {}, `${percent(low)} to ${percent(high)}`));
    one.append(make("div", { class: "range" },
      make("i", { style: `left:${100 * low}%;width:${Math.max(1, 100 * (high - low))}%` }),
      make("u", { style: `left:calc(${100 * card.figure}% - 1px)` })));
  } else one.append(make("span", {}, whole ? "fewer is better" : "no interval"));
  at("cards").append(one);
}

// ---- drawings

const WIDE = 560, HIGH = 300, LEFT = 46, TOP = 12, RIGHT = 14, BOTTOM = 40;
function frame(low, high, below, beside) {
  const x = (v) => LEFT + v * (WIDE - LEFT - RIGHT);
  const y = (v) => TOP + (1 - (v - low) / (high - low)) * (HIGH - TOP - BOTTOM);
  const svg = make("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": `${beside} against ${below}` });
  const step = high - low > 0.6 ? 0.2 : high - low > 0.25 ? 0.1 : 0.05;
  for (let v = Math.ceil(low / step - 1e-9) * step; v <= high + 1e-9; v += step)
    svg.append(make("line", { class: "grid", x1: x(0), x2: x(1), y1: y(v), y2: y(v) }), make("text", { x: LEFT - 8, y: y(v) + 4, "text-anchor": "end" }, percent(v, 0)));
  for (let v = 0; v <= 1.001; v += 0.2)
    svg.append(make("text", { x: x(v), y: HIGH - BOTTOM + 18, "text-anchor": "middle" }, percent(v, 0)));
  svg.append(make("line", { class: "axis", x1: x(0), x2: x(1), y1: y(low), y2: y(low) }),
    make("text", { x: x(0.5), y: HIGH - 4, "text-anchor": "middle" }, below));
  return { svg, x, y };
}
const nothing = () => make("p", { class: "lead" }, "Too few charts to fit scores on: at least five are needed.");

if (data.curve.length) {
  const low = Math.max(0, Math.min(0.9, Math.floor(20 * Math.min(...data.curve.filter((p) => p[0] > 0.05).map((p) => p[1]), 0.95)) / 20 - 0.05));
  const { svg, x, y } = frame(low, 1, "codes that go out", "codes right");
  const points = (index) => data.curve.map((p) => `${x(p[0])},${y(Math.max(low, p[index]))}`).join(" ");
  for (const target of [0.95, 0.97])
    svg.append(make("line", { class: "target", x1: x(0), x2: x(1), y1: y(target), y2: y(target) }), make("text", { x: x(1), y: y(target) - 3, "text-anchor": "end", class: "told" }, percent(target, 0)));
  svg.append(make("polyline", { class: "bound", points: points(2) }), make("polyline", { class: "curve", points: points(1) }));
  const dot = make("circle", { class: "mark", r: 4.5, visibility: "hidden" });
  const cover = make("rect", { x: x(0), y: TOP, width: x(1) - x(0), height: HIGH - TOP - BOTTOM, fill: "transparent" });
  cover.addEventListener("mousemove", (event) => {
    const share = (event.clientX - cover.getBoundingClientRect().left) / cover.getBoundingClientRect().width;
    const near = data.curve.reduce((a, b) => (Math.abs(b[0] - share) < Math.abs(a[0] - share) ? b : a));
    dot.setAttribute("cx", x(near[0])); dot.setAttribute("cy", y(Math.max(low, near[1]))); dot.setAttribute("visibility", "visible");
    tip.textContent = `${percent(near[0])} of codes, from a score of ${near[3].toFixed(3)}\n${percent(near[1])} right, at least ${percent(near[2])} by the lower bound`;
    tip.hidden = false;
    tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = event.clientY + 14 + "px";
  });
  cover.addEventListener("mouseleave", () => { tip.hidden = true; dot.setAttribute("visibility", "hidden"); });
  svg.append(dot, cover);
  at("curve").append(svg, make("p", { class: "small" }, "Line: share right. Dashes: its lower 95 % bound, which is what a policy's target is held against."));
} else at("curve").append(nothing());
for (const one of data.proof) {
  const words = one.score === null
    ? `not proven by this set: ${one.needed} more codes without an error are needed, so nothing would be final`
    : `from a score of ${one.score.toFixed(3)}: ${one.right} of ${one.codes} codes right`;
  at("proof").append(make("p", {}, make("span", { class: `tag ${one.score === null ? "missed" : "correct"}` }, `${percent(one.target, 0)} target`), words));
}

if (data.reliability.bins.length) {
  const { svg, x, y } = frame(0, 1, "mean score", "share right");
  svg.append(make("line", { class: "axis", x1: x(0), y1: y(0), x2: x(1), y2: y(1) }));
  for (const [score, share, low, high, codes] of data.reliability.bins)
    svg.append(make("line", { class: "bar", x1: x(score), x2: x(score), y1: y(low), y2: y(high) }),
      tells(make("circle", { class: "mark", cx: x(score), cy: y(share), r: 5 }), `${codes} codes, mean score ${score.toFixed(3)}\n${percent(share)} right (${percent(low)} to ${percent(high)})`));
  at("reliability").append(svg);
  at("calibration").textContent = `${data.reliability.codes} codes. Calibration error ${data.reliability.error.toFixed(3)}, Brier score ${data.reliability.brier.toFixed(3)}. Bars: 95 % Wilson intervals.`;
} else at("reliability").append(nothing());

// ---- tables

const short = (words) => (words.length > 30 ? words.slice(0, 29) + "…" : words);
(function confusion() {
  const order = (a, b) => (a === "none") - (b === "none") || (parseInt(a) || 99) - (parseInt(b) || 99) || a.localeCompare(b);
  const names = [...new Set(data.confusion.flatMap(([gold, given]) => [gold, given]))].sort(order);
  const counts = new Map(data.confusion.map(([gold, given, number]) => [`${gold}|${given}`, number]));
  const most = Math.max(1, ...data.confusion.map((one) => one[2]));
  if (!names.length) return at("confusion").append(make("p", { class: "lead" }, "No codes."));
  const title = (name) => (data.chapters[name] ? `${name}: ${data.chapters[name]}` : name);
  const heading = (name) => tells(make("th", {}, name), title(name));
  const head = make("tr", {}, make("th", {}, "gold \\ given"), ...names.map(heading));
  const rows = names.map((gold) => make("tr", {}, tells(make("th", {}, data.chapters[gold] ? `${short(data.chapters[gold])}  ${gold}` : gold), title(gold)), ...names.map((given) => {
    const number = counts.get(`${gold}|${given}`) || 0;
    const strength = number ? 0.12 + 0.6 * Math.sqrt(number / most) : 0;
    const cell = make("td", { class: gold === given ? "same" : null, style: `background:rgba(var(--heat),${strength})` }, number ? String(number) : "");
    const kind = gold === given ? "right" : gold === "none" ? "extra" : given === "none" ? "missed" : "confused";
    return number ? tells(cell, `gold: ${title(gold)}\ngiven: ${title(given)}\n${number} ${kind}`) : cell;
  })));
  at("confusion").append(make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)));
})();

at("rules").append(data.rules.length
  ? table(["rule", "severity", "charts", "codes wrong", "codes right"],
      data.rules.map((one) => [make("span", {}, make("b", {}, one.rule), " ", one.title), make("span", { class: `tag ${one.severity}` }, one.severity), one.charts || 0, one.wrong || 0, one.right || 0]), [2, 3, 4])
  : make("p", { class: "lead" }, "No rule had anything to say."));

const open = (chart) => make("button", { class: "link", type: "button", onclick: () => { show(chart); at("explorer").scrollIntoView({ behavior: "smooth" }); } }, chart.id);
const linked = (id) => { const chart = data.shown.find((one) => one.id === id); return chart ? open(chart) : id; };
const count = (chart, standing) => chart.codes.filter((code) => code.standing === standing).length;
const worst = [...data.shown].filter((one) => one.errors).sort((a, b) => b.errors - a.errors).slice(0, 10);
at("worst").append(worst.length
  ? table(["chart", "missed", "extra", "where it went"], worst.map((one) => [open(one), count(one, "missed"), count(one, "extra"), one.error ? "failed" : one.disposition.replace("_", " ")]), [1, 2])
  : make("p", { class: "lead" }, "Every chart is right to the last code."));
at("slowest").append(table(["chart", "seconds", "tokens", "characters"],
  data.slowest.map((one) => [linked(one.id), one.seconds.toFixed(3), one.tokens || "–", one.characters.toLocaleString("en")]), [1, 2, 3]));
at("figures").append(table(["figure", "", "95 % interval"], data.figures.map(([key, value, bounds]) => [key, value === null ? "–" : value, bounds ? `${bounds[0]} to ${bounds[1]}` : ""]), [1]));

// ---- the charts

const KINDS = {
  "all charts": () => true,
  "with an error": (c) => !c.exact,
  "right to the last code": (c) => c.exact,
  "final, but wrong": (c) => c.final && !c.exact,
  "with an extra code": (c) => count(c, "extra"),
  "with a missed code": (c) => count(c, "missed"),
  "with the wrong code first": (c) => c.lead === false,
  "fallen into a trap": (c) => c.traps.some((trap) => trap.coded),
  "failed": (c) => c.error,
};
const least = (chart) => Math.min(2, ...chart.codes.map((code) => code.score).filter((score) => score !== null && score !== undefined));
const ORDERS = {
  "worst first": (a, b) => b.errors - a.errors || a.number - b.number,
  "as in the set": (a, b) => a.number - b.number,
  "slowest first": (a, b) => (b.seconds || 0) - (a.seconds || 0),
  "least sure first": (a, b) => least(a) - least(b),
};
const unique = (values) => [...new Set(values)].sort();
const fill = (id, options) => at(id).append(...options.map((one) => make("option", {}, one)));
fill("kind", Object.keys(KINDS));
fill("where", ["any disposition", ...unique(data.shown.map((one) => one.disposition))]);
fill("rule", ["any rule", ...unique(data.shown.flatMap((one) => one.findings.map((finding) => finding.rule)))]);
fill("order", Object.keys(ORDERS));
at("shown").textContent = data.shown.length < data.charts ? `Of ${data.charts} charts the ${data.shown.length} with the most errors are here.` : "";
at("filters").addEventListener("input", list);
at("filters").addEventListener("submit", (event) => event.preventDefault());

let current = null;
function list() {
  const words = at("words").value.trim().toLowerCase();
  const [where, rule] = [at("where").value, at("rule").value];
  const found = data.shown.filter((one) => KINDS[at("kind").value](one)
    && (where === "any disposition" || one.disposition === where)
    && (rule === "any rule" || one.findings.some((finding) => finding.rule === rule))
    && (!words || [one.id, ...one.codes.map((code) => `${code.code} ${code.title}`)].join(" ").toLowerCase().includes(words)))
    .sort(ORDERS[at("order").value]);
  at("count").textContent = `${found.length} of ${data.shown.length}`;
  at("list").replaceChildren(...found.map((one) => make("li", {}, make("button", { type: "button", "data-number": one.number, onclick: () => show(one) }, one.id,
    make("small", {}, one.error ? "failed" : one.exact ? "right to the last code" : `${count(one, "missed")} missed, ${count(one, "extra")} extra`)))));
  if (found.length && !found.includes(current)) show(found[0]);
  else if (!found.length) { current = null; at("chart").replaceChildren(make("p", { class: "lead" }, "No chart is like that.")); }
  else lit();
}
function lit() {
  for (const button of at("list").querySelectorAll("button")) button.setAttribute("aria-current", String(current && button.dataset.number === String(current.number)));
}

function show(chart) {
  current = chart;
  lit();
  const tags = [make("span", { class: `tag ${chart.final ? (chart.exact ? "correct" : "extra") : ""}` }, chart.disposition.replaceAll("_", " "))];
  if (chart.lead !== null) tags.push(make("span", { class: `tag ${chart.lead ? "correct" : "extra"}` }, chart.lead ? "first code right" : "first code wrong"));
  if (chart.seconds !== null) tags.push(make("span", { class: "tag" }, `${chart.seconds.toFixed(3)} s`));
  at("chart").replaceChildren(make("h3", {}, chart.id), make("div", {}, ...tags),
    ...(chart.error ? [make("p", {}, chart.error)] : []), codes(chart), ...traps(chart), ...documents(chart), ...findings(chart));
}

function codes(chart) {
  const rows = chart.codes.map((one) => {
    const row = make("tr", { "data-code": one.code },
      make("td", {}, make("b", {}, one.code)), make("td", {}, make("span", { class: `tag ${one.standing}` }, one.standing)),
      make("td", {}, one.title, ...(one.why ? [make("div", { class: "why" }, one.why)] : [])),
      make("td", { class: "n" }, one.score === null || one.score === undefined ? "" : one.score.toFixed(2)));
    const parts = one.code.split(" or ");
    row.addEventListener("mouseenter", () => light(parts, true));
    row.addEventListener("mouseleave", () => light(parts, false));
    return row;
  });
  return make("table", { class: "codes" }, make("thead", {}, make("tr", {}, ...["code", "", "", "score"].map((head, i) => make("th", i === 3 ? { class: "n" } : {}, head)))), make("tbody", {}, ...rows));
}

function light(parts, on) {
  for (const mark of at("chart").querySelectorAll("mark"))
    if (parts.some((code) => mark.dataset.codes.split(" ").includes(code))) mark.classList.toggle("lit", on);
}

function traps(chart) {
  if (!chart.traps.length) return [];
  return [make("h4", {}, "Traps"), table(["code", "", "words", "why not"],
    chart.traps.map((one) => [one.code, make("span", { class: `tag ${one.coded ? "extra" : "correct"}` }, one.coded ? "coded" : "avoided"), one.quote, one.why]))];
}

function documents(chart) {
  if (!chart.documents.length) return [];
  const key = make("div", { class: "key" }, make("span", {}, make("mark", { class: "gold" }, "gold evidence")), make("span", {}, make("mark", { class: "predicted" }, "predicted evidence")), make("span", {}, make("mark", { class: "gold predicted" }, "both")));
  return [make("h4", {}, "Evidence"), key, ...chart.documents.flatMap((one) => [make("p", { class: "small" }, `${one.id}${one.kind ? ", " + one.kind.replaceAll("_", " ") : ""}`), text(one)])];
}

function text(one) {
  // Offsets count characters; a string of this language counts code units. They differ where a character takes two.
  const characters = Array.from(one.text);
  const edges = unique([0, characters.length, ...one.marks.flatMap(([start, end]) => [start, end])]).sort((a, b) => a - b).filter((edge) => edge >= 0 && edge <= characters.length);
  const box = make("div", { class: "text" });
  for (let index = 0; index + 1 < edges.length; index++) {
    const [low, high] = [edges[index], edges[index + 1]];
    const piece = characters.slice(low, high).join("");
    const marks = one.marks.filter(([start, end]) => start <= low && high <= end);
    if (!marks.length) { box.append(piece); continue; }
    const kinds = unique(marks.map((mark) => mark[2]));
    const mark = make("mark", { class: kinds.join(" "), "data-codes": unique(marks.map((m) => m[3])).join(" ") }, piece);
    box.append(tells(mark, ["gold", "predicted"].filter((kind) => kinds.includes(kind)).map((kind) => `${kind}: ${unique(marks.filter((m) => m[2] === kind).map((m) => m[3])).join(", ")}`).join("\n")));
  }
  return box;
}

function findings(chart) {
  const parts = [];
  if (chart.findings.length) parts.push(make("h4", {}, "Findings"), table(["rule", "", "", "codes"], chart.findings.map((one) => [one.rule, make("span", { class: `tag ${one.severity}` }, one.severity), one.message, one.codes.join(", ")])));
  if (chart.queries.length) parts.push(make("h4", {}, "Queries"), make("ul", {}, ...chart.queries.map((one) => make("li", {}, one))));
  if (chart.reasons.length) parts.push(make("h4", {}, "Why it went there"), make("ul", {}, ...chart.reasons.map((one) => make("li", {}, one))));
  return parts;
}

list();
