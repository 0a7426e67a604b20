export default function Preview({ text }: { text: string }) {
  return <pre>{text}</pre>;
}
