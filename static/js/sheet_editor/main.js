// Entry of a sheet. Without this script the form works as it is.
import { start } from "./start.js";

start();
