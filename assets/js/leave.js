// Leave this page: a plain link without this script. With it the page is blank at once, does not stay in the history,
// and pressing Shift three times in a row is enough.
(() => {
  const link = document.querySelector("[data-leave]");
  if (!link) return;
  let presses = [];

  function leave(event) {
    event.preventDefault();
    document.documentElement.classList.add("gone");
    document.title = "\u2026";
    const go = () => location.replace(link.href);
    // page.js answers with the promise that the last words are kept; a slow network may not hold anyone up.
    const kept = [];
    document.dispatchEvent(new CustomEvent("leaving", { detail: kept }));
    if (!kept.length) return go();
    Promise.race([Promise.allSettled(kept), new Promise((done) => setTimeout(done, 400))]).then(go);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) leave(event);
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    presses = presses.filter((at) => event.timeStamp - at < 3000).concat(event.timeStamp);
    if (presses.length === 3) leave(event);
  });
})();
