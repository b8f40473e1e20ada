// The page on which a design is drawn; loaded by no other page.
import "./workshop/start.js";
