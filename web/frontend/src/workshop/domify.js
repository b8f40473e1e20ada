// Mark-up of libraries as elements, in the place of the package of that name: no page allows a style that stands in
// mark-up, so styles are set by script.
const SEVERAL = 11; // the kind of a node that is a fragment

export default function domify(html) {
  const made = document.createElement("template");
  made.innerHTML = html.trim().replaceAll(/\sstyle=(?=["'])/g, " data-look=");
  for (const element of made.content.querySelectorAll("[data-look]")) {
    element.style.cssText = element.getAttribute("data-look");
    element.removeAttribute("data-look");
  }
  const content = document.importNode(made.content, true);
  return content.nodeType === SEVERAL && content.childNodes.length === 1 ? content.firstChild : content;
}
