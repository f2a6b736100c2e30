// The list of replies: only the rows in sight are there; a reply is unpacked when it is opened.
const waiting = {};
web.take = (place, packed) => waiting[place](packed);

// The replies of a page: its index, and the way to each reply.
class Replies {
  constructor(root, index) {
    Object.assign(this, index);
    this.chunks = [...root.querySelectorAll("script.chunk")];
    this.beside = root.getElementById("replies").dataset.beside;
    this.kept = new Map();
    this.rows = index.replies.map(([problem, arm, kinds, key, verdicts, asked, cut, tokens, chunk, place]) => {
      const demands = verdicts.slice(1);
      const passed = demands.split("p").length - 1;
      const broken = Boolean(asked) && /[fu]/.test(demands);
      const sample = key.slice(key.lastIndexOf("#") + 1);
      return { problem, arm: this.arms[arm], kinds: kinds.map((kind) => this.kinds[kind]), key, right: verdicts[0], demands, passed, broken, asked, cut, tokens, sample, chunk, place };
    });
  }

  static async read(root) {
    return new Replies(root, await web.unpack(root.getElementById("index").textContent));
  }

  packed(chunk) {
    if (!this.beside) return this.chunks[chunk].textContent;
    return new Promise((resolve, reject) => {
      waiting[chunk] = resolve;
      const script = document.createElement("script");
      script.src = `${this.beside}/${String(chunk).padStart(4, "0")}.js`;
      script.onerror = () => reject(new Error(`${script.src} cannot be read`));
      document.head.append(script);
    });
  }

  // A chunk is kept as long as it is the last but two that was asked for.
  async chunk(number) {
    if (!this.kept.has(number)) {
      this.kept.set(number, Promise.resolve(this.packed(number)).then(web.unpack));
      if (this.kept.size > 3) this.kept.delete(this.kept.keys().next().value);
    }
    return this.kept.get(number);
  }

  async reply(row) {
    return (await this.chunk(row.chunk))[row.place];
  }
}

const TESTS = {
  "all replies": () => true,
  "broke what was asked": (row) => row.broken,
  "wrong answer": (row) => row.right !== "p",
  "right, but broke it": (row) => row.right === "p" && row.broken,
  "wrong, but obeyed": (row) => row.right !== "p" && row.asked && row.demands && !row.broken,
  "cut": (row) => row.cut,
  "not asked": (row) => !row.asked,
};
const ORDERS = {
  "most violations first": (a, b) => b.broken - a.broken,
  "as asked": () => 0,
  "longest thinking first": (a, b) => b.longest - a.longest,
};

const obeyed = (row) => {
  if (!row.demands) return ["nothing asked", "dim"];
  const count = `${row.passed}/${row.demands.length}`;
  if (!row.asked) return [`not asked (${count})`, "dim"];
  return [`${row.broken ? "✗" : "✓"} ${count} obeyed`, row.broken ? "fail" : "pass"];
};

const choice = (names, label) => {
  const node = web.make("select");
  for (const name of names) node.append(web.make("option", name));
  const wrap = web.make("label", label);
  wrap.append(node);
  return [wrap, node];
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
    line.append(web.make("span", told, `o ${colour}`), web.make("span", right[0], `a ${right[1]}`), web.make("span", item.row.key.slice(item.row.key.indexOf("/") + 1), "n"));
    line.append(web.make("span", `${item.row.tokens === null ? "?" : item.row.tokens.toLocaleString("en")} tokens${item.row.cut ? ", cut" : ""}`, "t dim"));
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
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page(), PageUp: -page(), Home: -active, End: items.length - 1 - active }[event.key];
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

