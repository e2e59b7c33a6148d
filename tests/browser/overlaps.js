// Pairs of buttons, titles and lines of text in the cards that lie over one another. Run in the page.
() => {
  const seen = [...document.querySelectorAll(".adr button, .adr h3, .adr p, .adr textarea, .adr input, .adr li > span")]
    .filter((element) => element.offsetParent && !element.closest("details:not([open]) > :not(summary)"));
  const boxes = seen.map((element) => ({ element, box: element.getBoundingClientRect() })).filter(({ box }) => box.width > 2 && box.height > 2);
  const found = [];
  for (let i = 0; i < boxes.length; i += 1) {
    for (let j = i + 1; j < boxes.length; j += 1) {
      const [one, two] = [boxes[i], boxes[j]];
      if (one.element.contains(two.element) || two.element.contains(one.element)) continue;
      // what scrolls inside its own box is cut off there, and the foot of the panel stays in view above it
      if (one.element.closest(".adr-stick") !== two.element.closest(".adr-stick")) continue;
      if (one.element.closest("[data-card]") !== two.element.closest("[data-card]")) continue;
      const wide = Math.min(one.box.right, two.box.right) - Math.max(one.box.left, two.box.left);
      const high = Math.min(one.box.bottom, two.box.bottom) - Math.max(one.box.top, two.box.top);
      if (wide > 3 && high > 3) found.push(`${one.element.textContent.slice(0, 30)} / ${two.element.textContent.slice(0, 30)}`);
    }
  }
  return found;
}
