// Topic Filters (MQTT 3.1.1, 4.7).

/** Whether a topic matches a filter with + and #. Topics that begin with $ match no wildcard at their beginning [4.7.2-1]. */
export function matches(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(filter)) return false;
  const levels = topic.split("/");
  const wanted = filter.split("/");
  for (const [i, level] of wanted.entries()) {
    if (level === "#") return true;
    if (i >= levels.length || (level !== "+" && level !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}
