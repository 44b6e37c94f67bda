// A list of periods as a slider: the part of the page that shows a period follows it, and so does the address.

import { drawIn } from "./start.js";

function slide(list) {
  const form = list.form;
  const options = [...list.options].reverse();
  if (options.length < 2) return;
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: 0, max: options.length - 1, step: 1 });
  slider.value = options.findIndex((o) => o.selected);
  slider.setAttribute("aria-label", form.querySelector(`label[for="${list.id}"]`).textContent.trim());
  const show = () => {
    list.value = options[slider.value].value;
    slider.setAttribute("aria-valuetext", options[slider.value].text);
  };
  show();
  const place = document.createElement("div");
  place.append(slider);
  list.parentElement.after(place);
  slider.addEventListener("input", show);
  slider.addEventListener("change", () => follow(form, slider === document.activeElement));
}

async function follow(form, focused) {
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form));
  const response = await fetch(address);
  // Whatever went wrong, the page itself says it better.
  if (!response.ok || response.redirected) return location.assign(address);
  const part = form.closest("[data-follows]");
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById(part.id);
  if (fresh === null) return location.assign(address);
  const adopted = document.adoptNode(fresh);
  part.replaceWith(adopted);
  history.replaceState(null, "", address);
  drawIn(adopted);
  start(adopted);
  if (focused) adopted.querySelector("input[type=range]")?.focus({ preventScroll: true });
}

const start = (root) => root.querySelectorAll("select[data-slide]").forEach(slide);

start(document);
