// Names of files in Storage that more than one room knows.

/** The configuration. */
export const CONFIG_FILE = "config.json";
/** Says why the board has restarted by itself; it is gone once the link was UP. */
export const RESTART_FILE = "link.restart";
