/** The command palette: placeholder until its parts are there. */
export default function Palette(_: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return null;
}
