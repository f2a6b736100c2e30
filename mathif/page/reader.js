// The reader: one reply in a dialog, with a map of what is in it; or two replies to one problem, side by side.
const SIGNS = { pass: "✓", fail: "✗", ungraded: "?", unmeasured: "–" };
const SHOWN = {
  violation: "violation",
  slip: "slip (not asked of this part)",
  restated: "restatement",
  wait: "“wait”",
  box: "box",
  diff: "difference",
  found: "match",
};

const tone = (outcome, asked = true) => (outcome === "pass" ? "pass" : outcome === "fail" && asked ? "fail" : "dim");

// One part of a reply: heading, buttons to jump with, map, and the text, which scrolls by itself.
const part = (reply, name, extra = []) => {
  const whole = reply[name];
  const node = web.make("section", undefined, "part");
  const head = web.make("h3", name === "thinking" ? "Thinking" : "Reply");
  const where = web.make("small", "", "dim");
  head.append(where);
  node.append(head);
  node.dataset.name = name === "thinking" ? "thinking" : "reply";
  if (!whole) {
    node.append(
      web.make(
        "p",
        name === "thinking" ? "No thinking is seen." : `No reply (${reply.state}, ${reply.finish}).`,
        "dim",
      ),
    );
    return node;
  }
  const text = web.make("pre");
  text.tabIndex = 0;
  text.setAttribute("aria-label", head.firstChild.textContent);
  const marks = [...landmarks(reply, name), ...extra];
  const map = drawn(whole, marks, reply.cut && (name === "final" || !reply.final));
  const jumps = web.make("div", undefined, "jumps");
  node.append(jumps, map.node, text);

  const go = (what, by) => {
    const all = [...text.querySelectorAll(`mark.${what}`)];
    const now = all.findIndex((mark) => mark.classList.contains("here"));
    const next = all[now < 0 ? (by > 0 ? 0 : all.length - 1) : (now + by + all.length) % all.length];
    text.querySelector(".here")?.classList.remove("here");
    if (!next) return;
    next.classList.add("here");
    text.scrollTop += next.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3;
  };
  const show = (found) => {
    paint(text, whole, [...marks, ...found]);
    map.mark(found);
    const buttons = Object.keys(SHOWN).flatMap((what) => {
      const count = [...marks, ...found].filter((mark) => mark.what === what).length;
      if (!count) return [];
      const button = web.make("button", `${SHOWN[what]} ${count} ›`, what);
      button.type = "button";
      button.title = "Jump to the next one; with Shift to the one before";
      button.addEventListener("click", (event) => go(what, event.shiftKey ? -1 : 1));
      return [button];
    });
    jumps.replaceChildren(...buttons);
    if (found.length) go("found", 1);
  };
  const tell = () => {
    const [from, to] = [text.scrollTop, text.scrollTop + text.clientHeight].map((y) =>
      Math.min(1, y / (text.scrollHeight || 1)),
    );
    map.view(from, to);
    const count = name === "thinking" || !reply.thinking ? reply.tokens : null;
    const size = `${whole.length.toLocaleString("en")} ${web.noun(whole.length, "character")}`;
    where.textContent = count
      ? `about token ${Math.round(from * count).toLocaleString("en")} of ${count.toLocaleString("en")}, ${size}`
      : size;
  };
  text.addEventListener("scroll", tell, { passive: true });
  map.node.addEventListener("click", (event) => {
    const box = map.node.getBoundingClientRect();
    text.scrollTop = ((event.clientX - box.left) / box.width) * text.scrollHeight - text.clientHeight / 2;
  });
  new ResizeObserver(tell).observe(text);
  node.search = (words) => show(searched(whole, words));
  // Lead to a character, counted as the run counts them.
  node.lead = (place) => {
    const at = units(whole)(place);
    let from = 0;
    for (const piece of text.childNodes) {
      from += piece.textContent.length;
      if (from > at && piece.classList) {
        text.querySelector(".here")?.classList.remove("here");
        piece.classList.add("here");
        text.scrollTop += piece.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3;
        return;
      }
    }
  };
  show([]);
  return node;
};

