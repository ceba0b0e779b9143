// Plays the steps that Python has computed. Every number on the page comes from there; nothing is computed here.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const { steps, boxes, arrows } = data;
  const svg = document.querySelector(".chainrule-board");
  const boxOf = new Map([...svg.querySelectorAll(".box")].map((g) => [g.dataset.key, g]));
  const arrowOf = [...svg.querySelectorAll(".arrow")];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const embedded = window.parent !== window;
  const last = steps.length - 1;
  const NOTHING = { grad: ["–"], terms: "" };
  let at = 0;
  let timer = 0;

  function element(tag, kind, ...inside) {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    made.append(...inside);
    return made;
  }

  // What the step says.

  function word(place) {
    const [text, kind, key] = data.words[place];
    if (kind !== "node" || !boxOf.has(key)) return kind ? element("span", kind === "node" ? "" : kind, text) : text;
    const button = element("button", "node", text);
    button.type = "button";
    button.title = `Show how ${text} comes about`;
    button.addEventListener("click", () => choose(key));
    return button;
  }

  function lines(step) {
    const list = element("dl", "formula");
    for (const [label, ...words] of step.lines) list.append(element("dt", "", word(label)), element("dd", "", ...words.map(word)));
    return list;
  }

  function phase(k) {
    const name = steps[k].phase;
    if (name === "start") return "Before the first step";
    const same = steps.filter((step) => step.phase === name);
    return `${name === "forward" ? "Forward" : "Backward"} pass, step ${same.indexOf(steps[k]) + 1} of ${same.length}`;
  }

  function tell(step) {
    const chip = element("p", `phase ${step.phase}`, phase(at));
    const paragraphs = [[]];
    for (const place of step.sentence) {
      if (data.words[place][0].startsWith("\n")) paragraphs.push([]);
      paragraphs.at(-1).push(word(place));
    }
    byId("said").replaceChildren(chip, ...paragraphs.map((inside) => element("p", "sentence", ...inside)), lines(step));
    byId("count").textContent = `${at} of ${last}`;
    const slider = byId("slider");
    slider.value = at;
    slider.setAttribute("aria-valuetext", `${phase(at)}: ${step.title}`);
    for (const [id, off] of [["first", at === 0], ["back", at === 0], ["next", at === last], ["last", at === last]]) {
      byId(id).disabled = off;
    }
    for (const [k, item] of [...byId("tape").children].entries()) {
      item.classList.toggle("ahead", k > at);
      if (k === at) item.firstChild.setAttribute("aria-current", "step");
      else item.firstChild.removeAttribute("aria-current");
    }
    const telling = document.querySelector(".telling");
    if (telling.scrollHeight > telling.clientHeight) telling.scrollTop = 0;
  }

  // What the graph shows.

  function frame(k) {
    const cells = {};
    const flows = {};
    const made = new Set(Object.keys(boxes).filter((key) => boxes[key].given));
    for (const step of steps.slice(0, k + 1)) {
      Object.assign(cells, step.cells);
      Object.assign(flows, step.flows);
      if (step.phase === "forward") made.add(step.box);
    }
    return { cells, flows, made };
  }

  function draw() {
    const step = steps[at];
    const { cells, flows, made } = frame(at);
    for (const [key, g] of boxOf) {
      const cell = cells[key] || NOTHING;
      const rows = g.querySelectorAll(".grad");
      rows.forEach((row, i) => { row.textContent = cell.grad[i] || ""; });
      const terms = g.querySelector(".terms");
      if (terms) terms.textContent = cell.terms;
      g.classList.toggle("unknown", !made.has(key));
      g.classList.toggle("active", key === step.box);
      g.classList.toggle("source", key === step.source);
      const { name, role, data: number } = boxes[key];
      const known = !made.has(key) ? "not computed yet" : number ? `data ${number}` : "computed";
      const grad = !rows.length ? "" : `, gradient ${cell.grad.join(" ") === "–" ? "not known yet" : cell.grad.join(" ")}`;
      g.setAttribute("aria-label", `${name}, ${role}, ${known}${grad}`);
    }
    arrowOf.forEach((g, i) => {
      g.classList.toggle("done", i in flows);
      g.classList.toggle("lit", step.phase === "backward" && step.arrows.includes(i));
      g.classList.toggle("ahead", step.phase === "forward" && step.arrows.includes(i));
      const flow = g.querySelector(".flow");
      if (flow) flow.textContent = flows[i] ? `← ${flows[i]}` : "";
    });
    tell(step);
    reveal(step.box, step.source);
  }

  function go(k) {
    at = Math.max(0, Math.min(last, k));
    draw();
    if (at === last) pause();
  }

  // Playing.

  function tick() {
    const words = steps[at].sentence.reduce((n, place) => n + data.words[place][0].length, 0);
    timer = setTimeout(() => { go(at + 1); if (timer) tick(); }, (900 + 14 * words) / Number(byId("speed").value));
  }

  function pause() {
    clearTimeout(timer);
    timer = 0;
    byId("play").textContent = "Play";
  }

  function toggle() {
    if (timer) return pause();
    if (at === last) go(0);
    else go(at + 1);
    byId("play").textContent = "Pause";
    if (at < last) tick();
    else pause();
  }

  function stop(k) {
    pause();
    go(k);
  }

  // The derivation of one box: the equations from the result down to it.

  function choose(key) {
    for (const [other, g] of boxOf) g.classList.toggle("chosen", other === key);
    const panel = byId("derivation");
    panel.hidden = !key;
    if (!key) return;
    const { name, forward, gradient } = boxes[key];
    const close = element("button", "", "Close");
    close.type = "button";
    close.addEventListener("click", () => { choose(null); boxOf.get(key).focus(); });
    panel.replaceChildren(element("div", "head", element("h2", "", `How ${name} and its gradient come about`), close));
    if (forward) panel.append(element("h3", "", "Forward"), ...equation(forward));
    const way = wayTo(key).filter((other) => boxes[other].gradient);
    if (gradient) panel.append(element("h3", "", `The gradient, from the result down to ${name}`));
    for (const other of gradient ? way : []) panel.append(...equation(boxes[other].gradient));
    if (!gradient) panel.append(element("p", "remark", boxes[key].why));
    if (data.notes.length && panel.textContent.includes("|")) panel.append(...data.notes.map((note) => element("p", "remark", note)));
    reveal(key);
    panel.scrollIntoView({ block: "nearest" });
  }

  function equation([left, sides, remarks]) {
    const rows = sides.map((side, i) => `${i ? "  " : left} = ${side}`);
    return [element("p", "equation", rows.join("\n")), ...remarks.map((remark) => element("p", "remark", `(${remark})`))];
  }

  function wayTo(key) {
    const way = new Set([key]);
    const waiting = [key];
    while (waiting.length) {
      const tail = waiting.pop();
      for (const [from, to] of arrows) {
        if (from === tail && !way.has(to)) { way.add(to); waiting.push(to); }
      }
    }
    return [...way].sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
  }

  // Finding.

  let found = [];

  function find(words) {
    const wanted = words.trim().toLowerCase();
    found = wanted ? Object.keys(boxes).filter((key) => boxes[key].name.toLowerCase().includes(wanted)) : [];
    for (const [key, g] of boxOf) g.classList.toggle("found", found.includes(key));
    if (found.length) reveal(found[0]);
  }

  // Zoom and pan: the view is a rectangle of the graph, in its own points.

  const whole = svg.getAttribute("viewBox").split(" ").map(Number);
  let view = null;
  let touched = false; // whether the reader has moved or zoomed

  function size() {
    const box = svg.getBoundingClientRect();
    return [Math.max(box.width, 1), Math.max(box.height, 1)];
  }

  function show([x, y, w]) {
    const [width, height] = size();
    view = [x, y, w, (w * height) / width];
    svg.setAttribute("viewBox", view.map((v) => v.toFixed(2)).join(" "));
  }

  function fit() {
    const [width, height] = size();
    const scale = Math.min(1.6, width / whole[2], height / whole[3]);
    const w = width / scale;
    show([whole[0] + (whole[2] - w) / 2, whole[1] + (whole[3] - height / scale) / 2, w]);
  }

  function zoom(factor, px, py) {
    const [width, height] = size();
    const [x, y, w, h] = view;
    const [ox, oy] = px === undefined ? [0.5, 0.5] : [px / width, py / height];
    const wanted = Math.max(width / 8, Math.min(w / factor, 4 * Math.max(whole[2], whole[3], width)));
    show([x + (w - wanted) * ox, y + (h - (wanted * height) / width) * oy, wanted]);
  }

  function closer(factor) {
    touched = true;
    zoom(factor);
  }

  function all() {
    touched = true;
    cancelAnimationFrame(gliding);
    fit();
  }

  function place(key) {
    const g = boxOf.get(key);
    const [, x, y] = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(g.getAttribute("transform"));
    const card = g.querySelector(".card");
    return [Number(x), Number(y), Number(card.getAttribute("width")), Number(card.getAttribute("height"))];
  }

  // Move no more than is needed to see some boxes, all of them if they fit, else the first.
  function reveal(...keys) {
    const places = keys.filter((key) => boxOf.has(key)).map(place);
    if (!places.length) return;
    const goal = [0, 1].map((axis) => {
      const room = view[axis + 2];
      if (room >= whole[axis + 2]) return whole[axis] + (whole[axis + 2] - room) / 2;
      const span = (those) => [Math.min(...those.map((p) => p[axis])) - 30, Math.max(...those.map((p) => p[axis] + p[axis + 2])) + 30];
      let [low, high] = span(places);
      if (high - low > room) [low, high] = span(places.slice(0, 1));
      return Math.max(high - room, Math.min(view[axis], low));
    });
    if (goal.some((v, axis) => Math.abs(v - view[axis]) > 0.5)) glide([...goal, view[2]]);
  }

  let gliding = 0;

  function glide(goal) {
    cancelAnimationFrame(gliding);
    if (calm.matches) return show(goal);
    const from = [...view];
    const begin = performance.now();
    const frameOf = (now) => {
      const t = Math.min(1, Math.max(0, (now - begin) / 300));
      const ease = t * (2 - t);
      show(goal.map((v, i) => from[i] + (v - from[i]) * ease));
      if (t < 1) gliding = requestAnimationFrame(frameOf);
    };
    gliding = requestAnimationFrame(frameOf);
  }

  function begin() {
    cancelAnimationFrame(gliding);
    fit();
    const [width] = size();
    if (width < 2 || width / view[2] >= 0.75) return; // a frame has no size before it is laid out
    zoom(0.85 * (view[2] / width)); // so that it can be read; the view follows the steps
    reveal(steps[at].box || Object.keys(boxes)[0], steps[at].source);
  }

  const fingers = new Map();
  let dragged = false;

  svg.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (fingers.size === 1) dragged = false;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.clientX - before[0], event.clientY - before[1]];
    if (!dragged && fingers.size === 1 && Math.hypot(dx, dy) < 4) return;
    dragged = true;
    svg.classList.add("dragged");
    svg.setPointerCapture(event.pointerId);
    const scale = view[2] / size()[0];
    const other = [...fingers].find(([id]) => id !== event.pointerId);
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    touched = true;
    cancelAnimationFrame(gliding);
    if (!other) return show([view[0] - dx * scale, view[1] - dy * scale, view[2]]);
    const [ox, oy] = other[1];
    const apart = Math.hypot(before[0] - ox, before[1] - oy);
    const box = svg.getBoundingClientRect();
    if (apart > 0) zoom(Math.hypot(event.clientX - ox, event.clientY - oy) / apart, (event.clientX + ox) / 2 - box.left, (event.clientY + oy) / 2 - box.top);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    svg.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      svg.classList.remove("dragged");
    });
  }
  svg.addEventListener("wheel", (event) => {
    if (embedded && !event.ctrlKey) return; // a notebook scrolls
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    touched = true;
    zoom(Math.exp(-event.deltaY * 0.0015), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  svg.addEventListener("click", (event) => {
    const g = event.target.closest(".box");
    if (g && !dragged) choose(g.dataset.key);
  });
  svg.addEventListener("keydown", (event) => {
    const g = event.target.closest(".box");
    if (g && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      event.stopPropagation();
      choose(g.dataset.key);
    }
  });
  svg.addEventListener("focusin", (event) => {
    const g = event.target.closest(".box");
    if (g && g.matches(":focus-visible")) reveal(g.dataset.key);
  });

  // Light and dark.

  function dark() {
    const theme = document.documentElement.dataset.theme;
    return theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  }

  // Keys.

  const KEYS = {
    ArrowRight: () => stop(at + 1), ArrowLeft: () => stop(at - 1), Home: () => stop(0), End: () => stop(last), " ": toggle,
    "+": () => closer(1.25), "=": () => closer(1.25), "-": () => closer(0.8), 0: all,
    "/": () => byId("search").focus(), "?": () => byId("keys").showModal(), Escape: () => choose(null),
  };
  document.addEventListener("keydown", (event) => {
    const on = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
    if (on === byId("search") || on === byId("speed")) return;
    if (on === byId("slider") && event.key in { ArrowRight: 1, ArrowLeft: 1, Home: 1, End: 1 }) return;
    if (event.key === " " && on.closest("button, summary")) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  for (const [id, act] of [
    ["first", () => stop(0)], ["back", () => stop(at - 1)], ["play", toggle], ["next", () => stop(at + 1)], ["last", () => stop(last)],
    ["smaller", () => closer(0.8)], ["larger", () => closer(1.25)], ["fit", all], ["help", () => byId("keys").showModal()],
    ["theme", () => { document.documentElement.dataset.theme = dark() ? "light" : "dark"; }],
  ]) byId(id).addEventListener("click", act);
  byId("slider").addEventListener("input", (event) => stop(Number(event.target.value)));
  byId("search").addEventListener("input", (event) => find(event.target.value));
  byId("search").addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.target.blur();
    if (event.key !== "Enter" || !found.length) return;
    boxOf.get(found[0]).focus();
    choose(found[0]);
    found.push(found.shift());
    event.target.focus();
  });
  new ResizeObserver(() => (touched ? show(view) : begin())).observe(svg);

  // The beginning.

  byId("slider").max = last;
  const forward = steps.filter((step) => step.phase !== "backward").length - 1;
  const [ahead, behind] = document.querySelectorAll(".track .parts span");
  ahead.style.flex = `${Math.max(forward, 0.001)} 0 0`;
  behind.style.flex = `${last - forward} 0 0`;
  for (const [key, g] of boxOf) {
    g.setAttribute("tabindex", "0");
    g.setAttribute("role", "button");
    g.dataset.name = boxes[key].name;
  }
  steps.forEach((step, k) => {
    const button = element("button", "", step.title);
    button.type = "button";
    button.addEventListener("click", () => stop(k));
    byId("tape").append(element("li", step.phase, button));
  });
  begin();
  draw();
})();
