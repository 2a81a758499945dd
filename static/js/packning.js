// Packing day: shortcuts over forms that work without them. Digits count only while the focus is in the form (WCAG 2.1.4).
const form = document.querySelector("[data-packing]");
if (form) {
  const ticks = [...form.querySelectorAll("input[type=checkbox]")];
  const goOn = () => (ticks.find((tick) => !tick.checked) || form.querySelector("button[type=submit]")).focus();
  // A scanner types faster than fingers do. What it reads here is for another page: it ticks nothing and sends nothing.
  let last = 0, together = 0, before = [];
  const isScanned = (event) => {
    together = event.timeStamp - last < 30 ? together + 1 : 1;
    last = event.timeStamp;
    if (together === 1) before = ticks.map((tick) => tick.checked);
    if (together < 3) return false;
    ticks.forEach((tick, place) => { tick.checked = before[place]; });
    event.preventDefault();
    return true;
  };
  form.addEventListener("keydown", (event) => {
    const box = event.target;
    if (event.repeat && event.key === "Enter") event.preventDefault(); // held down on the last tick it would pack
    if (event.repeat || isScanned(event)) return;
    if (event.altKey || event.ctrlKey || event.metaKey || box.matches("input[type=text]")) return;
    const byDigit = /^[1-9]$/.test(event.key) ? ticks[event.key - 1] : undefined;
    const byEnter = event.key === "Enter" && box.matches("input[type=checkbox]") ? box : undefined;
    if (!byDigit && !byEnter) return;
    event.preventDefault();
    if (byDigit) byDigit.checked = !byDigit.checked;
    else byEnter.checked = true;
    goOn();
  });
}

// A listener above the list: its rows are fetched anew as one searches.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-tick-all]");
  if (!link) return;
  const boxes = [...document.querySelectorAll(`input[name=${link.dataset.tickAll || "forsandelse"}]`)];
  const on = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = on;
  event.preventDefault();
});
