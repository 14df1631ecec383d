// Wardkeeper's only script. Pages work without it; with it they stay live, links and forms replace
// regions instead of pages, and tables can be used from the keyboard.
import { listen } from "./regions.js";
import { smooth } from "./smooth.js";
import { keys } from "./keys.js";
import { uploads } from "./upload.js";

document.documentElement.classList.add("scripted");
smooth();
keys();
uploads();
listen();
