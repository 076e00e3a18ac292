// What of d3 the report's script uses. build.sh makes web/library.min.js of it.
export { bisectRight } from "d3-array";
export { brushX } from "d3-brush";
export { scaleLinear } from "d3-scale";
export { pointer, select } from "d3-selection";
