"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const make = (tag, text = "", className = "") => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  // colours
  const themes = all("button[data-theme]");
  themes.forEach((button) => button.addEventListener("click", () => {
    const wanted = button.dataset.theme;
    if (wanted === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = wanted;
    themes.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
  }));

  // files that the page holds
  all("button.save").forEach((button) => button.addEventListener("click", () => {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([one(button.dataset.file).textContent], {type: "application/json"}));
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }));

  // tables: sorting and pages
  const pages = new Map();
  const show = (table) => {
    const pager = document.querySelector(`.pager[data-table="${table.id}"]`);
    const rows = all("tbody tr", table), size = Number(table.dataset.paged);
    const kept = rows.filter((row) => row.dataset.out !== "true");
    const last = Math.max(Math.ceil(kept.length / size) - 1, 0);
    const page = Math.min(Math.max(pages.get(table.id) || 0, 0), last);
    pages.set(table.id, page);
    rows.forEach((row) => { row.hidden = true; });
    kept.slice(page * size, (page + 1) * size).forEach((row) => { row.hidden = false; });
    pager.hidden = rows.length <= size;
    pager.querySelector("span").textContent = `Page ${page + 1} of ${last + 1}, ${kept.length} rows`;
    const [back, on] = all("button", pager);
    back.disabled = page === 0;
    on.disabled = page === last;
  };
  all("table[data-paged]").forEach((table) => {
    const body = table.tBodies[0];
    all("th .sort", table).forEach((button) => button.addEventListener("click", () => {
      const head = button.parentElement, column = head.cellIndex, numeric = button.dataset.kind === "number";
      const order = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      all("th", table).forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", order);
      const key = (row) => numeric ? Number(row.cells[column].dataset.key) : row.cells[column].textContent;
      const sign = order === "ascending" ? 1 : -1;
      all("tr", body).map((row) => [key(row), row])
        .sort(([a], [b]) => sign * (a < b ? -1 : a > b ? 1 : 0)).forEach(([, row]) => body.append(row));
      pages.set(table.id, 0);
      show(table);
    }));
    all(`.pager[data-table="${table.id}"] button`).forEach((button) => button.addEventListener("click", () => {
      pages.set(table.id, (pages.get(table.id) || 0) + Number(button.dataset.page));
      show(table);
    }));
    show(table);
  });

  // printing shows everything
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    closed.forEach((element) => { element.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((element) => { element.open = false; }));

  // cells
  if (!one("cell-data")) return;
  const data = JSON.parse(one("cell-data").textContent);
  const panel = one("details"), svg = one("graph"), table = one("cell-table"), empty = panel.innerHTML;
  const nodes = new Map(all("#graph .node").map((node) => [Number(node.dataset.cell), node]));
  const places = new Map([...nodes].map(([number, node]) => {
    const {e, f} = node.transform.baseVal.consolidate().matrix;
    return [number, [e, f]];
  }));
  let pinned = null, current = null;

  const html = (pieces) => pieces.map((piece) => data.pieces[piece]).join(" ");
  const units = (numbers) => numbers.map((number) => data.units[number]).join(" and ");
  const fact = (list, name, value) => {
    list.append(make("dt", name));
    const here = make("dd");
    here.innerHTML = value;
    list.append(here);
  };

  const fill = (number) => {
    const cell = data.cells[number];
    panel.replaceChildren();
    const head = make("h3", `Cell ${number + 1}`);
    const pin = make("button", pinned === number ? "Release" : "Pin");
    pin.type = "button";
    pin.addEventListener("click", () => { pinned === number ? release() : choose(number); });
    head.append(pin);
    panel.append(head, make("code", cell.s, "signature"));
    const list = make("dl", "", "facts");
    fact(list, "The loss is", cell.flat ? "constant (flat)" : "not constant");
    fact(list, "Infimum of the loss", cell.least === null ? "not known" : data.pieces[cell.least]);
    const [positive, negative, zero] = cell.inertia;
    fact(list, "Hessian at the witness", `${positive} positive, ${negative} negative, ${zero} zero eigenvalues`);
    panel.append(list);
    if (cell.points.length) {
      const inside = cell.points.filter(([, is]) => is).map(([name]) => name);
      const beside = cell.points.filter(([, is]) => !is).map(([name]) => name);
      if (inside.length) panel.append(make("p", `In it: ${inside.join(", ")}.`));
      if (beside.length) panel.append(make("p", `On its boundary: ${beside.join(", ")}.`));
    }
    panel.append(make("h4", "The loss in its blocks"));
    cell.blocks.forEach((chunks) => {
      const line = make("p", "", "formula");
      line.innerHTML = html(chunks);
      panel.append(line);
    });
    panel.append(make("h4", "Witness"));
    const witness = make("p");
    witness.innerHTML = cell.witness.map((piece) => `<span class="array">${data.pieces[piece]}</span>`).join(", ");
    panel.append(witness, make("h4", cell.walls.length ? "Across its walls" : "No walls are known"));
    const walls = make("ul");
    cell.walls.forEach(([other, between]) => {
      const item = make("li");
      if (other < data.cells.length) {
        const go = make("button", `cell ${other + 1}`, "cellref");
        go.type = "button";
        go.addEventListener("click", () => { choose(other, true); });
        item.append(go);
      } else item.append(`cell ${other + 1} (not listed)`);
      item.append(` ${units(between)}`);
      walls.append(item);
    });
    panel.append(walls);
    panel.scrollTop = 0;
  };

  const mark = (number) => {
    const around = new Set(number === null ? [] : data.cells[number].walls.map(([other]) => other));
    nodes.forEach((node, here) => {
      node.classList.toggle("current", here === number);
      node.classList.toggle("near", around.has(here));
      node.classList.toggle("pinned", here === pinned);
      node.setAttribute("aria-pressed", String(here === pinned));
    });
    all("#graph .walls line:not(.hit)").forEach((line) => {
      line.classList.toggle("on", number !== null && [line.dataset.i, line.dataset.j].includes(String(number)));
    });
    if (table) all("tbody tr", table).forEach((row) => {
      row.classList.toggle("current", Number(row.dataset.cell) === number);
    });
  };

  const look = (number) => {
    if (pinned !== null) return;
    current = number;
    fill(number);
    mark(number);
  };
  const focusable = (number) => nodes.forEach((node, here) => { node.tabIndex = here === number ? 0 : -1; });
  const choose = (number, focus = false) => {
    pinned = current = number;
    fill(number);
    mark(number);
    if (nodes.has(number)) {
      focusable(number);
      if (focus) nodes.get(number).focus();
    }
  };
  const release = () => {
    pinned = null;
    if (current === null) panel.innerHTML = empty;
    else fill(current);
    mark(current);
  };

  // the neighbour that lies most in a direction
  const step = (number, dx, dy) => {
    const [x, y] = places.get(number);
    let best = null, most = 0.05;
    data.cells[number].walls.forEach(([other]) => {
      if (!places.has(other)) return;
      const [a, b] = places.get(other), length = Math.hypot(a - x, b - y);
      const share = ((a - x) * dx + (b - y) * dy) / length;
      if (share > most) [best, most] = [other, share];
    });
    return best;
  };
  const arrows = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

  nodes.forEach((node, number) => {
    node.addEventListener("mouseenter", () => look(number));
    node.addEventListener("focus", () => { focusable(number); look(number); });
    node.addEventListener("click", () => { pinned === number ? release() : choose(number); });
    node.addEventListener("keydown", (event) => {
      let next = null;
      if (event.key in arrows) next = step(number, ...arrows[event.key]);
      else if (event.key === "PageDown") next = Math.min(number + 1, nodes.size - 1);
      else if (event.key === "PageUp") next = Math.max(number - 1, 0);
      else if (event.key === "Home") next = 0;
      else if (event.key === "End") next = nodes.size - 1;
      else if (event.key === "Enter" || event.key === " ") pinned === number ? release() : choose(number);
      else return;
      event.preventDefault();
      if (next !== null) nodes.get(next).focus();
    });
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape" && pinned !== null) release(); });

  // walls are thin: an invisible wide line catches the pointer
  all("#graph .walls line").forEach((line) => {
    const hit = line.cloneNode(true);
    hit.classList.add("hit");
    line.parentNode.append(hit);
  });

  all("button.cellref[data-cell]").forEach((button) => button.addEventListener("click", () => {
    choose(Number(button.dataset.cell), true);
    (svg || panel).scrollIntoView({block: "nearest"});
    if (!svg) panel.focus();
  }));

  // size of the graph
  if (svg) {
    const width = Number(svg.getAttribute("width"));
    let scale = 1;
    all("button[data-zoom]").forEach((button) => button.addEventListener("click", () => {
      const sense = Number(button.dataset.zoom);
      const shown = svg.getBoundingClientRect().width;
      scale = sense === 0 ? 1 : Math.min(Math.max((svg.classList.contains("large") ? scale : shown / width) * 1.4 ** sense, 0.2), 4);
      svg.classList.toggle("large", sense !== 0);
      svg.setAttribute("width", sense === 0 ? width : width * scale);
    }));
  }

  // search
  const filter = one("filter"), found = one("found");
  filter.addEventListener("input", () => {
    const text = filter.value.trim();
    const pattern = new RegExp(text.replace(/[^?]/g, (c) => `\\u{${c.codePointAt(0).toString(16)}}`).replaceAll("?", "[-+0]"), "u");
    const hits = new Set(data.cells.map((cell, number) => [cell, number]).filter(([cell]) => pattern.test(cell.s)).map(([, number]) => number));
    if (svg) svg.classList.toggle("dimmed", text !== "");
    nodes.forEach((node, number) => node.classList.toggle("match", text !== "" && hits.has(number)));
    if (table) {
      all("tbody tr", table).forEach((row) => { row.dataset.out = String(!hits.has(Number(row.dataset.cell))); });
      pages.set("cell-table", 0);
      show(table);
    }
    found.textContent = text === "" ? "" : `${hits.size} of ${data.cells.length} cells`;
  });
})();
