/** Stands for react-inlinesvg, which fetches each icon. */
export default function InlineSvg({ title }: { readonly title?: string }) {
  return <svg>{title && <title>{title}</title>}</svg>;
}
