// The variables that an expression may read, from what the diagram itself says: submissions, results, the case.
const RESULTS = { "gw:Operation": "result", "gw:Decision": "result", "gw:Correlation": "result", "gw:ForEach": "result", "gw:Form": "into" };

/** [{name, of}]: the name, and the element that makes it. */
export function variablesOf(modeler) {
  const found = new Map([["case", ""]]);
  for (const shape of modeler.get("elementRegistry").filter((one) => !one.labelTarget && !one.waypoints)) {
    const object = shape.businessObject;
    const words = object.get("extensionElements")?.get("values") ?? [];
    const of = object.name || object.id;
    for (const word of words) {
      const name = word.get?.(RESULTS[word.$type] ?? "name");
      if (RESULTS[word.$type] && name) found.set(name, of);
      else if (word.$type === "gw:Form") found.set(object.id, of);
    }
    for (const name of loopNames(object)) found.set(name, of);
  }
  return [...found].map(([name, of]) => ({ name, of })).sort((one, other) => one.name.localeCompare(other.name));
}

function loopNames(object) {
  const loop = object.get("loopCharacteristics");
  return [loop?.inputDataItem?.id, loop?.inputDataItem?.name].filter(Boolean).slice(-1);
}
