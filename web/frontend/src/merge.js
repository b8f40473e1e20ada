// Brings what the server derived into a form that the person may have gone on editing meanwhile. Knows no DOM.

/**
 * A copy of `current` where every value that the server changed between `sent` and `answered` is taken over,
 * unless the person has changed the same place since it was sent: what he typed last always wins.
 */
export function mergeAnswer(sent, answered, current) {
  if (same(sent, answered)) return current;
  if (bothRows(sent, answered, current)) {
    return current.map((row, index) => mergeAnswer(sent[index], answered[index], row));
  }
  if (isRecord(answered) && isRecord(current)) {
    // Key by key: what the server does not speak of (a field that is hidden now) stays as it was typed.
    const before = isRecord(sent) ? sent : {};
    const merged = { ...current };
    for (const key of Object.keys(answered)) merged[key] = mergeAnswer(before[key], answered[key], current[key]);
    return merged;
  }
  return same(sent, current) ? answered : current;
}

/** Rows are matched by their place, so only while nobody added or removed one. */
function bothRows(sent, answered, current) {
  const lists = [sent, answered, current];
  return lists.every(Array.isArray) && lists.every((list) => list.length === current.length);
}

function isRecord(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Equal as form values: an empty field may be missing, null or an empty text. */
export function same(one, other) {
  if (one === other || (isEmpty(one) && isEmpty(other))) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => same(value, other[index]));
  }
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => same(one[key], other[key]));
}

function isEmpty(value) {
  return value === undefined || value === null || value === "";
}

/** `posts[0].grade` -> ["posts", 0, "grade"], the way form-js names the place of a value. */
export function placeOf(path) {
  return [...path.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** The value at a place, or undefined. */
export function valueAt(data, place) {
  return place.reduce((value, part) => (value === null || value === undefined ? undefined : value[part]), data);
}
