// Requests of a page to its own server: JSON in, JSON out, with the token against forged requests.
const holder = () => document.querySelector("meta[name=csrf-token]");

/** Answer of the server: {ok, status, body}. `body` is {} when the server said nothing readable. */
async function send(url, options, again = true) {
  const headers = { Accept: "application/json, application/problem+json", "X-CSRFToken": holder().content, ...options.headers };
  const response = await fetch(url, { ...options, method: "POST", headers, credentials: "same-origin" });
  const body = await response.json().catch(() => ({}));
  // Whoever signed in again in another window has a new token: his work here must not be lost over that.
  if (body.code === "TokenExpired" && again) {
    return (await renewToken()) ? send(url, options, false) : { ok: false, status: 401, body };
  }
  return { ok: response.ok, status: response.status, body };
}

async function renewToken() {
  const response = await fetch(window.location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("meta[name=csrf-token]");
  if (!fresh) return false;
  holder().content = fresh.content;
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = fresh.content;
  return true;
}

export function postJson(url, value) {
  return send(url, { body: JSON.stringify(value), headers: { "Content-Type": "application/json" } });
}

export const AGAIN_MS = 2500;
const TRIES = 4;

/** The same for a question, which changes nothing: what is not answered because others come first is asked again. */
export async function askJson(url, value, tries = TRIES) {
  const answer = await postJson(url, value);
  if (answer.status !== 503 || tries <= 1) return answer;
  await new Promise((done) => setTimeout(done, AGAIN_MS));
  return askJson(url, value, tries - 1);
}

/** The file with which the server answers, or null. */
export async function postForFile(url, value) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": holder().content };
  const options = { method: "POST", body: JSON.stringify(value), headers, credentials: "same-origin" };
  const response = await fetch(url, options);
  return response.ok ? response.blob() : null;
}

export function postForm(url, formData) {
  formData.delete("csrf_token"); // the header has it, and there it can be renewed
  return send(url, { body: formData });
}

/** A key by which the server does once what is sent once. Not `randomUUID`: that is only there over HTTPS. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
