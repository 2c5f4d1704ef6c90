// When a page draws itself.

/** A function that has `draw` called with the next frame, once, however often it is called before. */
export function onceAFrame(draw: () => void): () => void {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      draw();
    });
  };
}
