// Drafts of papers in the sheet, as Word files. The server makes each again from what stands in the form now.
import { postForFile } from "./requests.js";

/** `asked` gives, for the number of a draft, the address and what is sent there. */
export function setUpDraftDownloads(form, asked) {
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-draft]");
    if (!button) return;
    button.disabled = true;
    const file = await postForFile(...asked(button.dataset.draft)).catch(() => null);
    button.disabled = false;
    if (file) save(file, button.dataset.name);
  });
}

/** Hands a file to whoever looks at the page, under a name. */
export function save(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