// A map of a text: a row for each kind of mark, from its beginning to its end, and what is seen of it.
const drawn = (whole, marks, cut) => {
  const node = web.draw("svg", {
    class: "map",
    viewBox: "0 0 1000 34",
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  const rows = { violation: 2, slip: 2, found: 2, diff: 2, restated: 10, wait: 18, box: 26, met: 26 };
  const bars = (shown, layer) =>
    shown.map((mark) =>
      web.draw("rect", {
        class: `${mark.what} ${layer}`,
        x: ((1000 * mark.start) / whole.length).toFixed(1),
        width: Math.max(2, (1000 * (mark.end - mark.start)) / whole.length).toFixed(1),
        y: rows[mark.what],
        height: 6,
      }),
    );
  const seen = web.draw("rect", { class: "view", y: 0, height: 34, x: 0, width: 1000 });
  node.append(...bars(marks, "fixed"), seen);
  if (cut) node.append(web.draw("rect", { class: "cut", x: 992, width: 8, y: 0, height: 34 }));
  return {
    node,
    view(from, to) {
      seen.setAttribute("x", 1000 * from);
      seen.setAttribute("width", Math.max(4, 1000 * (to - from)));
    },
    mark(found) {
      node.querySelectorAll(".searched").forEach((bar) => bar.remove());
      node.append(...bars(found, "searched"));
    },
  };
};

const verdicts = (reply) => {
  const list = web.make("ul", undefined, "verdicts");
  const add = (outcome, asked, text) => {
    const line = web.make("li");
    line.append(web.make("span", SIGNS[outcome], tone(outcome, asked)), text);
    list.append(line);
  };
  const { outcome, reason } = reply.answer;
  add(
    outcome,
    true,
    `answer ${outcome === "pass" ? "right" : outcome === "fail" ? "wrong" : outcome}; gold answer ${reply.gold}${reason ? ` (${reason})` : ""}`,
  );
  for (const demand of reply.demands) {
    const asked = reply.asked ? "" : "not asked: ";
    const about = demand.part === "thinking" ? "in the thinking: " : "";
    const there = demand.part === "thinking" ? "reply" : "thinking";
    const other = demand.elsewhere
      ? `; the ${there} ${demand.elsewhere.outcome === "pass" ? "meets it too" : "does not meet it"}`
      : "";
    add(
      demand.outcome,
      reply.asked,
      `${asked}${about}“${demand.sentence}” ${demand.kind}, ${demand.outcome}${demand.reason ? ` (${demand.reason})` : ""}${other}`,
    );
  }
  return list;
};

const described = (reply) => {
  const tokens = reply.tokens === null ? "length unknown" : `${reply.tokens.toLocaleString("en")} ${web.noun(reply.tokens, "token")} of thinking`;
  return `${reply.key}: ${tokens}, ${reply.state}, ${reply.finish}${reply.cut ? ", cut" : ""}`;
};

const alone = (reply) => {
  const node = web.make("div");
  if (reply.note) node.append(web.make("p", reply.note, "dim"));
  const parts = web.make("div", undefined, reply.thinking ? "parts two" : "parts");
  if (reply.thinking) parts.append(part(reply, "thinking"));
  parts.append(part(reply, "final"));
  node.append(web.make("p", described(reply), "dim"), verdicts(reply), parts);
  return node;
};

const paired = (first, second) => {
  const node = web.make("div");
  const row = (...cells) => {
    const pair = web.make("div", undefined, "pair");
    pair.append(...cells);
    node.append(pair);
  };
  row(
    ...[first, second].map((reply) => {
      const head = web.make("div");
      head.append(web.make("h3", described(reply)), verdicts(reply));
      return head;
    }),
  );
  for (const name of ["final", "thinking"]) {
    if (!first[name] && !second[name]) continue;
    const apart = differences(first[name], second[name]);
    row(part(first, name, apart[0]), part(second, name, apart[1]));
  }
  return node;
};

// The dialog. `beside` lists what a reply can be put beside; `step` leads to the next one of the list.
const reader = (step) => {
  const dialog = document.createElement("dialog");
  const title = web.make("h2");
  title.id = "reading";
  title.tabIndex = -1;
  title.autofocus = true;
  dialog.setAttribute("aria-labelledby", title.id);
  const button = (text, act, label) => {
    const node = web.make("button", text);
    node.type = "button";
    if (label) node.setAttribute("aria-label", label);
    node.addEventListener("click", act);
    return node;
  };
  const words = web.make("input");
  words.type = "search";
  words.placeholder = "search this reply";
  words.setAttribute("aria-label", words.placeholder);
  const other = web.make("select");
  other.setAttribute("aria-label", "Put another reply beside it");
  const file = web.make("input");
  file.type = "file";
  file.accept = ".html";
  file.id = "another";
  file.className = "vh";
  const label = web.make("label", "Another run…", "button");
  label.htmlFor = file.id;
  label.title = "Choose the report.html of another run, to put its replies beside these";
  const body = web.make("div");
  const bar = web.make("div", undefined, "bar");
  bar.append(
    title,
    words,
    other,
    file,
    label,
    button("‹", () => step(-1), "The reply before"),
    button("›", () => step(1), "The next reply"),
    button("Close", () => dialog.close()),
  );
  dialog.append(bar, body);
  document.body.append(dialog);

  let reply = null;
  let offers = [];
  const fill = (second) => {
    body.replaceChildren(web.make("p", reply.question), second ? paired(reply, second) : alone(reply));
    words.value = "";
  };
  other.addEventListener("change", async () => fill(other.value === "" ? null : await offers[other.value].read()));
  words.addEventListener("change", () => body.querySelectorAll(".part").forEach((one) => one.search?.(words.value)));
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && body.querySelector("mark.found")) {
      event.preventDefault();
      [...body.querySelectorAll(".jumps button")]
        .filter((one) => one.textContent.startsWith(SHOWN.found))
        .forEach((one) => one.click());
    }
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "/") {
      event.preventDefault();
      words.focus();
    }
  });
  dialog.addEventListener("close", () => history.replaceState(null, "", location.pathname + location.search));
  const offer = (found) => {
    offers = found;
    const none = web.make("option", found.length ? "put another beside it" : "no other reply to it");
    none.value = "";
    other.replaceChildren(
      none,
      ...found.map(({ name }, place) => {
        const option = web.make("option", name);
        option.value = place;
        return option;
      }),
    );
  };
  return {
    file,
    offer,
    key: () => reply?.key,
    show(next, found, place) {
      reply = next;
      title.textContent = reply.key;
      offer(found);
      fill(null);
      dialog.scrollTop = 0;
      if (!dialog.open) dialog.showModal();
      history.replaceState(null, "", `#reply=${encodeURIComponent(reply.key)}`);
      const [name, at] = (place ?? "").split(":");
      if (place) body.querySelector(`.part[data-name="${CSS.escape(name)}"]`)?.lead?.(Number(at));
    },
  };
};
