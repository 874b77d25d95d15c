// Evaluated in a world of its own beside the page's scripts: what a person with a small screen or a thumb would stumble on.

(isTouched) => {
  const problems = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > root.clientWidth) {
    problems.push(`the page scrolls sideways: ${root.scrollWidth} px wide in ${root.clientWidth}`);
  }
  problems.push(...every(document).flatMap(torn));
  if (isTouched) problems.push(...every(document).filter(isTooSmall).map(told));
  return problems;

  function every(from) {
    const found = [...from.querySelectorAll('*')];
    return found.concat(found.filter((each) => each.shadowRoot).flatMap((each) => every(each.shadowRoot)));
  }

  // French has a space before these marks, at which no line may break.
  function torn(element) {
    if (element.matches('script, style, code, pre')) return [];
    const words = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data);
    return words.filter((each) => /\S [:;?!»]|« |^ [:;?!»]/.test(each)).map((each) => `a line may begin with a mark: ${each.trim()}`);
  }

  function isTooSmall(element) {
    if (!element.matches('button, input, select, textarea, summary, nav a')) return false;
    const seen = element.closest('label') ?? element; // a box in its label is touched with it
    const { width, height } = seen.getBoundingClientRect();
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || width <= 1) return false;
    return width < 43.5 || height < 43.5;
  }

  function told(element) {
    const { width, height } = element.getBoundingClientRect();
    const name = element.ariaLabel ?? element.name ?? '';
    return `under 44 px: <${element.localName}> ${name || element.textContent.trim()} ${Math.round(width)}×${Math.round(height)}`;
  }
};
