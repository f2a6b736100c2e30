// The replies that a page holds: an index of all of them, and each unpacked when it is opened.
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
      return {
        problem,
        arm: this.arms[arm],
        kinds: kinds.map((kind) => this.kinds[kind]),
        key,
        right: verdicts[0],
        demands,
        passed,
        broken,
        asked,
        cut,
        tokens,
        sample,
        chunk,
        place,
      };
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
