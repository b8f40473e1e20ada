// On every page: partial updates, keys, dialogs, the menu of a narrow screen, printing.
import htmx from "htmx.org";
import { setUpDialogs } from "./dialogs.js";
import { setUpKeys } from "./keys.js";
import { setUpLive } from "./live.js";
import { setUpPaper } from "./paper.js";
import { setUpPeople } from "./people.js";
import { setUpPlaces } from "./places.js";
import { setUpPicks } from "./picks.js";
import { bound } from "./ready.js";
import { setUpResult } from "./result.js";
import { setUpSpares } from "./spares.js";
import { setUpSplit } from "./split.js";
import { setUpTerms } from "./terms.js";
import { setUpTour } from "./tour.js";

// A refusal (4xx) is a page of its own: show it where the rows would have been only if it came from a filter.
htmx.config.history = "reload";

setUpDialogs();
setUpKeys();
setUpLive();
setUpPlaces();
setUpResult();
setUpPaper();
setUpPeople();
setUpPicks();
setUpSpares();
setUpSplit();
setUpTerms();
setUpTour();
bound();
