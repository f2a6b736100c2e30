// Texts with what was found in them. Spans from the run count code points, JavaScript counts UTF-16 units.
// What is marked in a text, what is on top last. A slip breaks a constraint in the part that it is not about.
const RANKS = ["met", "slip", "wait", "restated", "box", "diff", "violation", "found"];
const WAITS = /\b(?:wait|hmm+|hold on|actually|let me (?:re-?check|double-?check|re-?think|reconsider))\b/gi;
const BOXES = /\\boxed\b|\\fbox\b/g;
const DIFF_STEPS = 1000;

const units = (whole) => {
  if (!/[\ud800-\udfff]/.test(whole)) return (place) => place;
  const at = [0];
  for (const char of whole) at.push(at[at.length - 1] + char.length);
  return (place) => at[Math.min(place, at.length - 1)];
};

const every = (pattern, whole, what) =>
  Array.from(whole.matchAll(pattern), (hit) => ({ start: hit.index, end: hit.index + hit[0].length, what }));

// What a reader jumps between in one part of a reply: "thinking" or "final".
const landmarks = (reply, part) => {
  const whole = reply[part];
  const unit = units(whole);
  const marked = (spans, what) => spans.map(([start, end]) => ({ start: unit(start), end: unit(end), what }));
  const judged = reply.asked
    ? reply.demands.flatMap((demand) =>
        demand.part === part
          ? marked(demand.evidence, demand.outcome === "pass" ? "met" : "violation")
          : demand.elsewhere?.outcome === "fail"
            ? marked(demand.elsewhere.evidence, "slip")
            : [],
      )
    : [];
  const restated = part === "thinking" ? marked(reply.restated, "restated") : [];
  const waits = part === "thinking" ? every(WAITS, whole, "wait") : [];
  return [...judged, ...restated, ...waits, ...every(BOXES, whole, "box")].filter((mark) => mark.start < mark.end);
};

const searched = (whole, words) =>
  words ? every(new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gi"), whole, "found") : [];

// Put a text into a node, its marks as elements; where marks overlap, the highest of RANKS is what is seen.
const paint = (node, whole, marks) => {
  const events = marks
    .flatMap(({ start, end, what }) => [
      [start, 1, RANKS.indexOf(what)],
      [end, -1, RANKS.indexOf(what)],
    ])
    .sort((a, b) => a[0] - b[0]);
  const open = RANKS.map(() => 0);
  const parts = [];
  let at = 0;
  for (const [place, by, rank] of [...events, [whole.length, 0, 0]]) {
    if (place > at) {
      const text = whole.slice(at, place);
      const top = open.findLastIndex((count) => count > 0);
      parts.push(top < 0 ? text : web.make("mark", text, RANKS[top]));
      at = place;
    }
    open[rank] += by;
  }
  node.replaceChildren(...parts);
};

// The words of two texts that are not in both, as marks of each: Myers (1986, Algorithmica 1:251), given up where the
// texts have too little in common for it to tell anything.
const differences = (first, second) => {
  const cut = (whole) =>
    Array.from(whole.matchAll(/\S+/g), (hit) => ({ word: hit[0], start: hit.index, end: hit.index + hit[0].length }));
  const [a, b] = [cut(first), cut(second)];
  let head = 0;
  while (head < a.length && head < b.length && a[head].word === b[head].word) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a[a.length - 1 - tail].word === b[b.length - 1 - tail].word)
    tail++;
  const [x, y] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const kept = common(x, y);
  return [apart(x, kept[0]), apart(y, kept[1])];
};

// The runs of words that were not kept.
const apart = (words, kept) => {
  const runs = [];
  words.forEach(({ start, end }, i) => {
    if (kept.has(i)) return;
    if (i && !kept.has(i - 1)) runs[runs.length - 1].end = end;
    else runs.push({ start, end, what: "diff" });
  });
  return runs;
};

// Where two lists of words agree, as the places in each; `trail` keeps how far each diagonal reached before each step.
const common = (x, y) => {
  const most = Math.min(x.length + y.length, DIFF_STEPS);
  const reach = new Int32Array(2 * most + 3);
  const trail = [];
  for (let steps = 0; steps <= most; steps++) {
    trail.push(reach.slice());
    for (let k = -steps; k <= steps; k += 2) {
      let i = lower(reach, most, steps, k) ? reach[most + k + 2] : reach[most + k] + 1;
      while (i < x.length && i - k < y.length && x[i].word === y[i - k].word) i++;
      reach[most + k + 1] = i;
      if (i >= x.length && i - k >= y.length) return walked(trail, most, x.length, y.length);
    }
  }
  return [new Set(), new Set()];
};

const lower = (reach, most, steps, k) => k === -steps || (k !== steps && reach[most + k] < reach[most + k + 2]);

const walked = (trail, most, i, j) => {
  const kept = [new Set(), new Set()];
  for (let steps = trail.length - 1; steps >= 0; steps--) {
    const k = i - j;
    const before = lower(trail[steps], most, steps, k) ? k + 1 : k - 1;
    const from = steps ? trail[steps][most + before + 1] : 0;
    while (i > from && j > (steps ? from - before : 0)) {
      kept[0].add(--i);
      kept[1].add(--j);
    }
    if (steps) [i, j] = [from, from - before];
  }
  return kept;
};
