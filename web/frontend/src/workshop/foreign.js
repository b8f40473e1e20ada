// What other software has written into the diagrams: listed by element; what has an equal here is taken over by a click.
import { byId } from "./page.js";
import { button, make } from "./parts.js";
import { put, say } from "./words.js";

export function setUpForeign({ words, texts, editing, open, drawn }) {
  let waiting = [];
  byId("take-all").onclick = async () => {
    for (const one of [...waiting]) await take(one);
  };

  function hear(found) {
    const all = Object.entries(found ?? {}).flatMap(([file, items]) => items.map((one) => ({ ...one, file })));
    const items = all.filter((one) => !one.there);
    waiting = items.filter((one) => one.gives);
    byId("foreign").hidden = !items.length;
    byId("foreign-count").textContent = String(items.length);
    byId("take-all").hidden = !editing || waiting.length < 2;
    byId("foreign-items").replaceChildren(...[...waiting, ...items.filter((one) => !one.gives)].map(line));
  }

  function line(one) {
    const said = make("span", "", [make("span", "chip", [one.maker]), " ", make("span", "code", [`${one.element} · ${one.said}`])]);
    const equal = one.gives ? make("strong", "", [`→ ${say(words, one.gives)}`]) : make("span", "quiet", [texts.noEqual]);
    return make("li", "foreign-item", [said, equal, ...(one.gives && editing ? [button(texts.take, () => take(one))] : [])]);
  }

  /** One change that can be undone; the next check says that it stands here. */
  async function take(one) {
    await open(one.file);
    put(drawn.modeler, words, one.gives);
    waiting = waiting.filter((other) => other !== one);
  }

  return { hear };
}
