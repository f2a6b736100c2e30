// Runs to filter, to sort, and to put two of side by side.
(async () => {
  const { metrics, runs } = await web.held("packed");
  const body = document.getElementById("runs");
  const rows = [...body.rows].map((row, place) => ({ row, place, run: runs[place] }));
  const [words, said, button, compared] = ["words", "said", "compare", "compared"].map((id) =>
    document.getElementById(id),
  );
  let picked = [];

  const pick = (entry, on) => {
    picked = [...picked.filter((other) => other !== entry), ...(on ? [entry] : [])].slice(-2);
    for (const { box, place } of rows) if (box) box.checked = picked.some((one) => one.place === place);
    button.disabled = picked.length < 2;
  };
  for (const entry of rows) {
    if (!entry.run.hacc) continue;
    entry.box = web.make("input");
    entry.box.type = "checkbox";
    entry.box.setAttribute("aria-label", `Pick ${entry.run.folder}`);
    entry.box.addEventListener("change", () => pick(entry, entry.box.checked));
    entry.row.cells[0].append(entry.box);
  }

  words.addEventListener("input", () => {
    const wanted = words.value.toLowerCase();
    let count = 0;
    for (const { row } of rows) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
      count += !row.hidden;
    }
    said.textContent = `${count} of ${rows.length} ${web.noun(rows.length, "run")}`;
  });

  const values = { HAcc: (run) => run.hacc?.value, "net dilution": (run) => run.dilution?.value };
  for (const head of document.querySelectorAll("thead th:not(.pick)")) {
    const name = head.textContent;
    const by = web.make("button", name);
    by.type = "button";
    head.replaceChildren(by);
    const value = (entry) =>
      values[name] ? (values[name](entry.run) ?? -Infinity) : entry.row.cells[head.cellIndex].textContent;
    by.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = (a, b) =>
        (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0) * (down ? -1 : 1) || a.place - b.place;
      body.append(...[...rows].sort(order).map(({ row }) => row));
    });
  }

  const share = (found) => {
    if (!found || found.value == null) return "–";
    const [value, low, high] = [found.value, found.low, found.high].map((part) =>
      part == null ? "" : (100 * part).toFixed(1),
    );
    return low ? `${value} [${low}, ${high}]` : value;
  };
  const table = (two) => {
    const node = web.make("table");
    const line = (tag, cells) => {
      const row = web.make("tr");
      row.append(
        ...cells.map((cell, i) =>
          Object.assign(
            web.make(i && tag === "td" ? "td" : "th", cell),
            i && tag === "td" ? {} : { scope: tag === "td" ? "row" : "col" },
          ),
        ),
      );
      return row;
    };
    const head = web.make("thead");
    head.append(line("th", ["what", ...two.map((run) => run.folder)]));
    const cells = web.make("tbody");
    for (const [name, of] of [
      ["model", (run) => run.model],
      ["task", (run) => (run.tasks || []).join(", ")],
      ["date", (run) => run.started || ""],
    ])
      cells.append(line("td", [name, ...two.map(of)]));
    for (const arm of new Set(two.flatMap((run) => Object.keys(run.scores || {}))))
      for (const [key, label] of metrics)
        cells.append(line("td", [`${label}, ${arm}`, ...two.map((run) => share(run.scores?.[arm]?.[key]))]));
    node.append(head, cells);
    const scroll = web.make("div", undefined, "scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Scores of the two runs");
    scroll.append(node);
    return scroll;
  };

  const curves = (two) => {
    const drawn = two.filter((run) => run.curve?.length);
    if (!drawn.length) return web.make("p", "Neither run has a curve at a fixed problem.", "dim");
    const times = drawn.flatMap((run) => run.curve.map((point) => Math.log2(point.times)));
    const [least, most] = [Math.min(...times), Math.max(...times)];
    const x = (point) => 40 + (300 * (Math.log2(point.times) - least)) / (most - least || 1);
    const y = (value) => 170 - 150 * value;
    const svg = web.draw("svg", {
      class: "curves",
      viewBox: "0 0 480 210",
      role: "img",
      "aria-label": `HAcc at a fixed problem, ${drawn.map((run) => run.folder).join(" and ")}`,
    });
    for (const level of [0, 0.5, 1])
      svg.append(
        web.draw("path", { class: "grid", d: `M40 ${y(level)}H340` }),
        web.draw("text", { x: 34, y: y(level) + 4, "text-anchor": "end" }, `${100 * level} %`),
      );
    for (let power = Math.ceil(least); power <= most; power++)
      svg.append(web.draw("text", { x: x({ times: 2 ** power }), y: 186, "text-anchor": "middle" }, `${2 ** power}×`));
    svg.append(
      web.draw(
        "text",
        { x: 190, y: 204, "text-anchor": "middle" },
        "thinking, as a multiple of what is usual for the item",
      ),
    );
    const line = (points, of) => points.map((point) => `${x(point).toFixed(1)} ${y(of(point)).toFixed(1)}`).join("L");
    const ends = drawn.map((run) => y(run.curve[run.curve.length - 1].value));
    if (ends.length > 1 && Math.abs(ends[0] - ends[1]) < 13) ends[1] = ends[0] + (ends[1] < ends[0] ? -13 : 13);
    drawn.forEach((run, i) => {
      const back = [...run.curve].reverse();
      svg.append(web.draw("path", { class: "band", d: `M${line(run.curve, (p) => p.high)}L${line(back, (p) => p.low)}Z` }));
      svg.append(web.draw("path", { class: i ? "second" : "", d: `M${line(run.curve, (p) => p.value)}` }));
      svg.append(
        web.draw("text", { x: 346, y: ends[i] + 4 }, run.folder.length > 20 ? `${run.folder.slice(0, 19)}…` : run.folder),
      );
    });
    return svg;
  };
  button.addEventListener("click", () => {
    const two = picked.map(({ run }) => run);
    const note = web.make("p", "These intervals are of each run alone. For what changed, reply by reply: ", "dim");
    note.append(
      web.make("code", `mathif compare ${two.map((run) => run.folder).join(" ")}`),
      " in this folder. To read two replies to one item side by side, open the page of one run and choose that of the other in its reader.",
    );
    compared.replaceChildren(web.make("h2", two.map((run) => run.folder).join(" and ")), curves(two), table(two), note);
    compared.hidden = false;
    compared.focus();
  });
  document.getElementById("tools").hidden = false;
})();
