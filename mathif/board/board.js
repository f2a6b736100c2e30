// The tables are there without this script; it sorts, filters, opens and compares their rows. Whatever came from a
// submission becomes text nodes only.
(() => {
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };
  const { draw } = web;
  const byId = (id) => document.getElementById(id);
  const percent = (mille) => (mille === null ? "–" : (mille / 10).toFixed(1));
  const span = ([value, low, high]) =>
    value === null ? "–" : low === null ? percent(value) : `${percent(value)} (${percent(low)} to ${percent(high)})`;

  // What the page knows of each row: from its markup at once, the rest unpacked when it is first asked for.
  const columns = byId("columns").textContent.split(" ");
  const texts = new Set(["model", "badge"]);
  const rows = new Map();
  const tables = [...document.querySelectorAll("table.board")].map((table) => {
    const own = [...table.querySelectorAll("tr.row")].map((node) => {
      const numbers = node.dataset.v.split(" ").map((text) => (text === "" ? null : Number(text)));
      const name = node.querySelector("bdi").textContent;
      const row = { id: node.id.slice(2), node, body: node.parentElement, name, numbers, task: table.dataset.task, more: null };
      row.text = node.querySelector("th").textContent.toLowerCase();
      row.values = Object.fromEntries(columns.map((column, place) => [column, numbers[place]]));
      Object.assign(row.values, { model: name.toLowerCase(), badge: node.dataset.badge });
      rows.set(row.id, row);
      return row;
    });
    const rest = make("button", { type: "button", class: "rest" });
    rest.hidden = true;
    table.parentElement.after(rest);
    return { table, rows: own, rest, whole: false };
  });
  let unpacked;
  const details = () => (unpacked ??= web.held("packed"));

  // State, and its permalink.
  const initial = { sort: "hacc", dir: "desc", q: "", size: "", open: "", reasoning: "", badge: "" };
  const state = { ...initial, rows: new Set(), compare: new Set(), side: false };
  const read = () => {
    const hash = location.hash.slice(1);
    if (hash && !hash.includes("=")) return false;
    const given = new URLSearchParams(hash);
    for (const name of Object.keys(initial)) state[name] = given.get(name) ?? initial[name];
    if (!columns.includes(state.sort) && !texts.has(state.sort)) state.sort = initial.sort;
    if (!["asc", "desc"].includes(state.dir)) state.dir = initial.dir;
    for (const name of ["size", "open", "reasoning", "badge"])
      if (![...byId(`f-${name}`).options].some((option) => option.value === state[name])) state[name] = initial[name];
    const ids = (name) => new Set((given.get(name) ?? "").split(",").filter((id) => rows.has(id)));
    state.rows = ids("rows");
    state.compare = ids("compare");
    state.side = given.get("side") === "1" && state.compare.size > 1;
    return true;
  };
  const write = () => {
    const kept = new URLSearchParams();
    for (const name of Object.keys(initial)) if (state[name] !== initial[name]) kept.set(name, state[name]);
    if (state.rows.size) kept.set("rows", [...state.rows].join(","));
    if (state.compare.size) kept.set("compare", [...state.compare].join(","));
    if (state.side) kept.set("side", "1");
    const hash = kept.toString().replaceAll("%2C", ",");
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  };

  // Sorting and filtering. What is unknown comes last in either direction.
  const order = (first, second) => {
    const a = first.values[state.sort], b = second.values[state.sort];
    if (a === null || b === null) return (a === null) - (b === null);
    const way = state.dir === "asc" ? 1 : -1;
    return way * (typeof a === "string" ? (a > b) - (a < b) : a - b);
  };
  const sizes = new Map([["s", [0, 2]], ["m", [2, 10]], ["l", [10, 40]], ["x", [40, Infinity]]]);
  const wanted = (row) => {
    const { b: parameters, open, reasoning, badge } = row.node.dataset;
    const [low, high] = sizes.get(state.size) ?? [-Infinity, Infinity];
    return (
      (!state.size || (parameters !== "" && parameters > low && parameters <= high)) &&
      (!state.open || state.open === open) &&
      (!state.reasoning || state.reasoning === reasoning) &&
      (!state.badge || state.badge === badge) &&
      row.text.includes(state.q.trim().toLowerCase())
    );
  };
  const AT_ONCE = 200; // rows of a table that are laid out before somebody asks for more: sorting stays instant
  const arrange = () => {
    let fitting = 0, total = 0;
    for (const { table, rows: own, rest, whole } of tables) {
      // each part of a table is sorted by itself: references stay below the models
      const parts = new Map([...table.tBodies].map((body) => [body, document.createDocumentFragment()]));
      let fit = 0;
      for (const row of [...own].sort(order)) {
        const fits = wanted(row);
        fit += fits;
        row.node.hidden = !fits || (fit > AT_ONCE && !whole && !state.rows.has(row.id));
        const part = parts.get(row.body);
        part.append(row.node);
        if (row.more) {
          row.more.hidden = row.node.hidden;
          part.append(row.more);
        }
      }
      for (const [body, part] of parts) {
        body.append(part);
        for (const heading of body.querySelectorAll(".part")) heading.hidden = !body.querySelector("tr.row:not([hidden])");
      }
      rest.hidden = whole || fit <= AT_ONCE;
      rest.textContent = `Show all ${fit.toLocaleString("en")} rows`;
      fitting += fit;
      total += own.length;
      for (const head of table.tHead.rows[0].cells) {
        if (head.dataset.k === state.sort) head.setAttribute("aria-sort", `${state.dir}ending`);
        else head.removeAttribute("aria-sort");
      }
    }
    const label = document.querySelector(`th[data-k="${state.sort}"]`)?.dataset.n ?? state.sort;
    const way = state.dir === "asc" ? "ascending" : "descending";
    byId("said").textContent = `${fitting} of ${total} rows, sorted by ${label}, ${way}.`;
  };

  // Pictures.
  const curves = (series) => {
    const width = 520, height = 230, left = 34, right = 26, top = 10, bottom = 34;
    const bins = series.flatMap((one) => one.lengths);
    const from = (bin) => bin[0] || Math.max(1, (bin[1] ?? 2) / 2);
    const low = Math.min(...bins.map(from));
    const last = Math.max(...bins.map((bin) => bin[1] ?? from(bin) * 2), low * 2);
    const x = (tokens) => left + ((width - left - right) * Math.log(Math.max(tokens, low) / low)) / Math.log(last / low);
    const y = (mille) => top + (height - top - bottom) * (1 - mille / 1000);
    const middle = (bin) => x(Math.sqrt(from(bin) * (bin[1] ?? from(bin) * 2)));
    const label = series.map((one) => `${one.name}: ${one.lengths.map((bin) => `${bin[0]} to ${bin[1] ?? "more"} tokens, HAcc ${span(bin.slice(3, 6))}`).join("; ")}`);
    const node = draw("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `By CoT length. ${label.join(". ")}` });
    for (const mille of [0, 250, 500, 750, 1000]) {
      node.append(draw("line", { class: "g", x1: left, x2: width - right, y1: y(mille), y2: y(mille) }));
      node.append(draw("text", { x: left - 6, y: y(mille) + 4, "text-anchor": "end" }, `${mille / 10}`));
    }
    const step = Math.max(1, Math.ceil(Math.log2(last / low) / 6));
    for (let power = Math.ceil(Math.log2(low)); 2 ** power <= last; power += step)
      node.append(draw("text", { x: x(2 ** power), y: height - bottom + 16, "text-anchor": "middle" }, `${(2 ** power).toLocaleString("en")}`));
    node.append(draw("text", { x: (left + width - right) / 2, y: height - 3, "text-anchor": "middle" }, "CoT tokens (logarithmic)"));
    series.forEach((one, place) => {
      const group = draw("g", { class: `k${place % 6}` });
      const path = (at) => one.lengths.filter((bin) => bin[at] !== null).map((bin, i) => `${i ? "L" : "M"}${middle(bin).toFixed(1)} ${y(bin[at]).toFixed(1)}`).join("");
      const known = one.lengths.filter((bin) => bin[3] !== null);
      const band = known.filter((bin) => bin[4] !== null);
      if (series.length === 1 && band.length > 1) {
        const edge = (list, at) => list.map((bin) => `${middle(bin).toFixed(1)} ${y(bin[at]).toFixed(1)}`).join("L");
        group.append(draw("path", { class: "area", d: `M${edge(band, 5)}L${edge([...band].reverse(), 4)}Z` }));
      } else for (const bin of band) group.append(draw("line", { class: "err", x1: middle(bin), x2: middle(bin), y1: y(bin[4]), y2: y(bin[5]) }));
      group.append(draw("path", { class: "line", d: path(3) }));
      if (series.length === 1) group.append(draw("path", { class: "line dash", d: path(6) }));
      for (const bin of known) group.append(draw("circle", { class: "dot", cx: middle(bin), cy: y(bin[3]), r: 3 }, draw("title", {}, `${bin[0]} to ${bin[1] ?? "more"} tokens, n ${bin[2]}: HAcc ${span(bin.slice(3, 6))}`)));
      node.append(group);
    });
    return node;
  };
  const share = (mille) => `${mille / 10}%`;
  const bar = ([, value, low, high, floor]) => {
    const node = draw("svg", { "aria-hidden": "true", height: 14 });
    node.append(draw("line", { class: "t", x1: 0, x2: "100%", y1: 7, y2: 7 }));
    if (value !== null) node.append(draw("rect", { class: "bar", x: 0, y: 4.5, height: 5, width: share(value) }));
    if (low !== null) node.append(draw("line", { class: "e", x1: share(low), x2: share(high), y1: 7, y2: 7 }));
    if (floor !== null) node.append(draw("line", { class: "z", x1: share(floor), x2: share(floor), y1: 0, y2: 14 }));
    return node;
  };
  const dots = (values) => {
    const node = draw("svg", { "aria-hidden": "true", height: 14 });
    node.append(draw("line", { class: "t", x1: 0, x2: "100%", y1: 7, y2: 7 }));
    values.forEach((value, place) => {
      if (value !== null) node.append(draw("g", { class: `k${place % 6}` }, draw("circle", { class: "dot", cx: share(value), cy: 7, r: 4.5 })));
    });
    return node;
  };

  // A row opened.
  const facts = (pairs) => {
    const list = make("dl");
    for (const [name, value] of pairs) {
      const said = make("dd");
      if (/^https:\/\/[^\s]+$/.test(value)) said.append(make("a", { href: value, rel: "noopener noreferrer" }, value));
      else said.append(make("bdi", {}, value));
      list.append(make("dt", {}, name), said);
    }
    return list;
  };
  const part = (title, ...children) => make("div", {}, make("h3", {}, title), ...children);
  const sheet = (row, all) => {
    const found = all.rows[row.id];
    const node = make("div", { class: "sheet" });
    node.append(part("What was run", facts(found.facts)));
    if (found.lengths.length) {
      const note = "HAcc by CoT length with its 95 % interval; the dashed line is Acc. Truncated replies are left out.";
      node.append(part("Length", curves([{ name: row.name, lengths: found.lengths }]), make("p", { class: "dim" }, note)));
    }
    if (found.kinds.length) {
      const list = make("ul", { class: "kinds" });
      for (const kind of found.kinds) {
        const said = make("span", { class: "v" }, percent(kind[1]));
        if (kind[2] !== null) said.append(make("span", { class: "vh" }, ` (${percent(kind[2])} to ${percent(kind[3])})`));
        list.append(make("li", {}, make("span", {}, all.kinds[kind[0]]), bar(kind), said));
      }
      const own = part("Obeyed, by kind of constraint", list, make("p", { class: "dim" }, "The dashed mark is what a reply scores that ignores every instruction."));
      own.className = "wide";
      node.append(own);
    }
    if (found.samples.length) {
      const own = part("Some replies");
      for (const [item, said, text] of found.samples) own.append(make("div", { class: "reply" }, make("span", { class: "dim" }, `${item}: ${said}`), make("pre", { dir: "auto" }, text)));
      own.className = "wide";
      node.append(own);
    }
    if (node.childElementCount === 1) node.append(make("p", { class: "dim" }, found.note));
    return node;
  };
  const openRow = async (row) => {
    const id = `m-${row.id}`;
    row.more = make("tr", { class: "more", id });
    const cell = make("td", { colspan: row.node.cells.length });
    row.more.append(cell);
    row.more.hidden = row.node.hidden;
    row.node.after(row.more);
    const all = await details();
    cell.append(sheet(row, all));
  };
  const showRows = () => {
    for (const row of rows.values()) {
      const open = state.rows.has(row.id);
      row.button.setAttribute("aria-expanded", String(open));
      if (open && !row.more) openRow(row);
      else if (!open && row.more) {
        row.more.remove();
        row.more = null;
      }
    }
  };

  // Rows side by side.
  const chosen = () => [...state.compare].map((id) => rows.get(id));
  const side = (all) => {
    const own = chosen();
    const key = (place) => make("span", { class: `key k${place % 6}`, "aria-hidden": "true" });
    const head = make("tr", {}, make("th", { scope: "col" }, "Measure"));
    own.forEach((row, place) => head.append(make("th", { scope: "col" }, key(place), make("bdi", {}, row.name), make("small", {}, row.task))));
    const body = make("tbody");
    for (const column of columns) {
      if (own.every((row) => row.values[column] === null)) continue;
      const title = document.querySelector(`th[data-k="${column}"]`);
      if (!title) continue;
      const line = make("tr", {}, make("th", { scope: "row" }, title.dataset.n));
      for (const row of own) {
        const heads = [...row.node.closest("table").tHead.rows[0].cells];
        const cell = row.node.cells[heads.findIndex((one) => one.dataset.k === column)];
        line.append(make("td", {}, ...(cell ? [...cell.childNodes].map((n) => n.cloneNode(true)) : ["–"])));
      }
      body.append(line);
    }
    const region = make("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": "Rows side by side" }, make("table", { "aria-label": "Rows side by side" }, make("thead", {}, head), body));
    const parts = [make("h2", {}, "Side by side")];
    if (new Set(own.map((row) => row.task)).size > 1) parts.push(make("p", { class: "dim" }, "These rows are of different tasks or profiles: their numbers do not measure the same thing."));
    const found = own.map((row) => all.rows[row.id]);
    const series = own.map((row, place) => ({ name: row.name, lengths: found[place].lengths }));
    const grid = make("div", { class: "sheet" }, region);
    if (series.some((one) => one.lengths.length)) grid.append(part("HAcc by CoT length", curves(series)));
    const kinds = [...new Set(found.flatMap((one) => one.kinds.map((kind) => kind[0])))].sort((a, b) => a - b);
    if (kinds.length) {
      const list = make("ul", { class: "kinds" });
      for (const number of kinds) {
        const values = found.map((one) => one.kinds.find((kind) => kind[0] === number)?.[1] ?? null);
        list.append(make("li", {}, make("span", {}, all.kinds[number]), dots(values), make("span", { class: "vh" }, values.map((value, place) => `${own[place].name} ${percent(value)}`).join(", "))));
      }
      const box = part("Obeyed, by kind of constraint", list);
      box.className = "wide";
      grid.append(box);
    }
    return [...parts, grid];
  };
  const showCompare = async () => {
    const panel = byId("compare"), tray = byId("tray");
    for (const row of rows.values()) row.box.checked = state.compare.has(row.id);
    tray.hidden = state.compare.size === 0;
    byId("picked").textContent = `To compare: ${chosen().map((row) => row.name).join(", ")}`;
    byId("go").disabled = state.compare.size < 2;
    byId("go").textContent = state.side ? "Hide comparison" : "Compare side by side";
    panel.hidden = !state.side;
    if (state.side) panel.replaceChildren(...side(await details()));
  };

  const show = () => {
    for (const name of ["q", "size", "open", "reasoning", "badge"]) byId(`f-${name}`).value = state[name];
    showRows();
    arrange();
    showCompare();
  };
  const changed = (...steps) => {
    write();
    for (const step of steps) step();
  };

  // Controls.
  for (const one of tables) {
    const { table, rows: own, rest } = one;
    rest.addEventListener("click", () => {
      one.whole = true;
      arrange();
    });
    for (const heading of table.querySelectorAll(".part th")) heading.colSpan += 1;
    table.tHead.rows[0].prepend(make("th", { scope: "col", class: "c" }, make("span", { class: "vh" }, "Compare")));
    for (const head of table.tHead.querySelectorAll("th[data-k]")) {
      const button = make("button", { type: "button", class: "s" }, head.firstChild.textContent);
      if (head.title) button.title = head.title;
      head.firstChild.replaceWith(button);
      button.addEventListener("click", () => {
        const key = head.dataset.k;
        const first = key === "rank" || texts.has(key) ? "asc" : "desc";
        state.dir = state.sort !== key ? first : state.dir === "asc" ? "desc" : "asc";
        state.sort = key;
        changed(arrange);
      });
    }
    for (const row of own) {
      const head = row.node.querySelector("th");
      row.button = make("button", { type: "button", class: "o", "aria-expanded": "false", "aria-controls": `m-${row.id}` });
      const name = head.querySelector("bdi");
      name.replaceWith(row.button);
      row.button.append(name);
      head.querySelector("small")?.classList.add("js");
      row.button.addEventListener("click", () => {
        if (!state.rows.delete(row.id)) state.rows.add(row.id);
        changed(showRows);
      });
      row.box = make("input", { type: "checkbox", "aria-label": `Compare ${row.name}` });
      row.node.prepend(make("td", { class: "c" }, row.box));
      row.box.addEventListener("change", () => {
        if (row.box.checked) state.compare.add(row.id);
        else state.compare.delete(row.id);
        state.side &&= state.compare.size > 1;
        changed(showCompare);
      });
    }
  }
  for (const name of ["q", "size", "open", "reasoning", "badge"])
    byId(`f-${name}`).addEventListener("input", (event) => {
      state[name] = event.target.value;
      changed(arrange);
    });
  byId("all").addEventListener("click", () => {
    Object.assign(state, initial);
    changed(show);
  });
  byId("go").addEventListener("click", () => {
    state.side = !state.side;
    changed(() => showCompare().then(() => state.side && byId("compare").scrollIntoView({ block: "start" })));
  });
  byId("clear").addEventListener("click", () => {
    state.compare.clear();
    state.side = false;
    changed(showCompare);
  });
  addEventListener("hashchange", () => read() && show());
  byId("filters").hidden = false;
  byId("filters").open = innerWidth > 700; // on a phone the first table comes first
  read();
  show();
})();
