/** A V8 CPU profile, as `node --cpu-prof` writes it. */
export type CpuProfile = {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[]
}

type ProfileNode = {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  readonly children?: readonly number[]
}

/** A function with the time spent in it and in what it calls. */
export type Frame = { readonly name: string; readonly micros: number; readonly children: readonly Frame[] }

/** The calls as a tree; waiting is left out. */
export function toFrames({ nodes, samples, timeDeltas }: CpuProfile): Frame {
  const own = new Map<number, number>()
  for (const [i, id] of samples.entries()) own.set(id, (own.get(id) ?? 0) + Math.max(0, timeDeltas[i] ?? 0))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const toFrame = (node: ProfileNode): Frame => {
    const children = mergeSame(
      (node.children ?? [])
        .map((id) => byId.get(id)!)
        .filter((child) => !isWaiting(child))
        .map(toFrame),
    )
    return { name: nameOf(node), micros: (own.get(node.id) ?? 0) + children.reduce((sum, child) => sum + child.micros, 0), children }
  }
  const [root] = nodes
  if (root === undefined) throw new RangeError('the profile is empty')
  const { children } = toFrame(root)
  return { name: 'all', micros: children.reduce((sum, child) => sum + child.micros, 0), children }
}

function isWaiting({ callFrame }: ProfileNode): boolean {
  return callFrame.functionName === '(idle)' || callFrame.functionName === '(program)'
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const place = url.replace(/^.*\/(?=(src|node_modules|bench)\/)/, '').replace('file://', '')
  return `${functionName || '(anonymous)'}${place === '' ? '' : ` ${place}:${lineNumber + 1}`}`
}

function mergeSame(frames: readonly Frame[]): Frame[] {
  const byName = new Map<string, Frame>()
  for (const frame of frames) {
    const known = byName.get(frame.name)
    if (known === undefined) byName.set(frame.name, frame)
    else {
      const children = mergeSame([...known.children, ...frame.children])
      byName.set(frame.name, { name: frame.name, micros: known.micros + frame.micros, children })
    }
  }
  return [...byName.values()].sort((a, b) => b.micros - a.micros)
}

const ROW_PIXELS = 17
const SHARE_MIN = 0.0005

/** A page of its own that draws the frames: the wider, the longer; a click on one makes it the whole width. */
export function toFlamePage(root: Frame, title: string): string {
  const boxes: string[] = []
  let depthMax = 0
  const draw = (frame: Frame, depth: number, from: number) => {
    const share = frame.micros / root.micros
    if (share < SHARE_MIN) return
    depthMax = Math.max(depthMax, depth)
    const text = escape(`${frame.name} · ${(share * 100).toFixed(1)} % · ${(frame.micros / 1_000).toFixed(1)} ms`)
    const hue = frame.name.includes(' src/') ? 20 : frame.name.includes(' node_modules/') ? 200 : 50
    boxes.push(
      `<i data-a="${from.toFixed(6)}" data-w="${share.toFixed(6)}" style="top:${depth * ROW_PIXELS}px;--h:${hue}" title="${text}">${text}</i>`,
    )
    let at = from
    for (const child of frame.children) {
      draw(child, depth + 1, at)
      at += child.micros / root.micros
    }
  }
  draw(root, 0, 0)
  return `<!doctype html><meta charset="utf-8"><title>${escape(title)}</title>
<style>body{font:12px/16px sans-serif;margin:12px}#g{position:relative;height:${(depthMax + 1) * ROW_PIXELS}px}
i{position:absolute;height:16px;overflow:hidden;white-space:nowrap;font-style:normal;background:hsl(var(--h) 80% 78%);cursor:pointer;border-radius:2px}</style>
<p>${escape(title)}. Orange: Farewire, blue: packages, yellow: Node. Click a frame to widen it, "all" to go back.</p><div id="g">${boxes.join('')}</div>
<script>const g=document.getElementById('g');function zoom(a,w){for(const e of g.children){const l=(e.dataset.a-a)/w,s=e.dataset.w/w,v=l<1&&l+s>0
e.style.display=v?'':'none';e.style.left=Math.max(0,l*100)+'%';e.style.width='calc('+(Math.min(1,l+s)-Math.max(0,l))*100+'% - 1px)'}}
g.onclick=e=>{const d=e.target.dataset;if(d.w)zoom(+d.a,+d.w)};zoom(0,1)</script>
`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
