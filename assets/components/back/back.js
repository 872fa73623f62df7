/**
 * The browser's Back leaves the page, whatever was changed on it.
 *
 * Streamlit adds a step to the browser's history for each value that is put into the link. Here a new link of the same
 * page takes the place of the old one, so that one press of Back leads to the page before.
 */
export default function () {
  const { history, location } = window;
  const push = history.pushState;
  if (push.name === "step") return; // once for each window is enough

  history.pushState = function step(state, unused, url) {
    const same = new URL(url ?? "", location.href).pathname === location.pathname;
    (same ? history.replaceState : push).call(history, state, unused, url);
  };
}
