// Adds comfort to pages that already work without scripts; each module has one job and starts itself.
import "./error-focus.js";
import "./submit-once.js";
import "./charcount.js";
import "./password-show.js";
import "./openers.js";
import "./matrix.js";
import "./reorder.js";
import "./session-bar.js";
import "./follow.js";
import "./print-line.js";
import "./f8.js";
import "./passkey.js";
