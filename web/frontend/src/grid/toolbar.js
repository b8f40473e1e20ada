// The buttons above a sheet, what is found in it, and what was just done.

export function toolbarOf(view) {
  const { words, model } = view;
  const element = document.createElement("div");
  element.className = "grid-bar";
  const buttons = [];
  const search = Object.assign(document.createElement("input"), { type: "search", className: "form-control form-control-sm grid-search grid-narrow-only", placeholder: words.search });
  search.setAttribute("aria-label", words.search);
  search.addEventListener("input", () => view.drawn.search?.(search.value));
  element.append(search);
  const add = (name, act, enabled = () => true) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-plain", textContent: words[name] });
    button.addEventListener("click", act);
    buttons.push({ button, enabled });
    element.insertBefore(button, search);
    return button;
  };
  if (model.grows) {
    add("add", () => view.add(), () => model.rows.length < model.most);
    add("addAbove", () => view.add(1, view.drawn.selectedIds()[0] ?? null), () => model.rows.length < model.most).classList.add("grid-wide-only");
    add("remove", () => view.remove(view.drawn.selectedIds())).classList.add("grid-wide-only");
  }
  add("undo", () => view.turn("undo"), () => model.done.length > 0);
  add("redo", () => view.turn("redo"), () => model.undone.length > 0);
  const wrong = add("onlyWrong", () => {
    const on = wrong.getAttribute("aria-pressed") !== "true";
    wrong.setAttribute("aria-pressed", String(on));
    view.drawn.showOnlyWrong(on);
  });
  wrong.setAttribute("aria-pressed", "false");
  const count = Object.assign(document.createElement("span"), { className: "grid-count quiet small" });
  const state = Object.assign(document.createElement("p"), { className: "grid-state small" });
  state.setAttribute("role", "status");
  const help = Object.assign(document.createElement("p"), { className: "grid-help quiet small grid-wide-only", textContent: words.help });
  element.append(count, state, help);
  const renew = () => {
    for (const { button, enabled } of buttons) button.disabled = !enabled();
  };
  renew();
  return {
    element,
    add,
    renew,
    say: (sentence, wrong = false) => {
      if (state.textContent !== sentence) state.textContent = sentence;
      state.classList.toggle("is-wrong", wrong);
    },
    focus: () => buttons[0].button.focus(),
    count(shown, all, bad) {
      const lines = [words.count.replace("{shown}", shown).replace("{all}", all)];
      if (bad) lines.push(words.wrong.replace("{rows}", bad));
      count.textContent = lines.join(" · ");
      count.classList.toggle("is-wrong", bad > 0);
      renew();
    },
  };
}
