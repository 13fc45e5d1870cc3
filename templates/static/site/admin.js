/* The theme's pickers say neither their own name nor whose value they show: here they get their label's. */
"use strict";

const name = (picker) => {
  const select = picker.closest(".select2")?.previousElementSibling;
  const label = select?.id && document.querySelector(`label[for="${select.id}"]`);
  const words = (label ? label.textContent : select?.name || "").trim().replace(/\s+/g, " ");
  for (const part of [picker, ...picker.querySelectorAll("[role=textbox]")]) {
    if (words && !part.getAttribute("aria-label")) {
      part.setAttribute("aria-label", words.replace(/\*$/, ""));
    }
  }
};

const nameAll = () => document.querySelectorAll(".select2-selection").forEach(name);

document.addEventListener("DOMContentLoaded", () => {
  nameAll();
  new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
});
