// Every page works without this script. It only takes away some waiting, some worry and some history.
(() => {
  const say = (form, what) => {
    const status = form.querySelector("[role=status]");
    if (status) status.textContent = status.dataset[what] || "";
  };

  const body = (form, button) => {
    const data = new FormData(form);
    if (button && button.name) data.append(button.name, button.value);
    return data;
  };

  const post = (form, data, options) =>
    fetch(form.getAttribute("action") || location.href, { method: "POST", body: data, ...options });

  // ---- A long box keeps itself: two seconds after the last letter, and when the page goes away.
  const unsaved = new Map();

  function save(form, options) {
    clearTimeout(unsaved.get(form));
    unsaved.delete(form);
    const data = body(form);
    data.append("autosave", "1");
    return post(form, data, options).then(
      // A redirect is the way to sign in again: those words were not kept, so nothing may say they were.
      (answer) => say(form, answer.ok && !answer.redirected ? "saved" : "none"),
      () => say(form, "offline"),
    );
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !event.target.hasAttribute("data-autosave")) return;
    clearTimeout(unsaved.get(form));
    unsaved.set(form, setTimeout(save, 2000, form));
    say(form, "none");
  });

  const flush = () => [...unsaved.keys()].map((form) => save(form, { keepalive: true }));
  document.addEventListener("leaving", (event) => event.detail.push(...flush()));
  addEventListener("pagehide", flush);

  // ---- Sending a form.
  function native(form, button) {
    if (button && button.name) {
      const kept = document.createElement("input");
      kept.type = "hidden";
      kept.name = button.name;
      kept.value = button.value;
      form.append(kept);
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  function showErrors(text) {
    const answer = new DOMParser().parseFromString(text, "text/html");
    document.title = answer.title;
    const main = answer.querySelector("main");
    const summary = main.querySelector(".nhsuk-error-summary");
    if (summary) summary.removeAttribute("autofocus");
    document.querySelector("main").replaceWith(main);
    (summary || main).focus();
  }

  // The steps of a conversation are one entry in the history, so Back cannot lay them open one by one.
  function step(form, button) {
    post(form, body(form, button)).then(
      async (answer) => {
        if (answer.ok && answer.redirected) location.replace(answer.url);
        else if (answer.ok || answer.status === 422) showErrors(await answer.text());
        else native(form, button);
      },
      () => {
        if (form.hasAttribute("data-keep")) {
          delete form.dataset.pressed;
          say(form, "offline");
        } else native(form, button);
      },
    );
  }

  // A phone often says that it is connected when nothing comes through. A small file of ours that does not come, or takes
  // too long, tells: the page with the words on it stays, where the browser would put its own in its place.
  const reach = () =>
    Promise.race([
      fetch(document.querySelector("link[rel=icon]").href, { method: "HEAD", cache: "no-store" }),
      new Promise((_came, late) => setTimeout(late, 10000)),
    ]);

  function keep(form, button) {
    reach().then(
      () => native(form, button),
      () => {
        delete form.dataset.pressed;
        say(form, "offline");
      },
    );
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const now = Date.now();
    // A second press in a row is a shaking hand, not a second message.
    if (now - (form.dataset.pressed || 0) < 3000) return event.preventDefault();
    if (form.hasAttribute("data-keep") && !navigator.onLine) {
      event.preventDefault();
      return say(form, "offline");
    }
    form.dataset.pressed = now;
    clearTimeout(unsaved.get(form));
    unsaved.delete(form);
    // A change of language changes the whole page, so the browser goes there itself.
    if (form.matches(".conversation") && (event.submitter || {}).name !== "read_in") {
      event.preventDefault();
      step(form, event.submitter);
    } else if (form.hasAttribute("data-keep")) {
      event.preventDefault();
      keep(form, event.submitter);
    }
  });

  addEventListener("online", () => {
    for (const status of document.querySelectorAll("[data-offline]"))
      if (status.textContent === status.dataset.offline) status.textContent = "";
  });

  // A page brought back from the browser's memory may show what someone else may not see.
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.querySelector("[data-sensitive]")) location.reload();
  });
})();
