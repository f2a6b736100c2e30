"use strict";
// Replies and pictures are packed (zlib, base64) so that many fit. Replies are model output and only ever become text.
(async () => {
  const place = document.getElementById("replies");
  const unpack = async (id) => {
    const packed = Uint8Array.from(atob(document.getElementById(id).textContent.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  };

  const make = (tag, text, name) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (name) node.className = name;
    return node;
  };

  const galleries = document.querySelectorAll(".gallery > .charts");
  (await unpack("pictures")).forEach((pictures, i) => {
    const drawn = pictures.map((picture) => {
      const figure = make("figure");
      figure.append(new DOMParser().parseFromString(picture, "image/svg+xml").documentElement);
      return figure;
    });
    galleries[i].replaceChildren(...drawn);
  });

  const replies = await unpack("packed");
  const colour = (outcome) => (outcome === "pass" ? "pass" : "fail");
  const sign = (outcome) => ({ pass: "✓", fail: "✗", ungraded: "?", unmeasured: "–" })[outcome];

  // Text with its evidence marked; where marks overlap, a violation is what is seen. Spans count code points.
  const marked = (whole, spans) => {
    const node = make("pre");
    const text = Array.from(whole);
    const cuts = [...new Set([0, text.length, ...spans.flatMap((s) => [s.start, s.end])])]
      .filter((cut) => cut >= 0 && cut <= text.length)
      .sort((a, b) => a - b);
    for (let i = 0; i + 1 < cuts.length; i++) {
      const part = text.slice(cuts[i], cuts[i + 1]).join("");
      const over = spans.filter((s) => s.start <= cuts[i] && s.end >= cuts[i + 1]);
      if (!over.length) node.append(part);
      else node.append(make("mark", part, over.some((s) => s.outcome !== "pass") ? "" : "kept"));
    }
    return node;
  };

  const spans = (reply, part) =>
    reply.demands
      .filter((d) => d.part === part)
      .flatMap((d) => d.evidence.map(([start, end]) => ({ start, end, outcome: d.outcome })));

  const fill = (node, reply) => {
    node.append(make("p", reply.question), make("p", `Gold answer: ${reply.gold}`, "dim"));
    if (reply.note) node.append(make("p", reply.note, "dim"));
    const verdicts = make("ul");
    const add = (outcome, text) => {
      const line = make("li");
      line.append(make("span", `${sign(outcome)} ${outcome} `, colour(outcome)), text);
      verdicts.append(line);
    };
    add(reply.answer.outcome, `answer${reply.answer.reason ? `: ${reply.answer.reason}` : ""}`);
    for (const d of reply.demands) add(d.outcome, `${d.kind}: “${d.sentence}”${d.reason ? ` (${d.reason})` : ""}`);
    node.append(verdicts);
    if (reply.thinking) {
      const thought = make("details");
      thought.append(make("summary", `Thinking (${reply.state})`), marked(reply.thinking, spans(reply, "thinking")));
      node.append(thought);
    }
    node.append(make("div", reply.final ? "Final text" : `No final text (${reply.state}, ${reply.finish})`, "dim"));
    if (reply.final) node.append(marked(reply.final, spans(reply, "final")));
  };

  const row = (reply) => {
    const node = make("details", undefined, "reply");
    const head = make("summary");
    const obeyed = reply.demands.filter((d) => d.outcome === "pass").length;
    head.append(make("span", `${sign(reply.answer.outcome)} answer `, colour(reply.answer.outcome)));
    head.append(
      make("span", `${obeyed}/${reply.demands.length} obeyed `, obeyed === reply.demands.length ? "pass" : "fail"),
    );
    head.append(reply.key, make("span", ` ${reply.cot_tokens ?? "?"} tokens, ${reply.state}, ${reply.finish}`, "dim"));
    node.append(head);
    node.addEventListener("toggle", () => node.childElementCount > 1 || fill(node, reply), { once: true });
    return node;
  };

  const tests = {
    all: () => true,
    violated: (r) => r.demands.some((d) => d.outcome !== "pass"),
    wrong: (r) => r.answer.outcome !== "pass",
    "right, violated": (r) => r.answer.outcome === "pass" && tests.violated(r),
    "wrong, obeyed": (r) => tests.wrong(r) && !tests.violated(r),
    cut: (r) => r.state === "open" || r.finish === "length",
  };
  const choice = (names, label) => {
    const node = make("select");
    for (const name of names) node.append(make("option", name));
    node.setAttribute("aria-label", label);
    return node;
  };
  const which = choice(Object.keys(tests), "Which replies");
  const arm = (r) => r.key.slice(r.key.lastIndexOf("@") + 1, r.key.lastIndexOf("#"));
  const every = "every arm";
  const arms = choice([every, ...new Set(replies.map(arm))], "Of which arm");
  const words = make("input");
  words.placeholder = "key, kind or words of the reply";
  words.setAttribute("aria-label", "Search the replies");
  const tools = make("div", undefined, "tools");
  tools.append(which, arms, words);
  const list = make("div");
  const show = () => {
    const wanted = words.value.toLowerCase();
    const text = (r) => [r.key, r.question, r.final, ...r.demands.map((d) => d.kind)].join("\n").toLowerCase();
    const meant = (r) => tests[which.value](r) && [every, arm(r)].includes(arms.value) && text(r).includes(wanted);
    list.replaceChildren(...replies.filter(meant).map(row));
  };
  which.addEventListener("change", show);
  arms.addEventListener("change", show);
  words.addEventListener("input", show);
  show();
  place.replaceChildren(tools, list);
})();