(async () => {
  const replies = await Replies.read(document);
  const others = []; // of other runs, each with its name
  const [which, kind] = [choice(Object.keys(TESTS), "Which"), choice(["any kind", ...[...replies.kinds].sort()], "Kind")];
  const [arm, order] = [choice(["every arm", ...replies.arms], "Arm"), choice(Object.keys(ORDERS), "Order")];
  const words = web.make("input");
  words.type = "search";
  words.placeholder = "key or words of the question";
  const find = web.make("label", "Find");
  find.className = "q";
  find.append(words);
  const deep = web.make("button", "Search the texts");
  deep.type = "button";
  const tools = web.make("div", undefined, "tools");
  tools.append(which[0], arm[0], kind[0], order[0], find, deep);
  const said = web.make("p", "", "said dim");
  said.setAttribute("role", "status");

  const open = async (row) => {
    try {
      view.show(await replies.reply(row), beside(row));
    } catch (error) {
      said.textContent = `${error.message}; serve this folder: python -m http.server --bind 127.0.0.1`;
    }
  };
  const beside = (row) => {
    const own = replies.rows.filter((other) => other.problem === row.problem && other !== row).map((other) => ({ name: other.key, read: () => replies.reply(other) }));
    const item = (key) => key.slice(0, key.lastIndexOf("@"));
    const foreign = others.flatMap(({ name, replies: run }) =>
      run.rows.filter((other) => item(other.key) === item(row.key)).map((other) => ({ name: `${name}: ${other.key}`, read: () => run.reply(other) })),
    );
    return [...foreign, ...own];
  };
  const list = box(open);
  const view = reader((by) => {
    const row = list.step(by);
    if (row) open(row);
  });
  view.file.addEventListener("change", async () => {
    const [file] = view.file.files;
    if (!file) return;
    const page = new DOMParser().parseFromString(await file.text(), "text/html");
    if (!page.getElementById("index") || !page.getElementById("replies")) said.textContent = `${file.name} is no report of a run`;
    else {
      others.push({ name: page.title, replies: await Replies.read(page) });
      view.offer(beside(replies.rows.find((row) => row.key === view.key())));
    }
  });

  let texts = null; // the rows whose texts hold the words, where these were searched
  const show = () => {
    const wanted = words.value.toLowerCase();
    const test = TESTS[which[1].value];
    const held = (row) => !wanted || texts?.has(row) || `${row.key}\n${replies.questions[row.problem]}`.toLowerCase().includes(wanted);
    const groups = new Map();
    let count = 0;
    for (const row of replies.rows) {
      if (!test(row) || !held(row)) continue;
      if (arm[1].selectedIndex && row.arm !== arm[1].value) continue;
      if (kind[1].selectedIndex && !row.kinds.includes(kind[1].value)) continue;
      if (!groups.has(row.problem)) groups.set(row.problem, []);
      groups.get(row.problem).push(row);
      count++;
    }
    const sorted = [...groups].map(([problem, rows]) => ({
      problem,
      rows: rows.sort((a, b) => b.broken - a.broken || b.asked - a.asked),
      broken: rows.filter((row) => row.broken).length,
      longest: Math.max(...rows.map((row) => row.tokens ?? 0)),
    }));
    sorted.sort(ORDERS[order[1].value]);
    list.show(sorted.flatMap(({ problem, rows }) => [{ name: replies.problems[problem], question: replies.questions[problem] }, ...rows.map((row) => ({ row }))]));
    said.textContent = `${count} of ${replies.rows.length} replies to ${groups.size} problems`;
  };
  for (const [, node] of [which, arm, kind, order]) node.addEventListener("change", show);
  words.addEventListener("input", () => {
    texts = null;
    show();
  });
  deep.addEventListener("click", async () => {
    const wanted = words.value.toLowerCase();
    if (!wanted) return;
    texts = new Set();
    const numbers = [...new Set(replies.rows.map((row) => row.chunk))];
    for (const number of numbers) {
      said.textContent = `searching the texts, ${number + 1} of ${numbers.length} parts`;
      const held = await replies.chunk(number);
      for (const row of replies.rows)
        if (row.chunk === number && [held[row.place].thinking, held[row.place].final].some((text) => text.toLowerCase().includes(wanted))) texts.add(row);
    }
    show();
  });
  document.getElementById("replies").replaceChildren(tools, said, list.node);
  show();
  const key = decodeURIComponent(location.hash.replace(/^#reply=/, ""));
  const linked = location.hash.startsWith("#reply=") && replies.rows.find((row) => row.key === key);
  if (linked) {
    list.at(linked);
    open(linked);
  }
})();
