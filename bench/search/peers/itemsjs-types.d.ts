/** itemsjs has no types of its own. */
declare module 'itemsjs' {
  export default function itemsjs(items: readonly unknown[], configuration: unknown): unknown
}
