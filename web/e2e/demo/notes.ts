/**
 * The notes of the pictures: one person's life over a year, so that lists, searches and counts look as they do for somebody
 * who uses the app. Invented; kept in a file of its own so that changing them needs no reading of code.
 */

export interface DemoNote {
  /** Path of notebooks, with `/`; absent: in none. */
  notebook?: string;
  title: string;
  tags: string[];
  /** When it was changed last, in hours before now. */
  hoursAgo: number;
  pinned?: true;
  archived?: true;
  trashed?: true;
  body: string;
}

export const demoNotes: DemoNote[] = [
  {
    notebook: "Journeys/Japan",
    title: "Kyoto in April",
    tags: ["travel", "japan"],
    hoursAgo: 0.2,
    pinned: true,
    body: `# Kyoto in April

Flights are booked, the ryokan **is not**. Everything below is for *five* days; Nara is a half day if the rain holds off.

## Still to settle

- [x] Rail pass, collected at Kansai
- [x] Travel insurance
- [ ] Ryokan near Gion, two nights
- [ ] Ask Mio about the potter in Uji

## Days

1. Fushimi Inari before seven, then Tōfuku-ji
2. Arashiyama by bicycle, tea at Ōkōchi
3. Nishiki market, the textile museum, an early night

> The 100 bus is slower than walking. Take the Keihan line to Shichijō.

| Day | Where | Budget |
|-----|--------|-------:|
| 1 | Fushimi | ¥4 200 |
| 2 | Arashiyama | ¥6 800 |
| 3 | Centre | ¥9 500 |

See [[Packing list]] and the map at <https://maps.example.org/kyoto>.
`,
  },
  {
    notebook: "Journeys",
    title: "Packing list",
    tags: ["travel", "lists"],
    hoursAgo: 3,
    body: `# Packing list

The bag has to stay below seven kilos.

- [x] Rain jacket
- [x] Two notebooks, the *thin* ones
- [ ] Adapter, type A
- [ ] Camera, one lens
- [ ] The blue scarf
`,
  },
  {
    notebook: "Workshop",
    title: "Oak bench: cut list",
    tags: ["woodwork", "plans"],
    hoursAgo: 7,
    pinned: true,
    body: `# Oak bench: cut list

Quarter-sawn where it shows. Leave 3 mm on everything until it has stood in the shop for a week.

| Part | Pieces | Length | Width | Thick |
|------|-------:|-------:|------:|------:|
| Seat | 2 | 1180 | 165 | 28 |
| Leg | 4 | 430 | 60 | 60 |
| Rail | 2 | 1020 | 70 | 24 |
| Stretcher | 1 | 960 | 45 | 24 |

## Order of work

1. Legs square first, then mortises
2. Draw-bored pegs, 10 mm, split not turned
3. Oil, not varnish: it will be sat on with wet coats
`,
  },
  {
    title: "Letter to Grandmother",
    tags: ["family"],
    hoursAgo: 20,
    body: `# Letter to Grandmother

Dear Oma,

the pear tree that you gave us has its first blossom. Emil counted them: *eleven*. He wants to know whether each of them will be a pear,
and I said that you would know.

We come on the second weekend in May.
`,
  },
  {
    notebook: "Work/Observatory",
    title: "Dome motor: what we know",
    tags: ["work", "observatory"],
    hoursAgo: 27,
    body: `# Dome motor: what we know

It stalls between 212° and 230°, only below 4 °C, only clockwise.

- The gearbox was greased in March with the **wrong** grade
- Current rises 300 ms before the stall, so it can be seen coming

\`\`\`python
def stalls(current: list[float], limit: float = 4.2) -> bool:
    """Three readings in a row above the limit."""
    return any(min(window) > limit for window in zip(current, current[1:], current[2:]))
\`\`\`

Next: log the temperature of the *housing*, not of the air.
`,
  },
  {
    notebook: "Work/Observatory",
    title: "Planning meeting, 14 April",
    tags: ["work", "minutes"],
    hoursAgo: 49,
    body: `# Planning meeting, 14 April

Present: Ines, Tomasz, Ruth.

- Open night moves to the 26th; Ruth writes to the school
- The new plan for the dome motor costs half of the old plan
- [ ] Tomasz: quotation for the encoder
- [ ] Ines: rota until June
`,
  },
  {
    notebook: "Kitchen",
    title: "Rye bread, third attempt",
    tags: ["recipes", "bread"],
    hoursAgo: 73,
    body: `# Rye bread, third attempt

The crumb is right at last. What changed: a *wetter* sour, and patience.

| | |
|---|---:|
| Wholegrain rye | 600 g |
| Water, 40 °C | 540 g |
| Sour | 180 g |
| Salt | 13 g |

1. Mix, rest 40 minutes, shape with wet hands
2. Prove at 30 °C until the flour on top **cracks**
3. 250 °C for 12 minutes with steam, then 190 °C for 50

Cut it tomorrow, not today.
`,
  },
  {
    notebook: "Kitchen",
    title: "Crème brûlée for eight",
    tags: ["recipes"],
    hoursAgo: 122,
    body: `# Crème brûlée for eight

700 g cream, 300 g milk, 160 g yolks, 130 g sugar, one vanilla pod.

Warm, do not boil. Strain. 95 °C in the oven until it trembles like a held breath. Caramelise the sugar slowly.
`,
  },
  {
    notebook: "Reading",
    title: "The Peregrine, J. A. Baker",
    tags: ["books", "birds"],
    hoursAgo: 146,
    body: `# The Peregrine, J. A. Baker

> The hardest thing of all to see is what is really there.

Ten winters made into one. He never says *I felt*; he says what the light did. Compare with [[Notes on seeing]].
`,
  },
  {
    notebook: "Reading",
    title: "Notes on seeing",
    tags: ["books", "ideas"],
    hoursAgo: 190,
    body: `# Notes on seeing

- Draw the thing before you name it
- Ruskin's exercise: a square inch of grass, an hour
- What is *not* in the frame decides what is
`,
  },
  {
    notebook: "Garden",
    title: "Sowing plan for the north bed",
    tags: ["garden", "plans"],
    hoursAgo: 240,
    body: `# Sowing plan for the north bed

The soil is at nine degrees; a week too early for beans.

- [x] Broad beans
- [x] Spinach, the winter sort
- [ ] Chard
- [ ] Peas along the fence, every two weeks
`,
  },
  {
    notebook: "Garden",
    title: "Apple grafts",
    tags: ["garden"],
    hoursAgo: 400,
    body: `# Apple grafts

Whip and tongue, eleven of twelve took. Scions of *Berner Rosen* from the old tree behind the chapel.
`,
  },
  {
    title: "Questions for the doctor",
    tags: ["family", "lists"],
    hoursAgo: 500,
    body: `# Questions for the doctor

1. Is the cough from the dust in the workshop?
2. Which mask, then
3. The blood test of February
`,
  },
  {
    notebook: "Work",
    title: "How we write minutes",
    tags: ["work", "minutes"],
    hoursAgo: 620,
    body: `# How we write minutes

Decisions first, then who does what until when. No *discussed at length*.
`,
  },
  {
    notebook: "Journeys",
    title: "Night train to Ljubljana",
    tags: ["travel"],
    hoursAgo: 900,
    body: `# Night train to Ljubljana

Couchette 42, lower berth. Breakfast is coffee and a roll, at 6:40, just before Jesenice.

The plan: lake in the morning, castle when it is too hot to move.
`,
  },
  {
    title: "Ideas for the spring concert",
    tags: ["music", "ideas"],
    hoursAgo: 1100,
    body: `# Ideas for the spring concert

- Dowland, *Flow, my tears*, with two lutes
- Something that the children can clap to
- End quietly
`,
  },
  {
    notebook: "Workshop",
    title: "Sharpening: angles that work",
    tags: ["woodwork"],
    hoursAgo: 1500,
    body: `# Sharpening: angles that work

| Tool | Angle |
|---|---:|
| Paring chisel | 25° |
| Bench chisel | 30° |
| Mortise chisel | 35° |
| Smoothing plane | 33° |
`,
  },
  {
    title: "Wi-Fi at the cabin",
    tags: ["lists"],
    hoursAgo: 2000,
    body: `# Wi-Fi at the cabin

The router is behind the woodpile. Switch it off when you leave; the mice like it warm.
`,
  },
  {
    notebook: "Reading",
    title: "Library books due in March",
    tags: ["books", "lists"],
    hoursAgo: 2400,
    archived: true,
    body: "# Library books due in March\n\nAll returned.\n",
  },
  {
    notebook: "Work",
    title: "Old rota",
    tags: ["work"],
    hoursAgo: 3000,
    archived: true,
    body: "# Old rota\n\nSuperseded in April.\n",
  },
  { title: "asdf", tags: [], hoursAgo: 60, trashed: true, body: "asdf\n" },
  { title: "Shopping", tags: ["lists"], hoursAgo: 90, trashed: true, body: "# Shopping\n\nMilk, rye, vanilla.\n" },
];
