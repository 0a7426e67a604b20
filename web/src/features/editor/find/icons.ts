/** The three signs of the find panel, as lucide draws them. The panel is not React's, so its icon components cannot be used. */

const shapes = { up: "m18 15-6-6-6 6", down: "m6 9 6 6 6-6", close: "M18 6 6 18M6 6l12 12" };

export function icon(name: keyof typeof shapes): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", shapes[name]);
  const look = {
    viewBox: "0 0 24 24",
    width: "18",
    height: "18",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "2",
  };
  for (const [key, value] of Object.entries(look)) svg.setAttribute(key, value);
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return svg;
}
