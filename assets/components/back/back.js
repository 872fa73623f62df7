/**
 * The browser's Back leaves the page, whatever was changed on it, and finds the page before as it was left.
 *
 * Streamlit adds a step to the browser's history for each value that is put into the link. Here a new link of the same
 * page takes the place of the old one, so that one press of Back leads to the page before. On the way to another page
 * Streamlit empties the link first: that one is not kept, or Back would find nothing in it.
 */
const LEAVING = 100; // milliseconds from the emptied link to the other page's, and more

export default function () {
  const { history, location } = window;
  const push = history.pushState;
  if (push.name === "step") return; // once for each window is enough

  let emptied;
  history.pushState = function step(state, unused, url) {
    clearTimeout(emptied);
    const to = new URL(url ?? "", location.href);
    const replace = () => history.replaceState(state, unused, url);
    if (to.pathname !== location.pathname) push.call(history, state, unused, url);
    else if (to.search || !location.search) replace();
    else emptied = setTimeout(replace, LEAVING);
  };
}
