// A canvas as sharp as the screen, and the palette's colours as the style sheet has them now.

export const rowHeight = 19;
export const textSize = 12;

// colours[slot]; read again when light turns to dark.
export function makeColours(slots) {
  const colours = [];
  colours.read = () => {
    const style = getComputedStyle(document.documentElement);
    for (let i = 0; i < slots.count; i++)
      colours[i] = style.getPropertyValue(`--p${i}`).trim();
    colours.hatch = null;
  };
  colours.read();
  return colours;
}

export function fit(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const wide = Math.max(Math.round(width * ratio), 1);
  const high = Math.max(Math.round(height * ratio), 1);
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// Light lines over what is a guess.
export function hatchOf(context, colours, slots) {
  if (!colours.hatch) {
    const tile = document.createElement('canvas');
    tile.width = tile.height = 6;
    const on = tile.getContext('2d');
    on.strokeStyle = colours[slots.text];
    on.globalAlpha = 0.25;
    on.beginPath();
    for (const shift of [-6, 0, 6]) {
      on.moveTo(shift, 6);
      on.lineTo(shift + 6, 0);
    }
    on.stroke();
    colours.hatch = context.createPattern(tile, 'repeat');
  }
  return colours.hatch;
}

// Rectangles gathered by colour: a canvas is slow to change its mind.
export function makeBuckets(slots) {
  const all = Array.from({ length: slots.count * 2 }, () => []);
  return {
    add(slot, isDim, x, y, width, height) {
      all[slot * 2 + (isDim ? 1 : 0)].push(x, y, width, height);
    },
    paint(context, colours, dim) {
      all.forEach((list, i) => {
        if (!list.length)
          return;
        context.fillStyle = colours[i >> 1];
        context.globalAlpha = i & 1 ? dim : 1;
        for (let k = 0; k < list.length; k += 4)
          context.fillRect(list[k], list[k + 1], list[k + 2], list[k + 3]);
        list.length = 0;
      });
      context.globalAlpha = 1;
    },
  };
}

export function isCalm() {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

// Calls step(0 to 1) once a frame for about `time` ms; returns what stops it.
export function animate(time, step) {
  let frame = 0;
  const begin = performance.now();
  const go = (now) => {
    const done = isCalm() ? 1 : Math.min(Math.max((now - begin) / time, 0), 1);
    step(1 - (1 - done) ** 3);
    if (done < 1)
      frame = requestAnimationFrame(go);
  };
  frame = requestAnimationFrame(go);
  return () => cancelAnimationFrame(frame);
}
