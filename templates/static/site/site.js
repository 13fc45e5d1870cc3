// What htmx leaves to do: keep what is there when a refresh fails, and tell how fresh it is.
addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400 && event.target.closest("[data-polls]")) event.detail.shouldSwap = false;
});
addEventListener("htmx:afterRequest", (event) => {
  const said = document.querySelector("[data-checked]");
  if (!said || !event.target.closest("[data-polls]")) return;
  const failed = !event.detail.xhr || event.detail.xhr.status === 0 || event.detail.xhr.status >= 400;
  said.textContent = (failed ? "No answer at " : "Checked at ") + new Date().toISOString().slice(11, 19);
});
