/**
 * How well one straight line separates classes in a plane, and how much of a number's variance one plane explains:
 * fitted here and now, so that the words beside a picture say what is so, not what is hoped for.
 *
 * @typedef {{share: number, line: [number, number, number] | null}} Separation a + b·x + c·y = 0, in the picture's coordinates
 */

const NEWTON_STEPS = 12, NEWTON_RIDGE = 1e-3, ROWS_FITTED = 1000;

/** Solves a symmetric 3 × 3 system by elimination. @param {number[][]} A @param {number[]} b @returns {number[]} */
function solve3(A, b) {
  const rows = A.map((row, k) => [...row, b[k]]);
  for (let k = 0; k < 3; k++) {
    const pivot = rows.slice(k).sort((p, q) => Math.abs(q[k]) - Math.abs(p[k]))[0];
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(k, 0, pivot);
    for (let i = 0; i < 3; i++) {
      if (i === k) continue;
      const factor = rows[i][k] / (rows[k][k] || 1e-12);
      for (let j = k; j < 4; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  return rows.map((row, k) => row[3] / (row[k] || 1e-12));
}

/** @param {ArrayLike<number>} places pairs @returns {{rows: [number, number, number][], kept: number[], back: (w: number[]) => [number, number, number]}} */
function standardised(places) {
  const count = places.length / 2, step = Math.max(1, Math.ceil(count / ROWS_FITTED));
  const kept = /** @type {number[]} */ ([]);
  for (let k = 0; k < count; k += step) if (Number.isFinite(places[2 * k]) && Number.isFinite(places[2 * k + 1])) kept.push(k);
  const mean = [0, 1].map((axis) => kept.reduce((sum, k) => sum + places[2 * k + axis], 0) / (kept.length || 1));
  const deviation = [0, 1].map((axis) => Math.sqrt(kept.reduce((sum, k) => sum + (places[2 * k + axis] - mean[axis]) ** 2, 0) / (kept.length || 1)) || 1);
  const rows = kept.map((k) => /** @type {[number, number, number]} */ ([1, (places[2 * k] - mean[0]) / deviation[0], (places[2 * k + 1] - mean[1]) / deviation[1]]));
  const back = (/** @type {number[]} */ [a, b, c]) => /** @type {[number, number, number]} */ ([a - b * mean[0] / deviation[0] - c * mean[1] / deviation[1], b / deviation[0], c / deviation[1]]);
  return { rows, kept, back };
}

/** Weighted least squares with a touch of ridge. @param {[number, number, number][]} rows @param {number[]} targets @param {number[]} [weights] */
function leastSquares(rows, targets, weights) {
  const A = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? NEWTON_RIDGE * rows.length : 0))), b = [0, 0, 0];
  rows.forEach((row, k) => {
    const weight = weights?.[k] ?? 1;
    for (let i = 0; i < 3; i++) {
      b[i] += weight * row[i] * targets[k];
      for (let j = 0; j < 3; j++) A[i][j] += weight * row[i] * row[j];
    }
  });
  return solve3(A, b);
}

/** @param {number[]} w @param {number[]} row */
const scoreAt = (w, row) => w[0] + w[1] * row[1] + w[2] * row[2];

/** Logistic regression by Newton's method. @param {[number, number, number][]} rows @param {number[]} isOne 0 or 1 @returns {number[]} */
function logistic(rows, isOne) {
  let w = [0, 0, 0];
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const weights = [], targets = [];
    for (let k = 0; k < rows.length; k++) {
      const score = Math.min(Math.max(scoreAt(w, rows[k]), -12), 12), share = 1 / (1 + Math.exp(-score));
      const weight = Math.max(share * (1 - share), 1e-4);
      weights.push(weight);
      targets.push(score + (isOne[k] - share) / weight);
    }
    w = leastSquares(rows, targets, weights);
  }
  return w;
}

/** Share of the rows that straight lines put on the right side. @param {ArrayLike<number>} places @param {ArrayLike<number>} labels @param {number} classes @returns {Separation} */
export function separationByLine(places, labels, classes) {
  const { rows, kept, back } = standardised(places), truth = kept.map((k) => labels[k]);
  if (rows.length < 3) return { share: Number.NaN, line: null };
  if (classes === 2) {
    const w = logistic(rows, truth);
    const right = rows.filter((row, k) => Number(scoreAt(w, row) > 0) === truth[k]).length;
    return { share: right / rows.length, line: back(w) };
  }
  const fits = Array.from({ length: classes }, (_, c) => logistic(rows, truth.map((label) => Number(label === c))));
  const right = rows.filter((row, k) => {
    const scores = fits.map((w) => scoreAt(w, row));
    return scores.indexOf(Math.max(...scores)) === truth[k];
  }).length;
  return { share: right / rows.length, line: null };
}

/** R² of the best plane over these two coordinates. @param {ArrayLike<number>} places @param {ArrayLike<number>} values @returns {Separation} */
export function explainedByPlane(places, values) {
  const { rows, kept } = standardised(places), truth = kept.map((k) => values[k]);
  const mean = truth.reduce((sum, value) => sum + value, 0) / (truth.length || 1);
  const w = leastSquares(rows, truth);
  const left = rows.reduce((sum, row, k) => sum + (truth[k] - scoreAt(w, row)) ** 2, 0);
  const all = truth.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { share: all > 0 ? Math.max(0, 1 - left / all) : Number.NaN, line: null };
}
