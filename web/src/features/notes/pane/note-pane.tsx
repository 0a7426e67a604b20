export function NotePane({ id }: { id: string }) {
  return <article>{id}</article>;
}
