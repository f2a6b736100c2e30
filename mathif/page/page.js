// The replies of a page: which of them the list shows, and what the reader is given.
const TESTS = {
  "all replies": () => true,
  "broke what was asked": (row) => row.broken,
  "wrong answer": (row) => row.right !== "p",
  "right, but broke it": (row) => row.right === "p" && row.broken,
  "wrong, but obeyed": (row) => row.right !== "p" && row.asked && row.demands && !row.broken,
  cut: (row) => row.cut,
  "not asked": (row) => !row.asked,
};
const ORDERS = {
  "most violations first": (a, b) => b.broken - a.broken,
  "as asked": () => 0,
  "longest thinking first": (a, b) => b.longest - a.longest,
};

const choice = (names, label) => {
  const node = web.make("select");
  for (const name of names) node.append(web.make("option", name));
  const wrap = web.make("label", label);
  wrap.append(node);
  return [wrap, node];
};

(async () => {
  const replies = await Replies.read(document);
  const others = []; // of other runs, each with its name
  const [which, kind] = [
    choice(Object.keys(TESTS), "Which"),
    choice(["any kind", ...[...replies.kinds].sort()], "Kind"),
  ];
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

  const open = async (row, place) => {
    try {
      view.show(await replies.reply(row), beside(row), place);
    } catch (error) {
      said.textContent = `${error.message}; serve this folder: python -m http.server --bind 127.0.0.1`;
    }
  };
  const beside = (row) => {
    const own = replies.rows
      .filter((other) => other.problem === row.problem && other !== row)
      .map((other) => ({ name: other.key, read: () => replies.reply(other) }));
    const item = (key) => key.slice(0, key.lastIndexOf("@"));
    const foreign = others.flatMap(({ name, replies: run }) =>
      run.rows
        .filter((other) => item(other.key) === item(row.key))
        .map((other) => ({ name: `${name}: ${other.key}`, read: () => run.reply(other) })),
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
    if (!page.getElementById("index") || !page.getElementById("replies"))
      said.textContent = `${file.name} is no report of a run`;
    else {
      others.push({ name: page.title, replies: await Replies.read(page) });
      view.offer(beside(replies.rows.find((row) => row.key === view.key())));
    }
  });

  let texts = null; // the rows whose texts hold the words, where these were searched
  const show = () => {
    const wanted = words.value.toLowerCase();
    const test = TESTS[which[1].value];
    const held = (row) =>
      !wanted || texts?.has(row) || `${row.key}\n${replies.questions[row.problem]}`.toLowerCase().includes(wanted);
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
    list.show(
      sorted.flatMap(({ problem, rows }) => [
        { name: replies.problems[problem], question: replies.questions[problem] },
        ...rows.map((row) => ({ row })),
      ]),
    );
    const all = replies.rows.length;
    const nouns = [web.noun(all, "reply", "replies"), web.noun(groups.size, "problem")];
    said.textContent = `${count} of ${all} ${nouns[0]} to ${groups.size} ${nouns[1]}`;
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
      said.textContent = `searching the texts, ${number + 1} of ${numbers.length} ${web.noun(numbers.length, "part")}`;
      const held = await replies.chunk(number);
      for (const row of replies.rows)
        if (
          row.chunk === number &&
          [held[row.place].thinking, held[row.place].final].some((text) => text.toLowerCase().includes(wanted))
        )
          texts.add(row);
    }
    show();
  });
  document.getElementById("replies").replaceChildren(tools, said, list.node);
  show();
  // An address may name a reply, and a place in it: #reply=KEY&at=PART:CHARACTER.
  const follow = () => {
    const [key, place] = location.hash.replace(/^#reply=/, "").split("&at=");
    if (!location.hash.startsWith("#reply=")) return;
    const linked = replies.rows.find((row) => row.key === decodeURIComponent(key));
    if (linked) {
      list.at(linked);
      open(linked, place);
    } else said.textContent = `${decodeURIComponent(key)} is not among the replies of this page`;
  };
  window.addEventListener("hashchange", follow);
  follow();
})();
