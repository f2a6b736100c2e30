"use strict";
// What every page's script stands on. What comes from a model or a submission only ever becomes text.
const web = {
  make(tag, text, name) {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (name) node.className = name;
    return node;
  },
  draw(tag, fields = {}, ...children) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(fields)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  },
  // The way back from `mathif.web.packed`: base64 of zlib of JSON.
  async unpack(packed) {
    const bytes = Uint8Array.from(atob(packed.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  },
  // What is counted, in the singular where there is one of it.
  noun(number, one, several = `${one}s`) {
    return number === 1 ? one : several;
  },
  held(id) {
    return web.unpack(document.getElementById(id).textContent);
  },
};
