// Adds comfort to pages that already work without scripts; each module has one job.
import { countCharacters } from "./charcount.js";
import { focusErrors } from "./error-focus.js";
import { walkMatrix } from "./matrix.js";
import { openers } from "./openers.js";
import { showPasswords } from "./password-show.js";
import { reorder } from "./reorder.js";
import { warnBeforeEnd } from "./session-bar.js";
import { submitOnce } from "./submit-once.js";

for (const start of [focusErrors, submitOnce, countCharacters, showPasswords, openers, walkMatrix, reorder, warnBeforeEnd]) start(document);
