// A training on one page: the slider chooses an epoch, and everything is drawn anew from the numbers beside the page.
"use strict";
(() => {
const data = JSON.parse(document.getElementById("data").textContent);
const COLOURS = ["--a", "--b", "--c", "--d", "--e"].map(name => `var(${name})`);
const WIDTH = 360, HEIGHT = 190, LEFT = 52, RIGHT = 10, TOP = 8, BOTTOM = 24;
const shown = data.snapshots.length ? data.snapshots.map(s => s.epoch) : data.epochs;
const slider = document.getElementById("epoch"), said = document.getElementById("said");
const play = document.getElementById("play"), main = document.querySelector("main");
const views = [];  // each draws itself for the place of an epoch among those that are shown

const number = x => x === null ? "–" : String(Number(x.toPrecision(4)));

function make(name, attributes = {}, parent = null, words = null) {
  const svg = ["svg", "g", "path", "line", "rect", "circle", "text", "title", "polyline"].includes(name);
  const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    key === "colour" ? made.style.setProperty("--colour", value) : made.setAttribute(key, value);
  if (words !== null) made.textContent = words;
  if (parent) parent.append(made);
  return made;
}

function panel(title, words, height = HEIGHT) {
  const section = make("section", {}, main);
  make("h2", {}, section, title);
  if (words) make("p", {}, section, words);
  const svg = make("svg", {viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": title}, section);
  return {section, svg};
}

function legend(section, names) {
  const list = make("ul", {class: "legend"}, section);
  for (const [name, colour, dashed] of names) make("li", {colour, class: dashed ? "dashed" : ""}, list, name);
}

// Axes.

function scale(values, from, to, logarithmic) {
  const numbers = values.filter(x => x !== null && (!logarithmic || x > 0)).map(x => logarithmic ? Math.log10(x) : x);
  let low = Math.min(...numbers), high = Math.max(...numbers);
  if (!numbers.length) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - .5, high + .5];
  const at = x => from + ((logarithmic ? Math.log10(x) : x) - low) / (high - low) * (to - from);
  const ticks = [0, .5, 1].map(part => low + part * (high - low)).map(x => logarithmic ? 10 ** x : x);
  return {at, ticks};
}

function axes(svg, x, y, labels) {
  for (const tick of y.ticks) {
    make("line", {class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y.at(tick), y2: y.at(tick)}, svg);
    make("text", {x: LEFT - 5, y: y.at(tick) + 4, "text-anchor": "end"}, svg, Number(tick.toPrecision(2)));
  }
  x.ticks.forEach((tick, i) => make("text",
    {x: x.at(tick), y: HEIGHT - 7, "text-anchor": ["start", "middle", "end"][i]}, svg, labels(tick)));
}

function curves(title, words, epochs, lines, logarithmic) {
  const {section, svg} = panel(title, words);
  const x = scale(epochs, LEFT, WIDTH - RIGHT), y = scale(lines.flatMap(l => l.ys), HEIGHT - BOTTOM, TOP, logarithmic);
  axes(svg, {at: x.at, ticks: [...new Set([epochs[0], Math.round(x.ticks[1]), epochs.at(-1)])]}, y, String);
  const cursor = make("line", {class: "cursor", y1: TOP, y2: HEIGHT - BOTTOM}, svg);
  for (const {name, ys, colour, dashed} of lines) {
    const points = epochs.map((epoch, i) => [epoch, ys[i]]).filter(([, v]) => v !== null && (!logarithmic || v > 0));
    make("polyline", {class: "curve", "data-curve": name, style: `stroke: ${colour}`, "stroke-dasharray": dashed ? "5 4" : "none",
      points: points.map(([epoch, v]) => `${x.at(epoch).toFixed(2)},${y.at(v).toFixed(2)}`).join(" ")}, svg);
  }
  if (lines.length > 1) legend(section, lines.map(l => [l.name, l.colour, l.dashed]));
  views.push(at => {
    const here = x.at(Math.max(shown[at], epochs[0]));
    cursor.setAttribute("x1", here);
    cursor.setAttribute("x2", here);
    const i = epochs.indexOf(shown[at]);
    svg.setAttribute("aria-label", `${title} at epoch ${shown[at]}: ` +
      lines.map(l => `${l.name} ${i < 0 ? "–" : number(l.ys[i])}`).join(", "));
  });
}

// Histograms, and the length of gradients.

function histograms(title, key, words) {
  const names = data.parameters;
  const {section, svg} = panel(title, words);
  const choice = make("select", {"aria-label": `${title} of`});
  section.insertBefore(choice, svg);
  for (const name of names) make("option", {value: name}, choice, name);
  let last = 0;
  const draw = at => {
    last = at;
    svg.replaceChildren();
    const found = data.snapshots[at][key], bins = found && found[choice.selectedIndex];
    svg.setAttribute("aria-label", `${title} of ${choice.value} at epoch ${shown[at]}: ` +
      (bins ? `${bins.counts.length} bins from ${number(bins.low)} to ${number(bins.high)}` : "none yet"));
    if (!bins) { make("text", {x: WIDTH / 2, y: HEIGHT / 2, "text-anchor": "middle"}, svg, "none before the first step"); return; }
    const x = scale([bins.low, bins.high], LEFT, WIDTH - RIGHT), y = scale([0, Math.max(...bins.counts)], HEIGHT - BOTTOM, TOP);
    axes(svg, x, y, tick => Number(tick.toPrecision(3)));
    const wide = (WIDTH - RIGHT - LEFT) / bins.counts.length;
    bins.counts.forEach((count, k) => make("title", {}, make("rect", {x: LEFT + k * wide + .5, width: wide - 1, y: y.at(count),
      height: HEIGHT - BOTTOM - y.at(count), style: "fill: var(--a)", "data-count": count}, svg), String(count)));
    if (bins.bad) make("text", {x: LEFT + 4, y: TOP + 12, class: "ink"}, svg, `✕ ${bins.bad} NaN or infinite`);
  };
  choice.addEventListener("change", () => draw(last));
  views.push(draw);
}

function flow() {
  const names = data.parameters, all = data.snapshots.flatMap(s => s.lengths || []);
  const height = 24 + 20 * names.length;
  const {svg} = panel("Gradient flow", "length of the gradient of each parameter, logarithmic", height);
  const x = scale(all, 130, WIDTH - 62, true);
  views.push(at => {
    svg.replaceChildren();
    const lengths = data.snapshots[at].lengths;
    svg.setAttribute("aria-label", `Gradient flow at epoch ${shown[at]}: ` +
      names.map((name, i) => `${name} ${lengths ? number(lengths[i]) : "–"}`).join(", "));
    names.forEach((name, i) => {
      make("text", {x: 124, y: 16 + 20 * i, "text-anchor": "end", class: "ink"}, svg,
        name.length > 19 ? `${name.slice(0, 18)}…` : name);
      const long = lengths ? lengths[i] : null, end = long > 0 ? Math.max(x.at(long), 132) : 130;
      make("rect", {x: 130, y: 6 + 20 * i, width: end - 130, height: 13, style: "fill: var(--b)"}, svg);
      make("text", {x: end + 4, y: 16 + 20 * i, "data-length": name}, svg, number(long));
    });
  });
}

// The network, and what it says of the plane.

function network() {
  const {sizes, drawn, names} = data.network;
  const height = 40 + 24 * Math.max(...drawn);
  const words = `${sizes.join(" – ")} units` + (drawn.some((n, i) => n < sizes[i]) ? `; the first ${Math.max(...drawn)} are drawn` : "") +
    "; lines: weights, solid and blue above 0, dashed and orange below, the thicker the larger";
  const {svg} = panel("Network", words, height);
  const place = (layer, unit) => [30 + layer * (WIDTH - 60) / (drawn.length - 1), height / 2 + (unit - (drawn[layer] - 1) / 2) * 24];
  views.push(at => {
    svg.replaceChildren();
    svg.setAttribute("aria-label", `The network at epoch ${shown[at]}, ${sizes.join(" to ")} units`);
    data.snapshots[at].weights.forEach((matrix, layer) => {
      const most = Math.max(...matrix.flat().map(w => Math.abs(w ?? 0)), 1e-12);
      matrix.forEach((row, to) => row.forEach((weight, from) => {
        const [x1, y1] = place(layer, from), [x2, y2] = place(layer + 1, to), part = Math.abs(weight ?? 0) / most;
        make("title", {}, make("line", {x1, y1, x2, y2, "data-weight": weight, "stroke-width": (.3 + 3.2 * part).toFixed(2),
          style: `stroke: var(${weight < 0 ? "--negative" : "--positive"}); stroke-opacity: ${(.15 + .85 * part).toFixed(2)}`,
          "stroke-dasharray": weight < 0 ? "5 3" : "none"}, svg), `${names[layer]}[${to}, ${from}] ${number(weight)}`);
      }));
    });
    drawn.forEach((count, layer) => {
      for (let unit = 0; unit < count; unit++) {
        const [cx, cy] = place(layer, unit);
        make("circle", {class: "neuron", cx, cy, r: 8}, svg);
      }
    });
  });
}

function boundary() {
  const {side, points, low, high} = data.boundary, size = 300, left = (WIDTH - size) / 2;
  const {section, svg} = panel("Decision boundary", "the colour is the class that wins, the stronger the surer", size + 8);
  const place = (x, y) => [left + (x - low[0]) / (high[0] - low[0]) * size, 4 + size - (y - low[1]) / (high[1] - low[1]) * size];
  const cells = make("g", {"shape-rendering": "crispEdges"}, svg), step = size / side;
  views.push(at => {
    cells.replaceChildren();
    svg.setAttribute("aria-label", `Decision boundary at epoch ${shown[at]}`);
    const {winners, sure} = data.snapshots[at].boundary;
    winners.forEach((winner, k) => make("rect", {x: left + k % side * step,
      y: 4 + size - (Math.floor(k / side) + 1) * step, width: step, height: step, "data-class": winner,
      style: `fill: ${COLOURS[winner % COLOURS.length]}; fill-opacity: ${(.08 + .6 * sure[k]).toFixed(2)}`}, cells));
  });
  for (const [x, y, label] of points) {
    const [cx, cy] = place(x, y), colour = `fill: ${COLOURS[label % COLOURS.length]}; stroke: var(--panel)`;
    make(label % 2 ? "rect" : "circle", label % 2 ? {x: cx - 3, y: cy - 3, width: 6, height: 6, style: colour}
      : {cx, cy, r: 3.4, style: colour}, svg);
  }
  const classes = [...new Set(points.map(p => p[2]))].sort((a, b) => a - b);
  legend(section, classes.map(k => [`class ${k}`, COLOURS[k % COLOURS.length]]));
}

// All of it.

for (const {name, train, val, logarithmic} of data.curves) {
  const lines = [["training", train], ["validation", val]].filter(([, ys]) => ys)
    .map(([label, ys], i) => ({name: label, ys, colour: COLOURS[i], dashed: i > 0}));
  curves(name, logarithmic ? "logarithmic" : "", data.epochs, lines, logarithmic);
}
if (data.network) network();
if (data.boundary) boundary();
if (data.snapshots.length) {
  histograms("Weights", "weightBins", "");
  histograms("Gradients", "gradientBins", "of the last batch of the epoch");
  flow();
  curves("Size of the steps", "each step beside its parameter, logarithmic; about 0.001 is usual",
    data.snapshots.map(s => s.epoch), data.parameters.slice(0, 8).map((name, i) => ({name, colour: COLOURS[i % COLOURS.length],
      dashed: i >= COLOURS.length, ys: data.snapshots.map(s => s.updates ? s.updates[i] : null)})), true);
}

function draw() {
  const at = Number(slider.value), i = data.epochs.indexOf(shown[at]);
  for (const view of views) view(at);
  const results = data.curves.map(c => `${c.name} ${i < 0 ? "–" : number((c.train || c.val)[i])}` +
    (c.train && c.val ? ` (validation ${i < 0 ? "–" : number(c.val[i])})` : ""));
  said.textContent = `Epoch ${shown[at]}: ${results.join(", ")}`;
  slider.setAttribute("aria-valuetext", `epoch ${shown[at]}`);
}

let timer = null;
function stop() {
  clearInterval(timer);
  timer = null;
  play.textContent = "Play";
}
play.addEventListener("click", () => {
  if (timer) return stop();
  if (Number(slider.value) === shown.length - 1) slider.value = 0;
  play.textContent = "Pause";
  timer = setInterval(() => {
    slider.value = Number(slider.value) + 1;
    draw();
    if (Number(slider.value) === shown.length - 1) stop();
  }, Math.max(80, 6000 / shown.length));
  draw();
});
slider.max = shown.length - 1;
slider.value = shown.length - 1;
slider.addEventListener("input", () => { stop(); draw(); });
draw();
})();
