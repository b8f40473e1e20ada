// What is new while a page stands open: counts, the title, a word for a screen reader. A page that nobody sees asks
// less often; whoever is signed out asks no longer.
const SEEN_SECONDS = 9;
const HIDDEN_SECONDS = 60;
const SOON_SECONDS = 3; // the server has not looked yet
const LONGEST_SECONDS = 120;

const shown = (count, most) => (count > most ? `${most}+` : String(count));

export function setUpLive() {
  const bell = document.querySelector("[data-live]");
  if (!bell) return;
  const title = document.title;
  let version = "";
  let newest = null;
  let failures = 0;
  let timer = null;

  const later = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(ask, seconds * 1000 * (0.9 + Math.random() * 0.2)); // pages that opened together drift apart
  };
  const rhythm = () => (document.hidden ? HIDDEN_SECONDS : SEEN_SECONDS);

  async function ask() {
    try {
      const answer = await fetch(`${bell.dataset.live}?v=${version}`, { credentials: "same-origin", cache: "no-store" });
      failures = 0;
      if (answer.status === 401) return;
      if (answer.status === 200) show(await answer.json());
      later(answer.status === 202 ? SOON_SECONDS : rhythm());
    } catch {
      failures += 1;
      later(Math.min(LONGEST_SECONDS, rhythm() * 2 ** failures));
    }
  }

  function show(news) {
    version = news.version;
    for (const place of document.querySelectorAll("[data-live-count]")) {
      const count = news[place.dataset.liveCount];
      place.textContent = shown(count, Number(place.dataset.most || 99));
      place.hidden = !count && !place.dataset.most;
    }
    bell.querySelector("[data-live-said]").textContent = bell.dataset.said.replace("{count}", news.unread);
    document.title = news.unread ? `(${shown(news.unread, 99)}) ${title}` : title;
    if (newest !== null && news.newest > newest) {
      document.querySelector("[data-live-status]").textContent = bell.dataset.fresh.replace("{count}", news.unread);
      bell.dispatchEvent(new CustomEvent("live:fresh"));
    }
    newest = news.newest;
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) later(0);
  });
  ask();
  setUpBell(bell);
}

/** The list under the bell is fetched when it is opened, and again when something new has come. */
function setUpBell(bell) {
  const list = bell.querySelector("[data-bell-list]");
  if (!list) return;
  const fill = async () => {
    const answer = await fetch(list.dataset.bellList, { credentials: "same-origin", headers: { "HX-Request": "true" } });
    if (answer.ok) list.innerHTML = await answer.text();
  };
  bell.addEventListener("toggle", () => bell.open && fill());
  bell.addEventListener("live:fresh", () => bell.open && fill());
}
