// What is drawn is saved while one works: at most two seconds behind, over the revision that was seen, or not at all.
const PAUSE_MS = 700;
const LATEST_MS = 1500;
const AGAIN_MS = 3000;

/**
 * `post(body)` answers {ok, status, body}, and throws when nobody answers; `read()` gives the changes by file;
 * `told(state, facts)` hears how it stands: unsaved, saving, saved, notSaved, offline, lost. `clock`: for tests.
 */
export function saver({ session, revision, post, read, told, clock = globalThis }) {
  let seen = revision;
  let since = null;
  let timer = null;
  let busy = false;
  let lost = false;

  function changed() {
    if (lost) return;
    const now = clock.performance.now();
    since ??= now;
    told("unsaved", {});
    plan(Math.max(0, Math.min(PAUSE_MS, since + LATEST_MS - now)));
  }

  function plan(after) {
    clock.clearTimeout(timer);
    timer = clock.setTimeout(save, after);
  }

  async function save() {
    if (lost || since === null) return;
    if (busy) return plan(PAUSE_MS);
    busy = true;
    since = null;
    told("saving", {});
    try {
      settle(await post({ session, revision: seen, changes: await read() }));
    } catch {
      since ??= clock.performance.now();
      told("offline", {});
      plan(AGAIN_MS);
    } finally {
      busy = false;
    }
  }

  function settle(answer) {
    if (answer.ok) {
      seen = answer.body.revision;
      if (since === null) told("saved", { at: answer.body.saved_at, revision: seen });
    } else if (answer.status === 409) {
      lost = true;
      told("lost", { why: answer.body.detail ?? "" });
    } else {
      since ??= clock.performance.now();
      told("notSaved", { why: answer.body.detail ?? String(answer.status) });
      if (answer.status >= 500) plan(AGAIN_MS);
    }
  }

  return {
    changed,
    save,
    seen: () => seen,
    /** What was saved by another way made this revision. */
    goOn: (revision) => (seen = revision),
    isBehind: () => since !== null || busy,
    isLost: () => lost,
  };
}
