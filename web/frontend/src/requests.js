// Requests of a page to its own server: JSON in, JSON out, with the token against forged requests.
const token = () => document.querySelector("meta[name=csrf-token]").content;

/** Answer of the server: {ok, status, body}. `body` is {} when the server said nothing readable. */
async function send(url, options) {
  const headers = { Accept: "application/json, application/problem+json", "X-CSRFToken": token(), ...options.headers };
  const response = await fetch(url, { ...options, method: "POST", headers, credentials: "same-origin" });
  const body = await response.json().catch(() => ({}));
  return { ok: response.ok, status: response.status, body };
}

export function postJson(url, value) {
  return send(url, { body: JSON.stringify(value), headers: { "Content-Type": "application/json" } });
}

export function postForm(url, formData) {
  return send(url, { body: formData });
}
