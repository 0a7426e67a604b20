/** The shapes of an icon as the data of a path: what is drawn with one pen and not filled looks the same in one piece. */
export type Shape = [tag: string, attributes: Record<string, string>];

/** The path of one shape. A shape or an attribute that is not known here is refused, since it would be left out unseen. */
export function pathOf([tag, { key: _key, ...attributes }]: Shape): string {
  const draw = drawings[tag];
  if (!draw) throw new Error(`icons with <${tag}> are not known`);
  const unknown = Object.keys(attributes).filter((name) => !draw.knows.includes(name));
  if (unknown.length > 0) throw new Error(`icons with <${tag} ${unknown.join(" ")}> are not known`);
  return draw.path(attributes);
}

const number = (value: string | undefined): number => Number(value ?? 0);

/** All around, from the left in two halves. */
const ellipse = (cx: number, cy: number, rx: number, ry: number): string =>
  `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0Z`;

const drawings: Record<string, { knows: string[]; path: (attributes: Record<string, string>) => string }> = {
  // A small `m` counts from where the shape before has ended; alone it counts from the corner.
  path: { knows: ["d"], path: ({ d = "" }) => d.replace(/^m/, "M0 0m") },
  circle: {
    knows: ["cx", "cy", "r", "fill"],
    path({ cx, cy, r, fill }) {
      if (!fill) return ellipse(number(cx), number(cy), number(r), number(r));
      // The pen is two wide: a dot of it in the middle fills what so small a circle leaves open.
      if (number(r) > 1) throw new Error("icons with filled circles are not known");
      return `${ellipse(number(cx), number(cy), number(r), number(r))}M${cx} ${cy}h.01`;
    },
  },
  ellipse: {
    knows: ["cx", "cy", "rx", "ry"],
    path: ({ cx, cy, rx, ry }) => ellipse(number(cx), number(cy), number(rx), number(ry)),
  },
  line: { knows: ["x1", "y1", "x2", "y2"], path: ({ x1, y1, x2, y2 }) => `M${x1} ${y1}L${x2} ${y2}` },
  polyline: { knows: ["points"], path: ({ points }) => `M${points}` },
  polygon: { knows: ["points"], path: ({ points }) => `M${points}Z` },
  rect: {
    knows: ["x", "y", "width", "height", "rx", "ry"],
    path(attributes) {
      const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => number(attributes[name])) as Four;
      const rx = number(attributes.rx ?? attributes.ry);
      const ry = number(attributes.ry ?? attributes.rx);
      const corner = (dx: number, dy: number) => (rx > 0 ? `a${rx} ${ry} 0 0 1 ${dx * rx} ${dy * ry}` : "");
      return [
        `M${x + rx} ${y}h${width - 2 * rx}`,
        `${corner(1, 1)}v${height - 2 * ry}`,
        `${corner(-1, 1)}h${2 * rx - width}`,
        `${corner(-1, -1)}v${2 * ry - height}${corner(1, -1)}Z`,
      ].join("");
    },
  },
};
type Four = [number, number, number, number];
