// What somebody who tabs through a page meets. Loaded into the page by test_keyboard.py.
window.keyboard = (() => {
  const STOPS =
    "a[href],button,input:not([type=hidden]),select,textarea,summary,iframe,video[controls],audio[controls]," +
    '[tabindex]:not([tabindex^="-"])';
  const REACH = 6; // outline and offset, in px

  const named = (el) => `${el.localName}.${el.className || el.name || ""} ${(el.innerText || "").trim().slice(0, 40)}`;

  // Of a group of radio buttons Tab stops at the chosen one, or at the first when none is.
  const isItsGroupsStop = (el) => {
    if (el.type !== "radio") return true;
    const group = [...document.getElementsByName(el.name)];
    return el === (group.find((one) => one.checked) ?? group[0]);
  };

  const stops = () =>
    [...document.querySelectorAll(STOPS)].filter(
      (el) => !el.disabled && el.checkVisibility({ visibilityProperty: true }) && isItsGroupsStop(el),
    );

  const hasRing = (el) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(el);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/, 0\)|transparent/.test(outlineColor);
  };

  // Points inside of every line of the element: each must be the element itself, not something that lies upon it.
  // Of a text area the browser brings the line with the caret into the window, and not always the rest.
  const isCovered = (el) =>
    [...el.getClientRects()].some((box) => {
      const middle = el.localName === "textarea" ? box.top + 9 : box.top + box.height / 2;
      return [0.3, 0.5, 0.7].some((part) => {
        const met = document.elementFromPoint(box.left + box.width * part, middle);
        return !met || !(el.contains(met) || met.closest("label")?.control === el);
      });
    });

  // What cuts the ring off: the window, or a box around it that shows nothing outside of itself.
  const cutBy = (el) => {
    const ring = el.getBoundingClientRect();
    const cuts = (box) =>
      ring.left - REACH < box.left || ring.right + REACH > box.right || ring.top - REACH < box.top || ring.bottom + REACH > box.bottom;
    for (let around = el.parentElement; around && around !== document.body; around = around.parentElement) {
      const { overflowX, overflowY, clipPath } = getComputedStyle(around);
      const clips = overflowX !== "visible" || overflowY !== "visible" || clipPath !== "none";
      if (clips && cuts(around.getBoundingClientRect())) return named(around);
    }
    const bottom = el.localName === "textarea" ? Infinity : innerHeight;
    return cuts({ left: 0, top: 0, right: innerWidth, bottom }) ? "the window" : "";
  };

  // The place of the focus among the stops, and what is wrong with it; null when the focus has left the page.
  const look = () => {
    const el = document.activeElement;
    if (el === document.body) return null;
    const [cut, all] = [cutBy(el), stops()];
    const faults = [!hasRing(el) && "no ring", isCovered(el) && "covered", cut && `cut off by ${cut}`];
    return {
      place: all.indexOf(el),
      count: all.length,
      name: named(el),
      isClosed: el.localName === "summary" && !el.parentElement.open,
      faults: faults.filter(Boolean),
    };
  };

  const ofMain = () => stops().findIndex((el) => el.closest("main"));
  return { look, ofMain };
})();
