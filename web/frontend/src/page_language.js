// The names of a diagram in the language of the page.
const GANGWEI = "urn:gangwei:bpmn:1";
const ENGLISH_LABEL = 56;

/** A diagram carries its names in Chinese and in English: it is drawn with those that the page speaks. */
export function inPageLanguage(xml) {
  if (document.documentElement.lang.startsWith("zh")) return xml;
  const drawn = new DOMParser().parseFromString(xml, "application/xml");
  for (const node of drawn.querySelectorAll("*")) {
    const english = node.getAttributeNS(GANGWEI, "nameEn");
    if (english) node.setAttribute("name", english);
    if (node.localName === "BPMNLabel") widen(node.firstElementChild);
  }
  return new XMLSerializer().serializeToString(drawn);
}

/** Room for an English word where the drawing has left room for Chinese. */
function widen(bounds) {
  const missing = ENGLISH_LABEL - Number(bounds?.getAttribute("width") ?? ENGLISH_LABEL);
  if (missing <= 0) return;
  bounds.setAttribute("x", String(Number(bounds.getAttribute("x")) - missing / 2));
  bounds.setAttribute("width", String(ENGLISH_LABEL));
}
