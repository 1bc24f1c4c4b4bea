// What pages do beyond links and forms; each page works without it.
document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token) event.detail.ctx.request.headers["X-CSRF-Token"] = token.content;
});
// A form that filters applies itself when a choice changes.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto-submit]");
  if (form) form.requestSubmit();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
// What was refused comes into sight: on a phone it can be far below the heading.
document.querySelector('main [aria-invalid="true"]')?.focus();
// Tabs that do not fit are moved sideways: the one that is open comes into sight.
const tab = document.querySelector(".wr-tabs [aria-current]");
if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;
// A part of the menu closes when one goes elsewhere.
const openPart = () => document.querySelector(".wr-nav details[open]");
document.addEventListener("click", (event) => {
  const part = openPart();
  if (part && !part.contains(event.target)) part.open = false;
});
document.addEventListener("focusin", (event) => {
  const part = openPart();
  if (part && !part.contains(event.target)) part.open = false;
});
document.addEventListener("keydown", (event) => {
  const part = openPart();
  if (event.key !== "Escape" || !part) return;
  part.open = false;
  part.querySelector("summary").focus();
});
