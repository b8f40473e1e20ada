// The schema of our words as bpmn-moddle wants it, so that they are read, changed and written as what they are.
export const URI = "urn:gangwei:bpmn:1";

export const typeOf = (tag) => tag[0].toUpperCase() + tag.slice(1);
export const manyOf = (tag) => `${tag}s`;

/** Everything that a word does not know stays as it is: moddle keeps foreign elements and attributes. */
export function descriptor(words) {
  const inside = (tag) => words.filter((word) => word.on.includes(tag));
  const named = { name: "Named", extends: ["bpmn:BaseElement"], properties: [attribute("nameEn")] };
  const types = words.map((word) => ({
    name: typeOf(word.tag),
    superClass: ["Element"],
    properties: [
      ...word.attributes.map((one) => attribute(one.name)),
      ...inside(word.tag).map((one) => ({ name: manyOf(one.tag), type: typeOf(one.tag), isMany: true })),
    ],
  }));
  return { name: "Gangwei", uri: URI, prefix: "gw", xml: { tagAlias: "lowerCase" }, types: [named, ...types] };
}

/** What stands in diagrams under our name and no schema knows: read as it is, so that it is not lost when it is saved. */
export function unknownIn(diagrams, words) {
  const found = new Map();
  for (const text of diagrams) {
    for (const node of new DOMParser().parseFromString(text, "application/xml").getElementsByTagNameNS(URI, "*")) {
      const known = words.find((word) => word.tag === node.localName);
      const around = node.parentNode?.namespaceURI === URI ? [node.parentNode.localName] : [];
      if (known) continue;
      const word = found.get(node.localName) ?? { tag: node.localName, on: [], attributes: [] };
      const names = [...node.attributes].filter((one) => !one.namespaceURI).map((one) => one.name);
      const own = [...new Set([...word.attributes.map((one) => one.name), ...names])];
      found.set(node.localName, { ...word, on: [...new Set([...word.on, ...around])], attributes: own.map((name) => ({ name })) });
    }
  }
  return [...found.values()];
}

const attribute = (name) => ({ name, isAttr: true, type: "String" });
