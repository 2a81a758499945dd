// Shortens paths that already work without it: see DESIGN.md section 13.

// Errors: start reading at the summary. Somebody who writes already, when this comes late, goes on writing.
if (document.activeElement === document.body) document.querySelector(".errsum")?.focus();

// "Skriv ut" is a link to the print layout; with script it prints at once.
for (const link of document.querySelectorAll("[data-print]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    window.print();
  });
}

// Checkout: another way of sending changes the sum that the buyer sees and agrees to.
const shown = document.querySelector('input[name="shown_total"]');
const ways = document.querySelectorAll('input[name="freight"][data-ore]');
const english = document.documentElement.lang === "en";
const kronor = (ore, always) => {
  const whole = Math.floor(ore / 100).toString().replace(/\B(?=(\d{3})+$)/g, english ? "," : "\u00a0");
  const part = ore % 100 || always ? (english ? "." : ",") + String(ore % 100).padStart(2, "0") : "";
  return english ? "SEK\u00a0" + whole + part : whole + part + "\u00a0kr";
};
const oreOf = (way) => Number(way?.dataset.ore ?? 0);
const chosenOre = () => oreOf([...ways].find((way) => way.checked));
if (shown && ways.length) {
  // The sum that came is of the way that came chosen. It may be another by now: this came late, or one went back here.
  let freight = oreOf([...ways].find((way) => way.defaultChecked));
  let total = oreOf(shown); // not its value: Firefox keeps that when the page is loaded again
  const replaceSum = (from, to) => {
    for (const place of document.querySelectorAll(".tot dd, .disc__tot, .pay-now, .pay-later")) {
      for (const exact of [true, false]) {
        place.textContent = place.textContent.replace(kronor(from, exact), kronor(to, exact));
      }
    }
  };
  const follow = () => {
    const next = total - freight + chosenOre();
    if (next === total) return;
    // VAT and freight rows are reckoned on the server alone; with another sum they are not shown.
    for (const row of document.querySelectorAll(".trio__side .sum .vat")) row.style.display = "none";
    replaceSum(total, next);
    freight = chosenOre();
    total = next;
    shown.value = String(next);
    const row = document.querySelector(".trio__side .sum [data-free]");
    if (row) row.lastElementChild.textContent = freight ? kronor(freight, true) : row.dataset.free;
  };
  for (const way of ways) way.addEventListener("change", follow);
  follow();
  addEventListener("pageshow", follow); // a browser that goes back fills in what was chosen after scripts have run
}

// Waiting for a payment: ask quietly, and turn the page only when there is news.
const waiting = document.querySelector("[data-waiting]");
if (waiting) {
  const ask = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.redirected) return location.replace(answer.url);
    if (answer?.ok && !(await answer.text()).includes("data-waiting")) return location.reload();
    setTimeout(ask, 5000);
  };
  setTimeout(ask, 5000);
}
