// The list of replies: only the rows in sight are there.
const obeyed = (row) => {
  if (!row.demands) return ["nothing asked", "dim"];
  const count = `${row.passed}/${row.demands.length}`;
  if (!row.asked) return [`not asked (${count})`, "dim"];
  return [`${row.broken ? "✗" : "✓"} ${count} obeyed`, row.broken ? "fail" : "pass"];
};

// Rows of a fixed height in a box that scrolls: a list box whose options are made when they come into sight.
const box = (open) => {
  const node = web.make("div", undefined, "list");
  const long = web.make("div");
  node.append(long);
  node.tabIndex = 0;
  node.setAttribute("role", "listbox");
  node.setAttribute("aria-label", "Replies, by problem");
  let items = [];
  let active = -1;
  let height = 34;
  const row = (item, place) => {
    const line = web.make("div", undefined, item.row ? "row" : "row problem");
    line.style.top = `${place * height}px`;
    if (!item.row) {
      line.setAttribute("role", "presentation");
      line.append(web.make("span", item.name), web.make("small", item.question, "dim"));
      return line;
    }
    const [told, colour] = obeyed(item.row);
    line.id = `row-${place}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", place === active);
    line.setAttribute("aria-setsize", items.length);
    line.setAttribute("aria-posinset", place + 1);
    const right = { p: ["✓ right", "pass"], f: ["✗ wrong", "fail"] }[item.row.right] || ["? ungraded", "dim"];
    line.append(
      web.make("span", told, `o ${colour}`),
      web.make("span", right[0], `a ${right[1]}`),
      web.make("span", item.row.key.slice(item.row.key.indexOf("/") + 1), "n"),
    );
    line.append(
      web.make(
        "span",
        `${item.row.tokens === null ? "?" : item.row.tokens.toLocaleString("en")} ${web.noun(item.row.tokens, "token")}${item.row.cut ? ", cut" : ""}`,
        "t dim",
      ),
    );
    line.addEventListener("click", () => {
      pick(place);
      open(item.row);
    });
    return line;
  };
  const draw = () => {
    const from = Math.max(0, Math.floor(node.scrollTop / height) - 8);
    const to = Math.min(items.length, Math.ceil((node.scrollTop + node.clientHeight) / height) + 8);
    long.replaceChildren(...items.slice(from, to).map((item, i) => row(item, from + i)));
    if (active >= from && active < to) node.setAttribute("aria-activedescendant", `row-${active}`);
    else node.removeAttribute("aria-activedescendant");
  };
  const pick = (place) => {
    active = place;
    const top = place * height;
    if (top < node.scrollTop) node.scrollTop = top - height;
    else if (top + height > node.scrollTop + node.clientHeight) node.scrollTop = top + height - node.clientHeight;
    draw();
  };
  const step = (by) => {
    let next = active + by;
    while (items[next] && !items[next].row) next += Math.sign(by);
    if (items[next]) pick(next);
    return items[active]?.row;
  };
  const page = () => Math.max(1, Math.floor(node.clientHeight / height) - 1);
  node.addEventListener("keydown", (event) => {
    const by = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page(),
      PageUp: -page(),
      Home: -active,
      End: items.length - 1 - active,
    }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      active = Math.min(items.length, Math.max(-1, active));
      step(Math.max(-active, Math.min(items.length - 1 - active, by)) || Math.sign(by));
    } else if (event.key === "Enter" && items[active]?.row) open(items[active].row);
  });
  node.addEventListener("scroll", draw, { passive: true });
  const measure = () => {
    const probe = web.make("div", undefined, "row");
    long.append(probe);
    height = probe.getBoundingClientRect().height || height;
    probe.remove();
    long.style.height = `${items.length * height}px`;
    draw();
  };
  new ResizeObserver(measure).observe(node);
  return {
    node,
    step,
    show(next) {
      items = next;
      active = -1;
      node.scrollTop = 0;
      measure();
    },
    at(row) {
      const place = items.findIndex((item) => item.row === row);
      if (place >= 0) pick(place);
    },
  };
};
