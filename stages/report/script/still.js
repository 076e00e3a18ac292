// What the used modules of d3 ask of d3-transition, d3-interpolate and d3-format: for numbers, without
// motion, and without texts, which the script writes in the page's language itself.
export const interrupt = () => {};
export const interpolateNumber = (a, b) => (a = +a, b = +b, (t) => a * (1 - t) + b * t);
export const interpolate = interpolateNumber;
export const interpolateRound = (a, b) => (t) => Math.round(+a * (1 - t) + +b * t);
export const piecewise = (blend, values) => (t) => {
  const i = Math.max(0, Math.min(values.length - 2, Math.floor(t * (values.length - 1))));
  return blend(values[i], values[i + 1])(t * (values.length - 1) - i);
};
const unused = () => { throw new Error("texts are written by the script"); };
export { unused as format, unused as formatPrefix, unused as formatSpecifier, unused as precisionFixed, unused as precisionPrefix, unused as precisionRound };
