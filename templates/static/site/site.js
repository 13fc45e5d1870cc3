// What htmx leaves to do: keep what is there when a refresh fails, and tell how fresh it is.
addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400 && event.target.closest("[data-polls]")) event.detail.shouldSwap = false;
});
// An error that has no such list on it would take the list away: the page itself says what is wrong.
addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, serverResponse, xhr } = event.detail;
  const list = requestConfig.elt.matches("form") && requestConfig.elt.getAttribute("hx-select");
  if (!list || xhr.status < 400 || serverResponse.includes(`id="${list.slice(1)}"`)) return;
  event.detail.shouldSwap = false;
  location.assign(event.detail.pathInfo.finalRequestPath);
});
// What an earlier change brings must not be put over what was written since.
addEventListener("change", (event) => {
  const form = event.target.closest("form[hx-get]");
  if (form) htmx.trigger(form, "htmx:abort");
});
addEventListener("htmx:afterRequest", (event) => {
  const said = document.querySelector("[data-checked]");
  if (!said || !event.target.closest("[data-polls]")) return;
  const failed = !event.detail.xhr || event.detail.xhr.status === 0 || event.detail.xhr.status >= 400;
  said.textContent = (failed ? "Update failed at " : "Updated at ") + new Date().toISOString().slice(11, 19);
});
