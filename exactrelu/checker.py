"""The proof checker of exactrelu: it trusts nobody, and it needs nothing but the Python standard library.

    python checker.py [--json] FILE...        ("-" is standard input; the file runs wherever it is copied to)

Exit status 0: all accepted. 1: some certificate is rejected, and the line says where and why. 2: some file is
malformed (no JSON, a missing or unknown key, a wrong shape, a bad number). This text is the specification of
``exactrelu.certificate/1``; the indented examples are complete but for the common keys, and the tests run
them.

Conventions
===========
A certificate is one JSON object with the common keys ``"format": "exactrelu.certificate/1"``, ``"kind"``,
``"problem"`` (a whole ``exactrelu.problem/1`` object; for the kind "chambers" an ``exactrelu.arrangement/1``
object) and ``"statement"`` (words for people: printed, *never trusted*), and the keys of its kind. No other
keys, no key twice. What is proved is proved of the problem that is embedded. Only the words of the output
before the brackets are the checker's own; in the brackets it repeats the statement. Limits: a number of more
than 200,000 characters, an exponent beyond 100,000 and a network of more than 10^6 weights are malformed;
polynomials of more than 500,000 terms, Hessians in more than 707 variables, more than 500,000 pieces, and chambers,
rays, pieces and projections of numbers with very many digits are not expanded, and the certificate is rejected.

*Numbers* are JSON integers, JSON decimals taken as written (0.1 is 1/10) or strings "3", "-2/7", "0.25",
"1e-3". *Points* of parameter space are objects of arrays {"W1": [[..]], "b1": [..], "W2": .., ..} as in a
problem file (w1, w2 flat for structured layers, no b where there is no bias). *Variables* are named W1_2_3
(row 2, column 3 of W1), w1_3, b1_2 and ordered layer by layer, weights before biases. A *polynomial* maps
monomials (names in that order separated by blanks, repeated for powers, "" for 1) to coefficients that are
not 0: {"": "1", "W1_1_1 W2_1_1": "-1/8"}.

*Loss*: factor * sum_i weight_i * l_i + weight_decay/2 * |all parameters|^2, with weight_i = 1/N ("mean", the
default), 1 ("sum") or as listed (for one-versus-all a row of weights, one for each class). One-versus-all may
have a "penalty" {"gamma", "replicas": R}: the weights and the biases of each hidden layer are cut into R
consecutive blocks of equal length, and gamma/(R-1) * |block_r - block_s|^2 is added for all r < s. The
activation is s(t) = s_plus max(t, 0) + s_minus min(t, 0). With output o and target y, l = |o - y|^2 for
"squared"; otherwise l is the sum of max(u, 0) over the *loss units* u: 1 - y o ("hinge"); 1 + o_r - o_y for
each class r other than y ("multiclass-hinge"); 1 - o_r for r = y and 1 + o_r for the other classes r
("one-vs-all-hinge").

*Units*: for each data point, layer by layer, the pre-activations z of the hidden units (and of the output
units, if "output_activation"), then the loss units. A *signature* gives their signs + - 0, data points
separated by ";", layers (the loss units are the last one) by ",". Positions count from 0 and skip the
separators. Given the signs of the units before it, a unit is a polynomial in the parameters: an activation of
sign + or - is multiplication by s_plus or s_minus. A unit *vanishes identically* if that polynomial is zero.
A *cell* is the set of all parameters with a given signature in which 0 stands only for units that vanish
identically; it is open, and the loss on it is one polynomial.

The examples speak of P: one ReLU neuron without bias on the line, data 1 and -1, targets 0 and 1, so that the
loss is (v max(w, 0) - 0)^2 + (v max(-w, 0) - 1)^2. The file would hold P whole in the place of "problem":

    {"format": "exactrelu.problem/1",
     "network": {"widths": [1, 1, 1], "activation": "relu", "bias": [false, false]},
     "loss": {"kind": "squared", "weights": "sum"}, "data": {"x": [["1"], ["-1"]], "y": ["0", "1"]}}

chambers: the chambers of the hyperplanes <normal, x> = offset
==============================================================
Each witness must have the signs of <normal, x> - offset that are listed, 0 only where normal and offset are
zero; the sign vectors must differ. If "complete", the length of the list must be the number of chambers,
which the checker counts by itself: count(A) = count(A without h) + count(A restricted to h). Problem of the
example: {"normals": [[1, 0], [0, 1]]}.

    {"kind": "chambers", "complete": true, "chambers": [
      {"signs": "++", "witness": ["1", "1"]}, {"signs": "+-", "witness": ["1", "-1"]},
      {"signs": "-+", "witness": ["-1", "1"]}, {"signs": "--", "witness": ["-1", "-1"]}]}

cells: cells of parameter space, of one layer, or of the input
==============================================================
"space" is {"kind": "parameters"}; {"kind": "layer", "layer": l, "at": point}, in which only layer l (from 1)
varies; or {"kind": "input", "at": point}, in which x varies: one data point, no loss units. Each witness (a
whole point, equal to "at" outside layer l; or {"x": [..]}) must have the signature that is listed; a 0 must
vanish identically in the variables of the space; signatures must differ. If "complete", there is a "proof",
by one of two rules.

*product* (whole parameter space, one hidden layer, squared loss, no output activation: all kinks are in layer
1). Layer 1 dense: each neuron sees the arrangement of the data points (with a last entry 1 if layer 1 has a
bias); its chambers are listed and counted as above; there are (number of chambers) ^ (number of neurons)
cells. Layer 1 structured: the chambers of all units of all data points (data point by data point) in the
space of the layer's weights and biases. "count" is the number of cells; "cells" may list some of them, all or
none.

    {"kind": "cells", "space": {"kind": "parameters"}, "complete": true,
     "cells": [{"signature": "+;-", "witness": {"W1": [["1"]], "W2": [["1"]]}}],
     "proof": {"rule": "product", "count": "2",
               "chambers": [{"signs": "+-", "witness": ["1"]}, {"signs": "-+", "witness": ["-1"]}]}}

*refinement*: all cells are listed. On a *sheet* every unit is affine in the free variables, given the signs
before it. Sheets:
- layer, input: one sheet, the space itself. Parameters of a network without hidden layer: one, likewise.
- parameters, all kinks in layer 1 (as for *product*): one sheet; layer 1 is free, nothing else matters.
- parameters, one dense hidden layer of K neurons, a dense output layer with one output: 2^K sheets. Dividing
  v_k and multiplying (w_k, b_k) by |v_k| > 0 changes no unit's sign, and v_k = 0 on no open set, so v_k may
  be taken +1 or -1. The sheets are v = +..+, .., -..- in the order of itertools.product("+-", repeat=K); all
  but v is free.
  For the multiclass hinge with two classes (no output activation) only the difference of the outputs matters:
  the weights and the bias of the first are taken 0, and v is the row of the second.
Other spaces have no complete proof. For each sheet a *tree*: visit the units layer by layer, in each layer data
point by data point, the loss units last. A unit that is constant has its sign (0 for zero). At any other the
tree branches, and the flat list has one entry for it, depth first, + before -: 1 if both sides are followed,
{"+": farkas} if + is empty and only - is followed, {"-": farkas}, or both keys. A *farkas* object {position:
multiplier > 0}, not empty, refutes the inequalities sign_j f_j > 0 of the branching units on the path (this one
with the sign of the empty side): sum_j multiplier_j sign_j f_j must be a constant <= 0. A path that has passed
all units is a cell, which must be listed.

    {"kind": "cells", "space": {"kind": "parameters"}, "complete": true,
     "cells": [{"signature": "+;-", "witness": {"W1": [["1"]], "W2": [["1"]]}},
               {"signature": "-;+", "witness": {"W1": [["-1"]], "W2": [["1"]]}}],
     "proof": {"rule": "refinement",
               "trees": [[1, {"+": {"0": "1", "1": "1"}}, {"-": {"0": "1", "1": "1"}}]]}}

empty-cell: no point has this signature
=======================================
For each sheet one farkas object, over all units of the signature whose sign is + or - (constant ones too).

    {"kind": "empty-cell", "space": {"kind": "parameters"}, "signature": "+;+",
     "farkas": [{"0": "1", "1": "1"}]}

forms: the loss on some cells of parameter space
================================================
All is recomputed. Hinge kinds, L hidden layers: "blocks" are phi_0 (monomials without a bias), phi_l (those
with one from b_l, 1 <= l <= L + 1) and phi_{L+2} (the constant); squared: r_i (r_i_j for several outputs),
output minus target, i and j from 1. With weight decay or a penalty also "decay", these two terms. A zero
block is {}. "multilinear": the loss without decay has degree <= 1 in each variable and, for hinge kinds, each
monomial of phi_l has just one variable of each of b_l, W_{l+1}, .., W_{L+1} (of phi_0: W_1, .., W_{L+1}).
"trace_zero": the Laplacian of the loss is 0. "flat": the loss is constant. "hessian": the inertia at the
witness. Optional, squared: "laplacian_sum_of_squares": whether Laplacian = sum_i 2 weight_i sum_j |grad
o_ij|^2 + weight_decay * (number of parameters) as polynomials.

    {"kind": "forms", "cells": [{"signature": "+;-", "witness": {"W1": [["1"]], "W2": [["1"]]},
      "blocks": {"r_1": {"W1_1_1 W2_1_1": "1"}, "r_2": {"": "-1"}}, "multilinear": false, "trace_zero": false,
      "flat": false, "hessian": {"positive": 1, "negative": 1, "zero": 0}, "laplacian_sum_of_squares": true}]}

point: what holds at one point
==============================
"loss" and "signature" are recomputed. The point is *smooth* if each unit of sign 0 vanishes identically, or
is an activation with s_plus = s_minus: then the loss is one polynomial near it. L(t) stands for the loss
along a curve, a polynomial in t for all small t > 0. "decisions" has entries {"answer": .., "rule": .., ..}
or {"answer": "undecided", "reason": words}:

differentiable   yes  smooth
                 yes  linear-derivative  see below
                 no   kink         "direction" d: the one-sided derivatives along d and -d do not add up to 0
clarke_critical  yes  zero-gradient      smooth, gradient 0
                 no   gradient           smooth, gradient not 0
                 yes  multipliers        "cells", see below, with the combination 0
                 no   least-norm         "cells" with the combination "direction" u, not 0; and by the "tree"
                                         <u, gradient> >= |u|^2 on all incident cells
                 no   separating-direction  "direction" u: by the "tree" <u, gradient> > 0 on all incident cells
local_minimum    yes  constant           smooth, the polynomial is constant
                 yes  sum-of-squares     smooth, squared, no decay: the cross term
                                         sum_ij weight_i r_ij(w*) (o_ij(w) - o_ij(w*)) is the zero polynomial
                                         in w, so L(w) - L(w*) = sum_ij weight_i (o_ij(w) - o_ij(w*))^2 >= 0
                 yes  positive-definite  smooth, gradient 0, positive definite Hessian
                 yes  zero-loss          the loss is 0
                 yes  dual-vectors       "tree", see below
                 yes  lagrangian         "translations" and "tree", see below
                 no   descent            "curve" [d_1, d_2, ..] is w + t d_1 + t^2 d_2 + .., at most 100 d_k;
                                         L(t) = L(0) + coefficient * t^order + higher, coefficient < 0; and
                                         "better" {"t", "loss"}: there, t > 0, L is exactly loss < L(0)
local_maximum    yes  constant           smooth, the polynomial is constant
                 no   ascent             likewise with coefficient > 0 and "worse" {"t", "loss"}, loss > L(0)
                 yes  cones              "neurons", see below
saddle           yes  neither            clarke_critical is yes, local_minimum and local_maximum are no
                 no   not-critical, minimum, maximum: clarke_critical is no, or one of the others is yes
strict, isolated yes  positive-definite  as above; the loss is greater at all other points near, and these are no minima
                 yes  lagrangian         "tree" of multipliers, T is 0: the loss is greater at all other points near; on
                                         a curve of minima it would be constant
                 no   no-minimum         local_minimum is no
                 no   rescaling          "layer" l <= L, no decay: r (W_l, b_l) and W_(l+1) / r give the same loss for
                                         all r > 0; where all these are 0, any W_l does
                 no   constant-line      "direction" d, not 0: the loss is constant along d and -d, near the point;
                                         for isolated also: local_minimum is yes
                 no   constant-ray       likewise, along d
global_minimum   yes  zero-loss          the loss is 0
                 yes  bounding-tree      "tree" as in certificates of the kind minimum, "lower" the loss
                 no   better-point       "point" and its "loss", which is smaller
kind             "flat"  constant        local_minimum is yes; smooth, the polynomial is constant
                 "sharp" not-constant    local_minimum is yes; smooth, the polynomial is not constant
                 "flat"  constant-cell   local_minimum is yes; "curve" into an incident cell of constant loss
                 "sharp" incident-cells  local_minimum is yes; by the "tree" the loss is constant on no incident cell
                 null    none            local_minimum is no

"at" may name the point in problem.points that it is; "spurious": true claims local_minimum yes and
global_minimum no; "constant_along" lists directions as for constant-line.

*dual-vectors*, *cones* and *linear-derivative* are for one dense hidden layer, or none, no output activation, no
decay, and each neuron feeding one output (with two classes under the multiclass hinge only the difference of the
outputs counts: it is the output, number 1, and the weights and the bias of output 0 do not move). Neurons, data
points and items count from 0. An *item* is a summand l(o) of the loss at a data point x, convex in one output o
(squared: one for each output; hinge: one for each loss unit), in the order of the data points; low_j <= high_j are
its one-sided derivatives, weight included. Neuron k with weights w (x has a last entry 1 if it has a bias) and
output weight v moves R = |v| w by d: freely if v != 0 or w = 0; if v = 0 and w != 0 it is *thin*: v = s t with t >= 0
and w moves by d / t, where d is small against t. While v has the sign s ("+" or "-"; if v = 0, both are to be looked
at), this changes the output of item j by D_j = s * slope * <x_j, d>, where the slope of the activation is that of the
sign of <w, x_j>, or of <x_j, d> if <w, x_j> = 0; for a thin neuron by s t h(<w, x_j>) more. A function of d that is
linear for <x_j, d> > 0 and for < 0 is a *fold* on x_j.

A *cone* proof shows that a sum of folds is >= 0 for all d (that have the sides chosen). {"split": j, "+": proof,
"-": proof} chooses the side <x_j, d> >= 0, and <= 0. At the end {"multipliers": {j: m_j}}: for j in the sides m_j >= 0
(default 0); for the others left slope <= m_j <= right slope (default: the slope, if they are equal); and the sum of
m_j x_j over the others and of (slope_j - side_j m_j) x_j over the sides is 0. Or {"empty": {j: m_j}}, m_j >= 0 for j in
the sides, not all 0, with sum_j side_j m_j x_j = 0: the sides have no interior.

The "tree" of dual-vectors: {"sign": k, "+": tree, "-": tree} is about the sign of an output weight that is 0,
{"split": [k, j], "+": tree, "-": tree} about the side of <x_j, d> for neuron k. A leaf {"dual": [g_1, ..],
"neurons": [{sign: proof}, ..]} has low_j <= g_j <= high_j for all items; sum_j g_j D_j = 0 along each parameter in
which all outputs are linear (output biases; without hidden layer, all); and for each neuron and each sign left a
cone proof that sum_j g_j D_j >= 0. For thin neurons, moreover, s sum_j g_j h(<w, x_j>) >= 0; where it is > 0, the
proof may be null. So the loss, which is convex in these moves, does not fall along any of them.

The "neurons" of cones have for each sign {"cone": proof} that sum_j -max(low_j D_j, high_j D_j) is >= 0; with the
squared loss {"cone", "margin"} that sum_j (-low_j D_j - margin |D_j|) is, margin > 0. Thin neurons (no margin):
D_j = 0 for all items with low_j < high_j (squared: for all), and sum_j low_j h(<w, x_j>) = 0. Along linear parameters
the loss must not rise either way. The loss is convex on the cones that these moves generate, so it does not rise near
the point.

*linear-derivative*: L'(d) = sum_j max(low_j D_j, high_j D_j) is linear, where d now changes all parameters. If low_j <
high_j, D_j contains no output weight and no linear parameter, and is of one sign, or is one fold; and for each
neuron the jumps of slope of all folds on parallel x_j cancel. Folds on other x are linearly independent.

*lagrangian* is for all networks. A unit is *off* near the point if it has the sign - and that slope is 0 (for a loss
unit: if it has the sign -), or if it only feeds units that are off. Polynomials are in the displacement d from the
point. A *kink* is a unit of sign 0 that is not off and not zero up to degree 2, s_plus != s_minus. The tree branches,
{"+": tree, "-": tree}, at each hidden kink, layer by layer, in each layer data point by data point: + and - give the
unit the side tau = 1, -1, and its slope. It may end with {"empty": farkas} about the kinks of layer 1 on the path:
these sides leave no interior. When all have a side, let A_u be the hidden kinks, D_j the loss units that are kinks,
w_j their weights, P the loss without these. It ends with {"multipliers": m} or {"cross-term": m}, where m is {position:
m_j} (default 0), all >= 0, for loss units m_j <= w_j. Then l = P + sum_j m_j D_j - sum_u m_u tau_u A_u exceeds the loss
nowhere where tau_u A_u >= 0. Its gradient must be 0. A_u with m_u > 0, D_j with 0 < m_j < w_j are *tight*.
- cross-term: replace each square w r^2 (of a residual, of decay) in l by 2 w r(0) r. The result must be constant where
  the tight units are 0: these are solved, in order, for the first variable that is there in one term only, which is
  linear, if there is one, and its value is put into those that follow and into the result. Moreover hidden units of
  sign 0 without a side are off, or identically 0.
- multipliers: the part q of degree 2 of l is positive for all d for which the linear parts of the tight units are 0,
  apart from those in T, which must be among them, with q(d) = 0. T is spanned by the directions of curves of equal loss
  through all points near. With weight decay or a penalty there are none; else for each hidden layer a rescaling of each
  unit against what it feeds (w, b, v move by w, b, -v), or, if the layer or the next is structured, of the whole layer;
  if both are dense, the weights and bias of b are added to those of a, and what a feeds is taken from what b feeds,
  where a and b have the same slope at each data point (at which not all of the next layer is off) and none is a kink of
  s_plus != s_minus; or 1 is added to the bias of a and slope * what a feeds is taken from the biases, if a has one
  slope at all these. And each of the "translations" d: for each data point and layer, the units that are not off (of an
  output layer without activation: the loss units or residuals) as functions of the layer's parameters do not change
  along d; in layer 1 with the inputs as they are, above for all values of the units below that are not off.

*Incident cells* are those whose closure contains the point. A "curve" (as for descent) that lies in a cell for all
small t > 0 shows that it is incident. The Clarke subdifferential is the convex hull of the gradients at the point of
the polynomials of the incident cells; "cells" [{"curve", "multiplier"}], with multipliers > 0 of sum 1, stand for a
convex combination of them. "incident": {"cells": [{"signature", "curve"}]} lists some, with a "tree" all of them.

A unit is *open* if it is 0 at the point, but not identically near it. A "tree" is about all incident cells. {"split":
position, "+": tree, "-": tree} is about the sign of an open unit of layer 1 or of the loss. At a leaf {} the claim
must follow from the signs chosen. A leaf {"empty": {position: multiplier > 0}}, not empty, refutes them; all the
positions have a chosen sign. If all are in layer 1, sum_j multiplier_j sign_j unit_j is the zero polynomial. Otherwise
the terms are those of dual-vectors (decay may be there), and the open units of the neurons that feed these loss units,
at the same data points, have signs. Then the sum is a linear function of the moves d of the neurons and of the linear
parameters; these must not occur in it, and for each neuron and each sign of v its coefficients c of d must be 0, or
v = 0 and <c, w> < 0: the sum is not positive near the point. {"sign": k, "+": tree, "-": tree} is about the sign of
v = 0 of neuron k.

A unit that is still open has the slope s_minus + e (s_plus - s_minus) with its own 0 <= e <= 1, and a polynomial in
all e is at least its constant term plus its negative coefficients. At a leaf of least-norm and separating-direction
<u, gradient> is bounded so, data point by data point; an open loss unit adds the smaller of 0 and its own bound. At a
leaf of incident-cells a coefficient of the loss, or of a residual if it is squared, is bounded away from 0, or there
is decay. At a leaf of "incident" no unit is open, and the cell is listed.

    {"kind": "point", "point": {"W1": [["0"]], "W2": [["1"]]}, "loss": "1", "signature": "0;0",
     "incident": {"cells": [{"signature": "+;-", "curve": [{"W1": [["1"]], "W2": [["0"]]}]},
                            {"signature": "-;+", "curve": [{"W1": [["-1"]], "W2": [["0"]]}]}],
                  "tree": {"split": 0, "+": {"split": 1, "+": {"empty": {"0": "1", "1": "1"}}, "-": {}},
                                       "-": {"split": 1, "+": {}, "-": {"empty": {"0": "1", "1": "1"}}}}},
     "decisions": {"clarke_critical": {"answer": "yes", "rule": "multipliers", "cells": [
       {"curve": [{"W1": [["1"]], "W2": [["0"]]}], "multiplier": "1"}]}}}

    {"kind": "point", "point": {"W1": [["1"]], "W2": [["0"]]}, "loss": "1", "signature": "+;-",
     "spurious": true,
     "decisions": {"differentiable": {"answer": "yes", "rule": "smooth"},
       "local_minimum": {"answer": "yes", "rule": "sum-of-squares"},
       "local_maximum": {"answer": "no", "rule": "ascent", "curve": [{"W1": [["0"]], "W2": [["1"]]}],
                         "order": 2, "coefficient": "1", "worse": {"t": "1", "loss": "2"}},
       "global_minimum": {"answer": "no", "rule": "better-point",
                          "point": {"W1": [["-1"]], "W2": [["1"]]}, "loss": "0"}}}

data: a property of the data alone, for hinge kinds
===================================================
The loss unit u of data point i is 1 + sum_r c_r o_r, its weight w_iu. Property, answer, and the keys of "witness":

separable            yes  map          rows (q_r, beta_r): with o_r = <q_r, x_i> + beta_r all units are <= 0
                     no   multipliers  m_iu >= 0, not all 0: sum_iu m_iu c_r (x_i, 1) = 0 for every r
equal-class-weights  yes, no           whether sum_iu w_iu c_r = 0 for every r
rare                 yes  lambda, epsilon  lambda_i a product of L slopes, L the number of hidden layers; epsilon_iu
                                       0 or 1, not all 0: sum_iu lambda_i w_iu epsilon_iu c_r (x_i, 1) = 0 for every r
                     no                no such lambda and epsilon; all are tried, if s_minus > 0 and they are few
rare-as-printed      yes               as rare, each row of epsilon with one more entry, which is in no equation

Problem of the example: P with the loss {"kind": "hinge"} and the targets 1 and -1.

    {"kind": "data", "property": "separable", "answer": "yes", "witness": {"map": [["1", "0"]]}}

minimum: the least loss of a network with one hidden layer
==========================================================
For dense layers, one output, hinge or squared loss, no output activation. "upper" is the loss at "point"; nothing is
less than "lower"; if they are equal, it is the global minimum. A neuron adds s h(<R, x>) to the output, R = |v| (w,
b), s the sign of v. In a chamber of the data points (with a last entry 1 if layer 1 has biases) this is linear in R,
and the chamber is the cone generated by its *rays*: the lines, both ways, in which hyperplanes meet, in as many
independent coordinates as the rank. The checker computes all rays. The "tree" divides the networks by the *states* of
their neurons: (how many, sign of v or 0, sides of data points), at first [(K, 0, {})]. A node {"state": k, "children":
[..]} splits state k by the sign of v, {"state": k, "point": i, "children": [..]} by the side of data point i (from 0);
child m is for m neurons with + and the others with -, which take the place of state k in this order (without those of
no neurons). A leaf {"dual": g} has g_i = -y_i theta_i, 0 <= theta_i <= weight_i (hinge), or is any vector (squared);
sum_i g_i = 0 if layer 2 has a bias; sum_i g_i s h(<ray, x_i>) >= 0 for all rays and signs that some state allows. Then
no loss of these networks is less than sum_i theta_i, or sum_i -(g_i^2 / (4 weight_i) + g_i y_i), which must be >=
"lower" (weights with the factor). The sides are closed, and neurons in one state are interchangeable. (Weight decay
counts in "upper" only: without it the loss is smaller.)

    {"kind": "minimum", "point": {"W1": [["-1"]], "W2": [["1"]]}, "upper": "0", "lower": "0",
     "tree": {"dual": ["0", "0"]}}

atlas: all local minima of a network with one hidden layer
==========================================================
For the networks of "minimum", without decay. "chambers" lists all chambers of the data points (with a last entry 1 if
layer 1 has biases), as for *product*; "rays" all their rays, as above. Chamber c with v > 0 has the number 2 c, with
v < 0 it has 2 c + 1. A *piece* is a sorted list of such numbers, one for each of m neurons: their R are in these
closed chambers, and there are no others. Column 2 r (2 r + 1) is what ray r adds to the outputs with v > 0 (v < 0); a
neuron *owns* those of the rays in its chamber. "levels" has for m = 0, 1, .., K all pieces in the order of
itertools.combinations_with_replacement, each null (if not "complete") or with a "dual" g as in "minimum", for the
columns that are owned, and an optimum: "weights" {column: y > 0}, "bias", each weight in equal parts for the neurons
that own the column. Its loss must be the bound of g; so it is the least loss on the piece.

A local minimum with v_k != 0 for all k is a point whose loss is the least on all pieces that contain it: on each the
loss is convex in R, and they fill a neighbourhood. So no optimum of a piece P is a local minimum if they all lie in a
piece P' ("inside", neuron by neuron, the same signs of v) with a smaller least loss; if it is equal, they are among
those of P', which must not have "inside" itself. The proof is a vector f (hinge: "dual"; squared: "face", by default
"dual") with f . column >= 0 for all columns that are owned, > 0 for those not owned by the neuron in P', sum_i f_i = 0
if layer 2 has a bias, and, squared, f . o = 0 at the outputs o of the optimum: no optimum uses them. For the other
pieces, all pieces around the optimum given (those with closed chambers that contain its R) must have the same least
loss; then all optima of P that are in no lower piece are local minima.

K - m neurons have v = 0 and w in open chambers, the others are at optima of a piece P of level m without "inside" (on
walls w will do if those near it do). If all pieces P' around, with these chambers and any signs added, have the least
loss of P, these w are *harmless*: all are local minima. Squared: no others are, since g is unique. Hinge: the dual of
such P must be > 0 on the columns that the optimum does not use, so that it is in the relative interior. With v_j = 0
and w_j frozen the loss is convex on each P', times a line for each v_j: there is a local minimum iff for all w' near
w, and all P', some g that proves the least loss of P on P' has <g, h(w'_j)> = 0 for all j. "thin" has for P and a
sorted list of "chambers" (one, or K - m of them) that are not harmless one of
- "w" in the open chambers, that will do, with "duals" [{"piece": P', "signs", "dual"}] for all P' around and signs s
  of the v for which P' with s and the chambers has a smaller least loss: g proves the least loss of P on P', and for
  each j s_j <g, h(w_j)> > 0, or, with several chambers, s_j <g, h(ray)> >= 0 for all rays of the chamber;
- "refuted", one chamber only, a tree. {"split": u, "+": tree, "-": tree} divides the w by the sign of <u, w>; a leaf
  {"piece": P', "sign": s, "points"} has such P' and s, and for each "ray" of this part of the chamber the "weights"
  of columns of P', the "bias" and "t" > 0 of a point with R = t ray whose loss is not greater; the loss is convex, so
  it falls near all w of this part;
- "signs", a tree over the g that prove the least loss of P on P; w with <g, h(w_j)> = 0 for all j and one of these g
  fill no open set. {"ray": r, "+": tree, "-": tree, "0": tree} divides the g by the sign of <g, column 2r>. They are
  orthogonal to the columns that the optimum of P uses, to the constants, given an output bias, and to rays with 0.
  {"neurons": [j, ..], "w", "0": tree}: for these neurons (positions in "chambers"), with these w, the h(w_j) and what
  g is orthogonal to span all that these chambers can add; so they do for almost all w: only g with 0 at all rays of
  these chambers matter. Leaves: {"neuron": j}, where the rays of the chamber have the sign +, or -, or some of them 0
  (not all): no w_j in it has <g, h(w_j)> = 0. {"rare": true}: the dimension of the g, with what they are orthogonal
  to, and with g_i known where the margin is not 1, is less than the number of neurons in whose chamber some ray has +
  or -. It may have a "farkas" as follows, whose largest value is 0: then the g have the product 0 with columns with m
  > 0, and g_i is known where the value changes with it. {"farkas": {"loss": c, "bias": d, "columns": {j: m}, "rays":
  {r: m}}}, m >= 0 for columns, which are owned, and rays with +, m <= 0 for rays with -: no such g, since the largest
  value of sum_j m <g, column j> + sum_r m <g, column 2r> + d sum_i g_i + c (sum_i |g_i| - the loss) for 0 <= -y_i g_i
  <= weight_i is < 0, or 0 with m not 0 for a ray with + or -.
If "complete", of the chambers of all choices one is refuted (so), or they are together, or these w will do, or they
are harmless.

"sets" lists the local minima found so, all if "complete": "piece", the choices "thin" (sorted lists of chambers, []
if m = K), "value", and a "witness" whose first neurons are in the piece, and the others have v = 0 and w in the first
choice; "decisions" on it, as for the kind "point": local_minimum is "yes", and "kind", "flat" or "sharp". "minimum"
is the least loss of all pieces of K neurons, the global minimum, and a set is "spurious" if its value is greater;
null if not "complete". "dimension" is that of all optima of the piece, as a polyhedron of R and the output bias: f as
above ("face", hinge: "dual") is > 0 on all columns that are owned and have no weight, 0 on the others (hinge:
moreover, strictly between 0 and -y_i weight_i where the margin y_i o_i is 1), so that the optimum is in the relative
interior; the optima around it differ by multiples of the rays with weight, and of the bias, and of what all data
points are 0 on, that leave the outputs (hinge: those with margin 1) as they are.

    {"kind": "atlas", "complete": true, "rays": [[1], [-1]],
     "chambers": [{"signs": "+-", "witness": ["1"]}, {"signs": "-+", "witness": ["-1"]}],
     "levels": [[{"dual": ["0", "-2"], "weights": {}, "bias": "0"}],
                [{"dual": ["0", "-2"], "weights": {}, "bias": "0", "inside": [2], "face": ["1", "-2"]},
                 {"dual": ["0", "-2"], "weights": {}, "bias": "0", "face": ["-1", "0"]},
                 {"dual": ["0", "0"], "weights": {"2": "1"}, "bias": "0"},
                 {"dual": ["0", "-2"], "weights": {}, "bias": "0", "inside": [1]}]],
     "thin": [], "minimum": "0", "sets": [
       {"piece": [2], "thin": [], "dimension": 0, "value": "0", "spurious": false, "kind": "sharp",
        "decisions": {"local_minimum": {"answer": "yes", "rule": "zero-loss"},
                      "kind": {"answer": "sharp", "rule": "not-constant"}},
        "witness": {"W1": [["-1"]], "W2": [["1"]]}},
       {"piece": [1], "thin": [], "dimension": 0, "value": "1", "spurious": true, "kind": "sharp",
        "decisions": {"local_minimum": {"answer": "yes", "rule": "dual-vectors", "tree":
                        {"dual": ["0", "-2"], "neurons": [{"-": {"multipliers": {"1": "0"}}}]}},
                      "kind": {"answer": "sharp", "rule": "incident-cells", "tree":
                        {"split": 0, "+": {}, "-": {"split": 1, "+": {}, "-": {"empty": {"0": "1", "1": "1"}}}}}},
        "witness": {"W1": [["0"]], "W2": [["-1"]]}},
       {"piece": [], "thin": [[0]], "dimension": 0, "value": "1", "spurious": true, "kind": "sharp",
        "decisions": {"local_minimum": {"answer": "yes", "rule": "sum-of-squares"},
                      "kind": {"answer": "sharp", "rule": "not-constant"}},
        "witness": {"W1": [["1"]], "W2": [["0"]]}}]}

critical-sets: all Clarke critical points of a network with one hidden layer
=============================================================================
For the networks of "minimum", squared loss, without decay; "chambers" and "rays" as for "atlas". A *face* is the set of
all (w, b) with some signs at the data points. The faces are the relative interiors of the intersections of two closed
chambers (one that contains the face, and its reflection through the face), so the checker finds all of them; face and
chambers are generated by the rays in them, modulo what is orthogonal to all data points. It is written "(+0-)", and
"+(+0-)" with the sign of v before it. A neuron is *active* if v != 0. Let g be the derivatives of the loss by the
outputs o. The loss has no kink of its own, so Clarke's subdifferential is a product, and a point is critical iff
- sum_i g_i = 0, if layer 2 has a bias;
- for each active neuron 0 is in the convex hull of the forms sum_i g_i slope_i x_i of the chambers around its face;
- for each other neuron sum_i g_i h(<w, x_i>) = 0.
The second condition makes g orthogonal to what the span of the face adds to o. Hence o is the weighted projection of
the targets on the sum V of these spaces and the constants, and g is known from the *set* of faces of active neurons.

"hulls" has for such g, "gradient", and a "face" either "multipliers" {chamber: m >= 0} of sum 1 of forms with sum 0, or
a "normal" u with <u, form> > 0 for all. "empty" has lists of different signed faces, "support", with a "vector" f that
shows that no R = |v| (w, b) in these faces have the outputs o: s <f, h(ray)> >= 0 for all rays of a face with the sign
s, sum_i f_i = 0 if there is a bias, and <f, o> < 0, or <f, o> = 0 and one of the others is > 0.

"sets" lists sets of critical points, by the signed faces of the "active" neurons and the faces of the "inactive" ones,
in any order: those R in these faces that have the outputs o, and those w in these faces with sum_i g_i h(<w, x_i>) = 0
(there are some iff this is 0 for all rays of the face, or > 0 and < 0 for some). The neurons of the "witness" are in
that order. "value" is the loss; "dimension" that of the set in the R and the output bias, the sum of those of the faces
+ 1 with a bias - dim V; "parameter_dimension" that in all parameters. All points of a set are local minima iff s <g,
h(ray)> >= 0 for all rays of chambers around the faces, s the sign of v, both signs where v = 0. All are local maxima
iff there is no bias, and for all these rays h(ray) = 0 or, where v != 0, s <g, h(ray)> < 0: so "local_minimum" and
"local_maximum". If "complete", each set of at most K faces is refuted by "hulls", or all that belongs to it, with all
signs, is in "empty" or in "sets".

    {"kind": "critical-sets", "complete": true, "rays": [[1], [-1]],
     "chambers": [{"signs": "+-", "witness": ["1"]}, {"signs": "-+", "witness": ["-1"]}],
     "hulls": [{"gradient": ["0", "-2"], "face": "00", "multipliers": {"0": "1"}},
               {"gradient": ["0", "-2"], "face": "+-", "multipliers": {"0": "1"}},
               {"gradient": ["0", "0"], "face": "-+", "multipliers": {"1": "1"}}],
     "empty": [{"support": ["+(+-)"], "vector": ["1", "0"]}, {"support": ["-(+-)"], "vector": ["-1", "0"]},
               {"support": ["-(-+)"], "vector": ["0", "-1"]}],
     "sets": [{"active": ["+(-+)"], "inactive": [], "value": "0", "dimension": 0, "parameter_dimension": 1,
               "local_minimum": true, "local_maximum": false, "witness": {"W1": [["-1"]], "W2": [["1"]]}},
              {"active": ["+(00)"], "inactive": [], "value": "1", "dimension": 0, "parameter_dimension": 1,
               "local_minimum": false, "local_maximum": false, "witness": {"W1": [["0"]], "W2": [["1"]]}},
              {"active": ["-(00)"], "inactive": [], "value": "1", "dimension": 0, "parameter_dimension": 1,
               "local_minimum": true, "local_maximum": false, "witness": {"W1": [["0"]], "W2": [["-1"]]}},
              {"active": [], "inactive": ["(00)"], "value": "1", "dimension": 0, "parameter_dimension": 0,
               "local_minimum": false, "local_maximum": false, "witness": {"W1": [["0"]], "W2": [["0"]]}},
              {"active": [], "inactive": ["(+-)"], "value": "1", "dimension": 0, "parameter_dimension": 1,
               "local_minimum": true, "local_maximum": false, "witness": {"W1": [["1"]], "W2": [["0"]]}}]}

critical-strata: the Clarke critical points of a network with one hidden layer, hinge loss
==========================================================================================
For the networks of "minimum", hinge loss, without decay; "chambers", "rays", faces and signed faces as for the kind
"critical-sets". "units" are the signs of 1 - y_i o_i. A *stratum* is given by the signed faces of the "active"
neurons, v != 0, the faces of the "inactive" ones, and units. In R and the output bias the loss is linear on chambers
cut by the units, so without inactive neurons all points of a stratum look alike: its witness decides whether they are
critical, local minima, local maxima. At a critical point some g, a convex combination of the derivatives of the loss
by the outputs, is orthogonal to what the spans of the faces of active neurons add to these, and to 1 if there is a
bias: to a space V. Let v = 0 and w be in the face G, and let each h(w), w in G, agree with some u(w) in V at the data
points whose unit is 0. The derivative by v is <g, h(w)> = phi(w), phi(w) the sum of g_i (h(w) - u(w))_i over the other
data points: there g_i is known, and phi(w) = 0 is needed. All w in G with phi(w) = 0 are alike: if changes by r
and c of R and the output bias add u(w) to the outputs, then near by the loss, as a function of R + v r, the bias + v c,
v, and the change of w, is the same for all of them. So are the w in a face with one ray (they can be rescaled). If the
least loss on V is 0, all w will do. Other G are *wide*: a stratum with a neuron in such a face is divided into "parts".

Let I be the data points whose unit is 0; reduce what is added to the outputs, a, by vectors of V to 0 at the pivots
of V in I (in the echelon form, in the order of the data points). Let all that neurons can add be, in I and so
reduced, multiples t e of one vector e, whose first entry that is not 0, at p, is 1 (so it is if p is the only one in
I that is no pivot). Then <g, a> = rho(a) + gamma t(a) for g orthogonal to V, where gamma = <g, e>, t(a) is the
reduced entry at p, rho(a) the sum of g_i times the reduced entry off I. Moves in V and of a neuron in a wide face
change the units of I in all ways, so all chambers around the faces and all signs of these units occur together near
the point. "ranges" has, for "faces" and "units", the "low" and the "high" end of the gamma for which a convex
combination of the derivatives by the active neurons, and by the bias, is 0: "cells", with a choice of "chambers"
around the faces (in their order), its "weight" > 0, these of sum 1, and the mean "gradient" by the outputs over the
signs of the units, have this mean and the gamma "value"; and with "normals" u, one for each face, and "bias" beta (0
if there is none), for all choices of chambers c, and all g between the derivatives, s (<g, e> - value) <= sum_i g_i
(beta + sum_k slope(c_k)_i <u_k, x_i>), s = 1 for high, -1 for low. Or "empty" has normals and a bias for which that
sum is > 0 for all. A point is critical iff some gamma in the range has rho + gamma t = 0 for all h(w_j) of neurons
with v_j = 0. Near it, the loss is convex in moves within chambers c, the bias, and v, with any frozen w' near w: it
is nowhere less iff some gamma' with 0 <= -y_i g_i <= weight_i in I, and s_k <g, h(ray)> >= 0 for the rays of the
chambers (s_k the sign of v_k), has rho + gamma' t = 0 for all h(w'_j). The ends of the gamma' of g orthogonal to V
with the first condition are the "low" and "high" of "box": a "gradient" g with this "value", and a vector y of V, by
its "rays" {ray of the faces: weight} and its "bias", with s <g, e> - s value <= <g, y> for all g between the
derivatives. *Marks* are the ends of the range and, between these, those of the gamma' that are good for all c. So all
points of a part are local minima if one is: its text has the sign of t for each neuron with v = 0 and, if one of them
is not 0, "at m" or "in (m, n)", where gamma is: at a mark, or between two. None is a local maximum, as v and -v add
up to more than nothing at the units of I.

If neurons can add more, the active neurons are in open chambers, just one neuron is in a wide face, and phi is
defined on the chambers around the faces of the others with v = 0, then the loss near by, with w' frozen, is convex in
all moves: the point is critical iff <g, h(w)> = 0 for some g in the polytope of the g orthogonal to V with 0 <= -y_i
g_i <= weight_i in I. Its part is the text of the signs of <g, h(w)> at the vertices g of this polytope, in the order
of these as lists of numbers: it is critical iff there is a 0, or a + and a -.

In the other strata with wide faces the part "some" consists of all critical points. Their condition is bilinear. A
*mean gradient* g is sum_c m_c g_c with m_c >= 0, sum_c m_c = 1, for the choices c of chambers around the faces of
active neurons, where the derivatives g_c are as in I, and in the mean those by the active neurons, sum_c m_c sum_i
(g_c)_i slope(c_k)_i x_i, and by the bias are 0. At a critical point <g, h(w_j)> = 0 for some mean gradient g and all
neurons with v_j = 0. (That suffices if all rays of the chambers around the faces of active neurons add, in I, vectors
of V, as if these faces are open chambers.) So there is none with neurons in some faces, whatever the others are, if no
mean gradient is 0 at some h(w) for each: "refuted" has, for "faces" of active neurons, "units", and "inactive" faces,
a "tree". Its nodes have a "ray", and a tree for each sign of <g, h(ray)>. A leaf {"face": F} says that the signs at
all rays of F are + or 0, or all - or 0, and not all 0. Other leaves have "rays" {ray: y}, "normals" u, and a "bias"
beta as above with sum_i g_i (sum_r y_r h(ray_r)_i - beta - sum_k slope(c_k)_i <u_k, x_i>) <= 0 for all c and all g
between the derivatives, where y_r >= 0 if its sign is +, <= 0 if it is -, and < 0, or some y_r of a sign + or - not 0.

Of the cells, chambers c and signs of the units, some do not occur near points with v = 0 and w in a cone P in the face.
One with v of the sign t does not if f, with f_i >= 0 in I, 0 else, and mu_i = -y_i sign_i f_i, not all 0, have <mu, h>
= 0 for the rays of the faces of active neurons, sum_i mu_i = 0 if there is a bias, s_k <mu, h> <= 0 for the rays of
the chambers c_k, and t <mu, h> <= 0 either for all rays of the chambers around the face of w, or for all rays of P, and
< 0 for one. "barren" has, for "active" neurons, "units", and the face "inactive" of the only neuron with v = 0, a
"tree" that proves that no w in this face is critical. Its nodes {"split": mu} have a tree for each sign of <mu, h(w)>.
A leaf has "excluded" cells, "chambers" and "units", with the "farkas" f for v > 0, "+", and v < 0, "-", and a "sign"
that <g, h(w)> has for all w, and all mean gradients g of the other cells, as "duals" show, "normals" and a "bias" as
above: the first for the sum of the h(ray) of the rays of P, where the bound is < 0, the others for these rays, in the
order of their products with the data, which are relatively prime integers, where it is <= 0. Or "empty" has normals
and a bias that show that there are no such g.

"strata" has for such a stratum ("part" is "") or part a "witness", with its neurons in the order given, "value", the
loss, "dimension" and "parameter_dimension" as for "critical-sets" (less the rank, at the data points whose unit is 0,
of what the faces of the active neurons and the bias add to the outputs), and "decisions" on the witness as for the kind
"point": clarke_critical; if that is "yes", also local_minimum and local_maximum. All are "yes" or "no", and critical
in a part. For the part "some" there is clarke_critical alone, and no "parameter_dimension".

As g is orthogonal to V, o minimises the loss on V. "spaces" has for sets of "faces" "theta", 0 <= theta_i <= weight_i,
with (-y_i theta_i) orthogonal to V, and a point of V by the "weights" {ray: number} and the "bias" with the loss sum_i
theta_i. Then the unit is + or 0 where theta_i = weight_i, - or 0 where theta_i = 0, and 0 elsewhere. "trees" has for a
"support" of different signed faces a "tree" on the units in their order: a list with a tree for each sign, in this
order; null when all have signs, or {"farkas": f} where these units are impossible for R in the faces: f_i <= 0 where
the unit is, or may be, +, f_i >= 0 where it is or may be -; for all rays of a face with the sign s, s sum_i f_i y_i
h(ray)_i <= 0; sum_i f_i y_i = 0 if there is a bias; sum_i f_i >= 0; and one of these is strict, or f_i is not 0 for
some unit that is + or -. If "complete", there is a tree for each support of at most K faces; all strata with units
that it leaves are in "strata", or the critical parts of those that are divided, and "some" where nothing is refuted
or barren.

Problem of the example: P with the loss {"kind": "hinge"} and the one data point 1 with the target 1.

    {"kind": "critical-strata", "complete": false, "rays": [[1], [-1]],
     "chambers": [{"signs": "+", "witness": ["1"]}, {"signs": "-", "witness": ["-1"]}],
     "spaces": [{"faces": ["+"], "theta": ["0"], "weights": {"0": "1"}, "bias": "0"},
                {"faces": ["-"], "theta": ["1"], "weights": {}, "bias": "0"}],
     "trees": [{"support": ["-(+)"], "tree": {"farkas": ["1"]}},
               {"support": ["+(-)"], "tree": [null, {"farkas": ["1"]}]}],
     "ranges": [], "refuted": [], "barren": [],
     "strata": [{"active": ["+(+)"], "inactive": [], "units": "0", "part": "", "value": "0", "dimension": 0,
                 "parameter_dimension": 1, "witness": {"W1": [["1"]], "W2": [["1"]]},
                 "decisions": {"clarke_critical": {"answer": "yes", "rule": "multipliers", "cells": [
                                 {"curve": [{"W1": [["1"]], "W2": [["0"]]}], "multiplier": "1"}]},
                               "local_minimum": {"answer": "yes", "rule": "zero-loss"},
                               "local_maximum": {"answer": "no", "rule": "ascent", "order": 1, "coefficient": "1",
                                 "curve": [{"W1": [["-1"]], "W2": [["0"]]}], "worse": {"t": "1", "loss": "1"}}}}]}

facts: relations between numbers, polynomials, and quantities of the problem
============================================================================
"definitions" [[name, expression], ..] are evaluated in order; then each of the "facts", an expression too, must be
true. An *expression* is a text in the syntax of Python, from integers, names, + - * / ** (with an integer), @, lists
(vectors; lists of equal lists are matrices), indices v[0], M[0][1], and == != < <= > >= (chains too). Scalars are
exact numbers, polynomials in the "variables", and *enclosed* reals, known by rational intervals that shrink until an
order is decided; equality is never decided for these. == of polynomials is identity, an order is between constants.
Names are new ASCII identifiers. A value has at most 500,000 bits, terms and degrees at most 2000; for det, rank and
definiteness matrices have at most 100 rows, and these times the bits of an entry are at most 50,000.
The functions are
- transpose, identity(n), zeros(m, n), trace, rank, det, positive_definite and positive_semidefinite (of symmetric
  matrices; rank and the following of numbers only), norm2 (the sum of the squares of all entries), dot, sum, max,
  min, abs; derivative(p, "t"), substitute(p, "t", value) for a variable t;
- of the problem, at its point with that name: loss("bad"), outputs("bad") (a row for each data point),
  signature("bad"), parameter("bad", "W1"), and at smooth points gradient("bad"), hessian("bad") in all variables;
  and x, y (as in the file), weights (with the factor; one-versus-all: a row for each data point), weight_decay;
- enclosed reals: exp, log, sqrt, atan, tanh, erf, pi().
"problem" may be {} if nothing of it occurs.

    {"kind": "facts", "variables": ["t"], "definitions": [["e", "exp(1)"], ["q", "(1 + t)**2"]],
     "facts": ["q == 1 + 2*t + t*t", "2 < e < 3", "positive_definite([[2, 1], [1, 2]])", "sum(y) == 1"]}

exhaustion: the smallest data set with a property, or that there is none within bounds
=======================================================================================
Data sets for networks with one dense hidden layer, one output, the "activation" and the biases of "network", and the
"loss" ("hinge" or "squared", equal weights, no decay; "problem" is {}). Sizes are points, dimension, neurons, height:
all entries of x, and of y if squared, are p/q with |p|, |q| <= height (hinge: y is 1 or -1). "bounds" has the least and
the greatest of each; sizes are compared by the first in "order", then by the second, and so on. The first "exhausted"
sizes are done: the checker lists all their data sets (without equal points if "distinct"), and each is equivalent to
one of "cases" or "found" with as many neurons. Equivalent: the same labels in some order, up to a sign (squared: up to
a factor, and, given an output bias, a shift), with rows (x, 1) (x if layer 1 has no bias) that a linear map takes to
the other's: then the landscapes are the same. A case is {"problem", "certificates": [one]} for
- "spurious", a local minimum that is not global. Found: a "point", local_minimum yes, global_minimum no. Else an
  "atlas", complete, with one loss only;
- "sharp-spurious": the same, kind "sharp". Else an atlas, and "flat" for each of its sets of a greater loss: [{"set":
  number, "dual": f, "cells"}], f as the "face" of a piece (hinge: "dual"), so that optima use columns with f . column =
  0 only; and for each choice of "thin" a cell of constant loss that a "curve" from "point" enters. Its closure contains
  the set: the faces of these columns' rays are in the closures of its chambers, v has the signs of the piece, neurons
  with v = 0 are in the chosen chambers, and (hinge) v stays 0 on the curve, and the loss units of points with theta = 0
  (= weight) are - (+);
- "positive-minimum", no network fits. Found: a "minimum" with "lower" > 0. Else one with "upper" 0;
- "claim:ID", "critical-claim:ID": the checker verifies the certificates only, not that they decide the claim; these
  are never "complete".
If "complete", all sizes are exhausted, or all before the size of the first found. At most 10^7 rows are expressed in
the bases of a data set to see which are equivalent.

    {"kind": "exhaustion", "property": "positive-minimum", "network": {"activation": "relu", "bias": [false, false]},
     "loss": {"kind": "hinge"}, "distinct": false, "order": ["points", "dimension", "neurons", "height"],
     "bounds": {"points": [1, 2], "dimension": [1, 1], "neurons": [1, 1], "height": [1, 1]},
     "exhausted": 0, "cases": [], "complete": true, "found": [
      {"problem": {"format": "exactrelu.problem/1", "loss": {"kind": "hinge"}, "data": {"x": [["0"]], "y": [1]},
                   "network": {"widths": [1, 1, 1], "activation": "relu", "bias": [false, false]}}, "certificates": [
       {"format": "exactrelu.certificate/1", "kind": "minimum", "statement": "The minimum is 1.",
        "problem": {"format": "exactrelu.problem/1", "loss": {"kind": "hinge"}, "data": {"x": [["0"]], "y": [1]},
                    "network": {"widths": [1, 1, 1], "activation": "relu", "bias": [false, false]}},
        "point": {"W1": [["0"]], "W2": [["0"]]}, "upper": "1", "lower": "1", "tree": {"dual": ["-1"]}}]}]}
"""

from __future__ import annotations

import argparse
import ast
import itertools
import json
import operator
import re
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import cache, cached_property, reduce
from math import comb, gcd, isqrt, lcm, perm, prod
from typing import Any, NamedTuple

DIGITS, EXPONENT, WEIGHTS, TERMS = 200_000, 100_000, 10**6, 500_000  # nothing larger is checked


class Malformed(ValueError):
    """The file is not a certificate: where, and what is wrong."""


class Rejected(Exception):
    """The proof has a hole: where, and what does not hold."""


class Verdict(NamedTuple):
    """The outcome of `check`: true iff accepted. ``reason``: what was proved, or what does not hold."""

    accepted: bool
    reason: str

    def __bool__(self) -> bool:
        return self.accepted


def well_formed(condition: bool, reason: str) -> None:
    if not condition:
        raise Malformed(reason)


def require(condition: bool, reason: str) -> None:
    if not condition:
        raise Rejected(reason)


# ---------------------------------------- reading

NUMBER = re.compile(r"[+-]?(\d+/0*[1-9]\d*|(\d+(\.\d*)?|\.\d+)([eE](?P<exponent>[+-]?\d{1,9}))?)", re.ASCII)


def show(value: object) -> str:
    """A short description of anything, for messages."""
    if isinstance(value, (dict, list, tuple)):
        return "an object" if isinstance(value, dict) else "a list"
    words = str(value) if isinstance(value, (int, Fraction)) else repr(value)
    return words if len(words) <= 60 else f"{words[:40]}... ({len(words)} characters)"


def number(value: Any, where: str) -> Fraction:
    if type(value) in (int, Fraction):
        return Fraction(value)
    match = NUMBER.fullmatch(value) if isinstance(value, str) and len(value) <= DIGITS else None
    fits = match is not None and abs(int(match["exponent"] or 0)) <= EXPONENT
    well_formed(fits, f"{where}: {show(value)} is not an exact number")
    return Fraction(value)


def read(value: Any, shape: Any, where: str) -> Any:
    """The value, with its numbers exact and its keys in the order of the shape, if it has that shape.

    Shapes: Fraction (a number), bool, int, str, object (anything), a word (that word); (n, shape) for a list of n
    (None: of any length); {"key": shape, "optional?": shape} for an object, {str: shape} for one with any keys.
    """
    if shape is object or shape is Fraction:
        return value if shape is object else number(value, where)
    if isinstance(shape, str):
        well_formed(value == shape, f"{where}: {show(value)} where {show(shape)} is needed")
        return value
    kind = list if isinstance(shape, tuple) else dict if isinstance(shape, dict) else shape
    value = list(value) if type(value) is tuple else value
    well_formed(type(value) is kind, f"{where}: {show(value)} where a value of type {kind.__name__} is needed")
    if kind is list:
        length, entry = shape
        well_formed(length in (None, len(value)), f"{where}: {len(value)} entries where {length} are needed")
        return [read(v, entry, f"{where}[{k}]") for k, v in enumerate(value)]
    if kind is not dict:
        return value
    any_key = dict.fromkeys(value, shape.get(str))
    shapes = any_key if str in shape else {key.removesuffix("?"): entry for key, entry in shape.items()}
    needed = [key for key in shapes if key in shape]
    wrong = [key for key in [*value, *needed] if type(key) is not str or key not in value or key not in shapes]
    well_formed(not wrong, f"{where}: missing or unknown key {show((wrong or [''])[0])}")
    prefix = "" if where == "certificate" else f"{where}."
    return {key: read(value[key], entry, f"{prefix}{key}") for key, entry in shapes.items() if key in value}


def read_choice(value: Any, key: str, shapes: dict[str, Any], where: str) -> Any:
    """An object in which one key says which of the shapes it has."""
    name = value.get(key) if isinstance(value, dict) else None
    well_formed(isinstance(name, str) and name in shapes, f"{where}: unknown {key} {show(name)}")
    return read(value, {key: str, **shapes[str(name)]}, where)


def flat(value: Any) -> list[Fraction]:
    """The numbers in nested lists and objects, in order."""
    parts = value.values() if isinstance(value, dict) else value
    return [value] if isinstance(value, Fraction) else [entry for part in parts for entry in flat(part)]


# ---------------------------------------- polynomials

Polynomial = dict[tuple[int, ...], Fraction]  # {sorted tuple of variables: coefficient, not 0}; {} is zero
ONE: Polynomial = {(): Fraction(1)}


def clean(terms: Polynomial) -> Polynomial:
    return {monomial: c for monomial, c in terms.items() if c}


def constants(point: Iterable[Fraction]) -> list[Polynomial]:
    return [clean({(): value}) for value in point]


def variables(count: int) -> list[Polynomial]:
    return [{(v,): Fraction(1)} for v in range(count)]


def is_constant(p: Polynomial) -> bool:
    return not any(p)  # of all monomials only () is false


def bounded(size: int) -> None:
    require(size <= TERMS, "it is too large to be expanded")


def total(summands: Iterable[tuple[Fraction | int, Polynomial]]) -> Polynomial:
    """The sum of factor * polynomial."""
    result: Polynomial = {}
    for factor, p in summands:
        for monomial, c in p.items():
            term = factor * c
            result[monomial] = result[monomial] + term if monomial in result else term
        bounded(len(result))
    return clean(result)


def product(p: Polynomial, q: Polynomial) -> Polynomial:
    bounded(len(p) * len(q) // 20)
    return total((a, {tuple(sorted(m + n)): b for n, b in q.items()}) for m, a in p.items())


def evaluate(p: Polynomial, point: Sequence[Fraction] = ()) -> Fraction:
    return sum((prod((point[v] for v in m), start=c) for m, c in p.items()), Fraction(0))


def derivative(p: Polynomial, v: int) -> Polynomial:
    return {m[: m.index(v)] + m[m.index(v) + 1 :]: c * m.count(v) for m, c in p.items() if v in m}


def sign(p: Polynomial) -> str:
    """The sign of a constant, or of a polynomial in one variable t for all small t > 0."""
    lowest = p[min(p, key=len)] if p else 0
    return "+" if lowest > 0 else "-" if lowest < 0 else "0"


def hessian(p: Polynomial, point: Sequence[Fraction]) -> Polynomial:
    """The quadratic form sum of (d_i d_j p)(point) x_i x_j."""
    firsts = [(i, derivative(p, i)) for i in sorted({v for m in p for v in m})]
    bounded(len(firsts) ** 2)
    pairs = ((i, d, j) for i, d in firsts for j, _ in firsts)
    return total((evaluate(derivative(d, j), point), {(min(i, j), max(i, j)): Fraction(1)}) for i, d, j in pairs)


def inertia(form: Polynomial, size: int) -> tuple[int, int, int]:
    """How many positive, negative and zero squares a quadratic form has: Lagrange's completion of squares."""
    positive = negative = 0
    while form:
        i, j = min(form, key=lambda m: len(set(m)))  # a square, if there is one
        c = form[i, j]
        positive, negative = positive + (i != j or c > 0), negative + (i != j or c < 0)
        square = product(derivative(form, i), derivative(form, j))
        form = total([(1, form), (-1 / (c if i != j else 4 * c), square)])
    return positive, negative, size - positive - negative


# ---------------------------------------- the problem: network, data, loss


class Layer(NamedTuple):
    """Unit r of the layer is the sum of coefficient * parameter * input over rows[r]; the place -1 stands for 1."""

    rows: list[list[tuple[Fraction | int, int, int]]]
    slopes: dict[str, Fraction | int] | None  # by the sign of the unit; None: the units have no kink and no sign


NAMED = {"name?": str, "source?": str}
NETWORK = {"widths": (None, int), "activation": object, "bias?": object, "layers?": object, "output_activation?": bool}
PENALTY = {"gamma": Fraction, "replicas": int}
LOSS = {"kind": str, "factor?": Fraction, "weights?": object, "weight_decay?": Fraction, "penalty?": PENALTY}
DATA = {"x": (None, object), "y": object}
PROBLEM = {
    "format": "exactrelu.problem/1",
    **NAMED,
    "network": NETWORK,
    "loss": LOSS,
    "data": DATA,
    "points?": {str: object},
}


def read_entries(value: Any, where: str, inputs: int, outputs: int, channels: int) -> tuple[list[Any], int, int]:
    """The places (row, column, weight, coefficient) of the weights of a layer, their number, and the channels."""
    conv = {"channels": int, "kernel": int, "stride?": int}
    kinds = {"dense": {}, "linear": {"basis": (None, (outputs, (inputs, Fraction)))}, "conv1d": conv}
    value = read_choice(value, "kind", kinds, where)
    if value["kind"] == "dense":
        return [(r, c, r * inputs + c, 1) for r in range(outputs) for c in range(inputs)], outputs * inputs, 1
    if value["kind"] == "linear":
        well_formed(bool(value["basis"]), f"{where}.basis: at least one matrix is needed")
        places = itertools.product(enumerate(value["basis"]), range(outputs), range(inputs))
        return [(r, c, k, b[r][c]) for (k, b), r, c in places if b[r][c]], len(value["basis"]), 1
    made, kernel, stride, length = value["channels"], value["kernel"], value.get("stride", 1), inputs // channels
    fits = min(made, kernel, stride) > 0 and kernel <= length and length * channels == inputs
    steps = (length - kernel) // stride + 1 if fits else 0
    well_formed(steps * made == outputs, f"{where}: channels, kernel and stride do not fit the widths")
    places = itertools.product(range(made), range(steps), range(channels), range(kernel))
    found = ((m * steps + s, i * length + s * stride + k, (m * channels + i) * kernel + k) for m, s, i, k in places)
    return [(*place, 1) for place in found], made * channels * kernel, made


def read_slopes(value: Any, where: str) -> dict[str, Fraction | int]:
    plus, minus = Fraction(1), Fraction(value == "linear")
    if isinstance(value, dict) and "leaky" in value:
        minus = read(value, {"leaky": Fraction}, where)["leaky"]
        well_formed(0 < minus < 1, f"{where}.leaky: a slope between 0 and 1 is needed")
    elif value not in ("relu", "linear"):
        plus, minus = read(value, {"slopes": (2, Fraction)}, where)["slopes"]
        well_formed(plus > 0 and minus >= 0, f"{where}.slopes: s_plus > 0 and s_minus >= 0 are needed")
    # A unit of sign 0 has the value 0, whatever its slope; with one slope for both signs it has that slope.
    return {"+": plus, "-": minus, "0": plus if plus == minus else 0}


def loss_layer(kind: str, target: Any, where: str, outputs: int) -> Layer:
    """The residuals o_r - y_r, or the loss units 1 + sum of c_r o_r."""
    if kind == "squared":
        y = read(target if isinstance(target, (list, tuple)) else [target], (outputs, Fraction), where)
        return Layer([[(1, -1, r), (-y[r], -1, -1)] for r in range(outputs)], None)
    y, classes = number(target, where), range(outputs)
    labels = (-1, 1) if kind == "hinge" else classes
    well_formed(y in labels, f"{where}: {show(target)} is no label of the loss {kind}")
    units: dict[str, Any] = {
        "hinge": [[(-y, -1, 0)]],
        "multiclass-hinge": [[(1, -1, r), (-1, -1, int(y))] for r in classes if r != y],
        "one-vs-all-hinge": [[(-1 if r == y else 1, -1, r)] for r in classes],
    }
    return Layer([[(1, -1, -1), *unit] for unit in units[kind]], {"+": 1, "-": 0, "0": 0})


class Problem:
    """The network as layers, and for each data point one more layer: its residuals or its loss units."""

    def __init__(self, value: Any) -> None:
        value, where = read(value, PROBLEM, "problem"), "problem.network"
        network, loss, data = value["network"], value["loss"], value["data"]
        widths, count = network["widths"], len(network["widths"]) - 1
        fits = count > 0 and min(widths) > 0 and sum(map(prod, itertools.pairwise(widths))) <= WEIGHTS
        well_formed(fits, f"{where}.widths: too few, or not positive, or more than {WEIGHTS} weights")
        kinds = read(network.get("layers", [{"kind": "dense"}] * count), (count, object), f"{where}.layers")
        biases = read(network.get("bias", [True] * count), (count, bool), f"{where}.bias")
        slopes = read_slopes(network["activation"], f"{where}.activation")
        self.layers, self.shape, channels, start = list[Layer](), dict[str, Any](), 1, 0
        for l, (inputs, outputs) in enumerate(itertools.pairwise(widths), 1):
            spot = f"{where}.layers[{l - 1}]"
            entries, size, channels = read_entries(kinds[l - 1], spot, inputs, outputs, channels)
            dense = kinds[l - 1]["kind"] == "dense"
            self.shape[f"W{l}" if dense else f"w{l}"] = (outputs, (inputs, Fraction)) if dense else (size, Fraction)
            rows: Any = [[(1, start + size + r, -1)] if biases[l - 1] else [] for r in range(outputs)]
            for r, column, weight, coefficient in entries:
                rows[r].append((coefficient, start + weight, column))
            if biases[l - 1]:
                self.shape[f"b{l}"] = (outputs, Fraction)
            start += size + (outputs if biases[l - 1] else 0)
            self.layers.append(Layer(rows, slopes if l < count or network.get("output_activation") else None))
        self.names = [
            f"{array}_{r}" if each is Fraction else f"{array}_{r}_{c}"
            for array, (n, each) in self.shape.items()
            for r, c in itertools.product(range(1, n + 1), range(1, 2 if each is Fraction else each[0] + 1))
        ]
        self.owners = [name.partition("_")[0] for name in self.names]  # the arrays: W1, w1, b1, ..

        kind, n, outputs, where = loss["kind"], len(data["x"]), widths[-1], "problem.loss"
        self.squared, self.weight_decay = kind == "squared", loss.get("weight_decay", Fraction(0))
        half, one = self.weight_decay / 2, Fraction(1)
        self.decay = [(half, v) for v in variables(len(self.names)) if half]  # the summands factor * (linear form)^2
        for gamma, many in [loss["penalty"].values()] if "penalty" in loss else ():
            arrays = [[v for v, a in enumerate(self.owners) if a == own] for own in self.shape if int(own[1:]) < count]
            fits = kind == "one-vs-all-hinge" and gamma > 0 and many > 1 and arrays
            fits = fits and all(len(array) % many == 0 for array in arrays) and many * len(self.names) <= TERMS
            well_formed(bool(fits), f"{where}.penalty: needs one-versus-all, gamma > 0, and equal blocks")
            for array, (r, s) in itertools.product(arrays, itertools.combinations(range(many), 2)):
                each = len(array) // many
                pairs = zip(array[r * each :][:each], array[s * each :][:each], strict=True)
                self.decay += [(gamma / (many - 1), {(v,): one, (w,): -one}) for v, w in pairs]
        self.only_differences = kind == "multiclass-hinge" and self.layers[-1].slopes is None  # of the outputs count
        kinds = ["squared", "hinge"] if outputs == 1 else ["squared", "multiclass-hinge", "one-vs-all-hinge"]
        well_formed(kind in kinds, f"{where}.kind: {show(kind)} is no loss for {outputs} outputs")
        self.x = read(data["x"], (n, (widths[0], Fraction)), "problem.data.x")
        y = enumerate(read(data["y"], (n, object), "problem.data.y"))
        self.losses = [loss_layer(kind, target, f"problem.data.y[{i}]", outputs) for i, target in y]
        weights, each = loss.get("weights", "mean"), (outputs, Fraction) if kind == "one-vs-all-hinge" else Fraction
        if weights in ("mean", "sum"):
            weight = Fraction(1, n or 1) if weights == "mean" else 1
            weights = [weight if each is Fraction else [weight] * outputs] * n
        weights, factor = read(weights, (n, each), f"{where}.weights"), loss.get("factor", 1)
        fits = n > 0 and factor > 0 and self.weight_decay >= 0 and all(w > 0 for w in flat(weights))
        well_formed(fits, "problem: data, a factor > 0, weights > 0 and a weight_decay >= 0 are needed")
        many = 1 if each is not Fraction else len(self.losses[0].rows)  # one weight for all units of a data point
        self.weights = [[factor * w for w in flat([row])] * many for row in weights]
        self.points = {k: self.point(p, f"problem.points.{k}") for k, p in value.get("points", {}).items()}

    def point(self, value: Any, where: str) -> list[Fraction]:
        return flat(read(value, self.shape, where))

    @property
    def kinks_in_layer_1(self) -> bool:
        return len(self.layers) == 2 and self.squared and self.layers[1].slopes is None


class Space:
    """A network and its data, each parameter and input a polynomial in whatever is free.

    A cell or a sheet, but also a point (nothing is free) and a curve (t is free). Without ``x`` the inputs are the
    data points; with it there is one input and no loss.
    """

    def __init__(self, problem: Problem, parameters: list[Polynomial], x: list[Polynomial] | None = None):
        self.problem, self.parameters, self.is_input = problem, parameters, x is not None
        self.inputs = [x] if x else [constants(row) for row in problem.x]
        self.stacks = [problem.layers] if x else [[*problem.layers, loss] for loss in problem.losses]
        self.groups = [len(layer.rows) for layer in self.stacks[0] if layer.slopes]  # units between two commas
        self.width = sum(self.groups)  # units between two semicolons
        self.layer = cache(self._layer)

    def _layer(self, i: int, l: int, signs: str) -> list[Polynomial]:
        """The pre-activations of layer l (from 0) at data point i, where the units before it have these signs."""
        weights, values = [*self.parameters, ONE], [*self.values(i, l, signs), ONE]
        sums, size = list[Polynomial](), 0
        for row in self.stacks[i][l].rows:
            sums.append(total((a, product(weights[w], values[v])) for a, w, v in row))
            size += len(sums[-1])
            bounded(size)
        return sums

    def values(self, i: int, l: int, signs: str) -> list[Polynomial]:
        """What layer l takes in at data point i, where the units before it have these signs."""
        if l == 0:
            return self.inputs[i]
        rows, slopes = self.stacks[i][l - 1]
        if slopes is None:
            return self.layer(i, l - 1, signs)
        before, own = signs[: -len(rows)], signs[-len(rows) :]
        units = enumerate(zip(own, self.layer(i, l - 1, before), strict=True), i * self.width + len(before))
        step = slopes["+"] - slopes["-"]  # at an open sign ? the slope is s_minus + e step, where 0 <= e <= 1
        return [
            product(z, {(): Fraction(slopes["-"]), (-1 - k,): Fraction(step)}) if s == "?" else total([(slopes[s], z)])
            for k, (s, z) in units
        ]

    def walk(self, signs: Any) -> Iterator[tuple[int, Polynomial]]:
        """Visit the units, layer by layer, in each layer data point by data point: the position in the signature and
        the unit as a polynomial. To go on, ``signs`` must know the sign at each position that was passed.
        """
        before = [""] * len(self.inputs)
        for l in range(len(self.stacks[0])):
            for i, stack in enumerate(self.stacks):
                if stack[l].slopes:
                    units, start = self.layer(i, l, before[i]), i * self.width + len(before[i])
                    yield from enumerate(units, start)
                    before[i] += "".join([signs[k] for k in range(start, start + len(units))])

    def signs(self) -> str:
        """The signs of the units at a point, or on a curve for all small t > 0."""
        found: dict[int, str] = {}
        for k, unit in self.walk(found):
            found[k] = sign(unit)
        return "".join(found[k] for k in sorted(found))

    def summands(self, signs: str) -> list[list[Polynomial]]:
        """For each data point the residuals or the max(loss unit, 0), where the units have these signs."""
        n, depth = self.width, len(self.stacks[0])
        return [self.values(i, depth, signs[i * n : (i + 1) * n]) for i in range(len(self.inputs))]

    def loss(self, signs: str, decay: bool = True) -> Polynomial:
        """The loss, with or without weight decay, where the units have these signs."""
        problem, squares = self.problem, self.problem.decay if decay else []
        rows = zip(problem.weights, self.summands(signs), strict=True)
        data = [(w, product(r, r) if problem.squared else r) for row in rows for w, r in zip(*row, strict=True)]
        forms = [(c, total((a, self.parameters[v]) for (v,), a in form.items())) for c, form in squares]
        return total([*data, *((c, product(p, p)) for c, p in forms)])

    def spell(self, signs: str) -> str:
        """The signature with these signs."""
        rest = iter(signs)
        return ";".join(",".join("".join(itertools.islice(rest, n)) for n in self.groups) for _ in self.inputs)

    def read_signs(self, signature: str, where: str) -> str:
        signs = re.sub("[,;]", "", signature)
        fits = re.fullmatch("[-+0]*", signs) and len(signs) == self.width * len(self.inputs)
        well_formed(bool(fits) and self.spell(signs) == signature, f"{where}: {show(signature)} is no signature")
        return signs


# ---------------------------------------- chambers


def primitive(row: Sequence[Fraction | int]) -> tuple[int, ...]:
    """The integral vector without common divisor on the ray of a vector."""
    scale = lcm(*(entry.denominator for entry in row))
    integral = [entry.numerator * (scale // entry.denominator) for entry in row]
    divisor = gcd(*integral) or 1
    return tuple(entry // divisor for entry in integral)


def count_chambers(rows: Iterable[Sequence[Fraction | int]], limit: int) -> int:
    """The number of chambers of the hyperplanes <row, x> = 0, or some number > limit if it exceeds the limit.

    Each h adds as many chambers as the hyperplanes before it, restricted to h, have. (The recursion is
    shallow: rank r means at least 2^r chambers, so the limit is met first.)
    """
    hyperplanes = list(dict.fromkeys(max(h, tuple(-a for a in h)) for h in map(primitive, rows) if any(h)))
    if hyperplanes and len(hyperplanes[0]) == 2:  # lines through the origin of the plane
        return 2 * len(hyperplanes)
    result = 1
    for k, h in enumerate(hyperplanes):
        if result > limit:
            break
        p = next(j for j, entry in enumerate(h) if entry)  # on h, coordinate p is a function of the others
        restricted = [[h[p] * g[j] - g[p] * h[j] for j in range(len(h)) if j != p] for g in hyperplanes[:k]]
        bounded(max((5 * a.bit_length() for row in restricted for a in row), default=0))
        result += count_chambers(restricted, limit - result)
    return result


def verify_chambers(rows: Any, size: int, listed: Any, where: str, complete: bool, affine: bool) -> int:
    """How many chambers of rows of this size are listed; affine: rows end with -offset, the last coordinate is 1."""
    normals, seen = [primitive(row) for row in rows], set[str]()
    for k, entry in enumerate(read(listed, (None, {"signs": str, "witness": (size - affine, Fraction)}), where)):
        x = primitive([*entry["witness"], 1] if affine else entry["witness"])
        products = [sum(a * b for a, b in zip(h, x, strict=True)) for h in normals]
        found = "".join("+" if p > 0 else "-" if p < 0 else "0" for p in products)
        require(entry["signs"] == found, f"{where}[{k}]: the witness has the signs {show(found)}")
        inside = all(p or not any(h) for p, h in zip(products, normals, strict=True))
        require(inside and found not in seen, f"{where}[{k}]: on a hyperplane, or the same signs twice")
        seen.add(found)
    if complete:
        # An affine arrangement is one half of the central one that contains the hyperplane at infinity too.
        infinity: Any = [(*[0] * (size - 1), 1)] if affine else []
        halves = (1 + affine) * len(seen)
        count = count_chambers(normals + infinity, halves)  # beyond the limit it is not exact, so do not divide it
        found = "more" if count > halves else str(count // (1 + affine))
        require(count == halves, f"{where}: {len(seen)} are listed, but there are {found}")
    return len(seen)


def check_chambers(c: dict[str, Any]) -> str:
    shape = {**NAMED, "normals": (None, (None, Fraction)), "offsets?": (None, Fraction), "dimension?": int}
    value = read(c["problem"], {"format": "exactrelu.arrangement/1", **shape}, "problem")
    rows, offsets = value["normals"], value.get("offsets", [Fraction(0)] * len(value["normals"]))
    sizes = {len(row) for row in rows} | ({value["dimension"]} if "dimension" in value else set())
    fits = len(sizes) == 1 and min(sizes) >= 0 and len(offsets) == len(rows)
    well_formed(fits, "problem: normals of one length (the dimension), and as many offsets, are needed")
    if any(offsets):
        rows = [[*row, -offset] for row, offset in zip(rows, offsets, strict=True)]
    size = min(sizes) + any(offsets)
    listed = verify_chambers(rows, size, c["chambers"], "chambers", c["complete"], any(offsets))
    return f"{listed} chambers" + (", and no others" if c["complete"] else "")


# ---------------------------------------- cells


def read_space(problem: Problem, value: Any) -> Space:
    frozen: dict[str, Any] = {"at": problem.shape}
    value = read_choice(value, "kind", {"parameters": {}, "layer": {"layer": int, **frozen}, "input": frozen}, "space")
    free = variables(len(problem.names))
    if value["kind"] == "parameters":
        return Space(problem, free)
    point = constants(flat(value["at"]))
    if value["kind"] == "input":
        return Space(problem, point, variables(len(problem.x[0])))
    l = str(value["layer"])
    well_formed(0 < value["layer"] <= len(problem.layers), f"space.layer: there is no layer {l}")
    return Space(problem, [v if a[1:] == l else p for a, v, p in zip(problem.owners, free, point, strict=True)])


def verify_cell(space: Space, cell: dict[str, Any], where: str, seen: set[str]) -> tuple[str, list[Fraction]]:
    """The signs and the witness of a new cell, after a check that it is a cell and the witness lies in it."""
    signs = space.read_signs(cell["signature"], f"{where}.signature")
    shape = {"x": (len(space.inputs[0]), Fraction)} if space.is_input else space.problem.shape
    point = flat(read(cell["witness"], shape, f"{where}.witness"))
    x = constants(point)
    here = Space(space.problem, space.parameters, x) if space.is_input else Space(space.problem, x)
    agree = (p == q for p, q in zip(space.parameters, here.parameters, strict=True) if is_constant(p))
    require(all(agree), f'{where}.witness: differs from "at" outside the layer')
    found = here.signs()
    require(found == signs, f"{where}: the signature is {show(space.spell(found))}")
    for k, unit in space.walk(signs) if "0" in signs else ():
        require(signs[k] != "0" or not unit, f"{where}: unit {k} is 0 at the witness only")
    require(signs not in seen, f"{where}: the same signature twice")
    seen.add(signs)
    return signs, point


def sheets(space: Space, kind: str, count: int, where: str) -> Iterator[Space]:
    """The sheets of a space of this kind, of which there must be ``count``."""
    problem, shape = space.problem, space.problem.shape
    one = kind != "parameters" or problem.kinks_in_layer_1 or len(problem.layers) == 1
    dense = len(problem.layers) == 2 and {"W1", "W2"} <= set(shape)
    outputs, neurons = (shape["W2"][0], shape["W2"][1][0]) if dense and not one else (1, 0)
    possible = one or (dense and (outputs == 1 or (outputs == 2 and problem.only_differences)))
    require(possible, "no complete proof exists for this space")
    require(count == 2**neurons, f"{where}: {count} where there are {show(2**neurons)} sheets")
    zero = [outputs == 2 and name.startswith(("W2_1_", "b2_1")) for name in problem.names]
    places = [v for v, owner in enumerate(problem.owners) if owner == "W2" and not zero[v] and neurons]
    for signs in itertools.product(constants([Fraction(1), Fraction(-1)]), repeat=neurons):
        chosen = dict(zip(places, signs, strict=True))
        parameters = [{} if zero[v] else chosen.get(v, p) for v, p in enumerate(space.parameters)]
        yield space if one else Space(problem, parameters)


Bounds = dict[int, tuple[str, Polynomial]]  # position: (sign, unit), for the inequality sign unit > 0


def verify_farkas(farkas: Any, bounds: Bounds, where: str) -> None:
    """That the inequalities cannot hold together: a positive combination of them is a constant <= 0."""
    named, summands = {str(k): bound for k, bound in bounds.items()}, []
    for position, multiplier in read(farkas, {str: Fraction}, where).items():
        require(position in named, f"{where}: there is no inequality at position {position[:20]}")
        require(multiplier > 0, f"{where}.{position}: the multiplier {show(multiplier)} is not positive")
        side, unit = named[position]
        summands.append((multiplier if side == "+" else -multiplier, unit))
    combination = total(summands)
    refuted = bool(summands) and is_constant(combination) and sign(combination) != "+"
    require(refuted, f"{where}: the combination is not a constant <= 0, so nothing is refuted")


def verify_tree(sheet: Space, tree: Sequence[Any], where: str, listed: set[str]) -> None:
    """That all cells that meet the sheet are listed."""
    entries, paths = enumerate(tree), [""]  # a path: the sides that are taken at its branching units
    while paths:
        path, signs, bounds = paths.pop(), dict[int, str](), Bounds()
        for k, unit in sheet.walk(signs):
            signs[k] = sign(unit) if is_constant(unit) else path[len(bounds) : len(bounds) + 1]
            if not signs[k]:  # the path ends here, and the next entry says how it goes on
                place, entry = next(entries, (-1, None))
                spot = f"{where}[{place}]"
                require(place >= 0, f"{where}: the list ends before the tree does")
                both = type(entry) is int and entry == 1
                refuted = {} if both else read(entry, {"+?": object, "-?": object}, spot)
                well_formed(both or bool(refuted), f"{spot}: an empty object")
                for side, farkas in refuted.items():
                    verify_farkas(farkas, {**bounds, k: (side, unit)}, f"{spot}.{side}")
                signs[k] = next((side for side in "+-" if side not in refuted), "")
                if not refuted:
                    paths.append(path + "-")
                path += signs[k]
            if not signs[k]:  # both sides are empty
                break
            if not is_constant(unit):
                bounds[k] = signs[k], unit
        else:
            found = "".join(signs[k] for k in sorted(signs))
            require(found in listed, f"{where}: {show(sheet.spell(found))} is neither listed nor refuted")
    require(next(entries, None) is None, f"{where}: entries are left over when the tree is complete")


def check_cells(c: dict[str, Any]) -> str:
    space, listed, kind = read_space(Problem(c["problem"]), c["space"]), set[str](), c["space"]["kind"]
    well_formed(c["complete"] == ("proof" in c), 'proof: needed if "complete" is true, and only then')
    for k, cell in enumerate(c["cells"]):
        verify_cell(space, cell, f"cells[{k}]", listed)
    if not c["complete"]:
        return f"{len(listed)} cells of the {kind} space"
    proof = read_choice(c["proof"], "rule", {"product": PRODUCT, "refinement": REFINEMENT}, "proof")
    if proof["rule"] == "product":
        possible = kind == "parameters" and space.problem.kinks_in_layer_1
        require(possible, "proof: the product rule needs the whole parameter space, with all kinks in layer 1")
        return f"exactly {show(verify_product(space, proof))} cells, {len(listed)} of them listed"
    every = sheets(space, kind, len(proof["trees"]), "proof.trees")
    for k, (sheet, tree) in enumerate(zip(every, proof["trees"], strict=True)):
        verify_tree(sheet, tree, f"proof.trees[{k}]", listed)
    return f"{len(listed)} cells of the {kind} space, and no others"


def verify_product(space: Space, proof: dict[str, Any]) -> Fraction:
    """The number of cells, where each neuron of a dense layer 1, or a structured layer 1, sees an arrangement."""
    problem, first, dense = space.problem, space.problem.layers[0].rows, "W1" in space.problem.shape
    neurons, units = len(first) if dense else 1, [unit for _, unit in space.walk("+" * space.width * len(space.inputs))]
    own = {weight for _, weight, _ in first[0]}
    seen = [v for v, owner in enumerate(problem.owners) if owner[1:] == "1" and (v in own or not dense)]
    rows = [[unit.get((weight,), Fraction(0)) for weight in seen] for unit in units[::neurons]]
    count, claimed = verify_chambers(rows, len(seen), proof["chambers"], "proof.chambers", True, False), proof["count"]
    small = (count.bit_length() - 1) * neurons <= claimed.numerator.bit_length()
    require(small and claimed == count**neurons, f"proof.count: {show(claimed)} is not {count} ^ {neurons}")
    return Fraction(claimed)


def check_empty_cell(c: dict[str, Any]) -> str:
    space, kind = read_space(Problem(c["problem"]), c["space"]), c["space"]["kind"]
    signs = space.read_signs(c["signature"], "signature")
    for k, sheet in enumerate(sheets(space, kind, len(c["farkas"]), "farkas")):
        bounds = {j: (signs[j], unit) for j, unit in sheet.walk(signs) if signs[j] != "0"}
        verify_farkas(c["farkas"][k], bounds, f"farkas[{k}]")
    return f"no point of the {kind} space has the signature {show(c['signature'])}"


# ---------------------------------------- forms


def blocks_of(problem: Problem, data: Polynomial, summands: list[list[Polynomial]]) -> dict[str, Polynomial]:
    if problem.squared:
        rows = [(f"r_{i}", row) for i, row in enumerate(summands, 1)]
        return {f"{r}_{j}" if len(row) > 1 else r: form for r, row in rows for j, form in enumerate(row, 1)}
    blocks: dict[str, Polynomial] = {f"phi_{l}": {} for l in range(len(problem.layers) + 2)}
    for m, c in data.items():
        biases = [problem.owners[v][1:] for v in m if problem.owners[v][0] == "b"]
        blocks[f"phi_{[*biases, 0][0] if m else len(problem.layers) + 1}"][m] = c
    return blocks


def is_multilinear(problem: Problem, data: Polynomial) -> bool:
    """Degree <= 1 in each variable; hinge kinds: also one variable of b_l (or of none), and one of each later W."""
    arrays = [[problem.owners[v].upper() for v in m] for m in data if m and not problem.squared]
    last = len(problem.layers)
    chains = [[*([f"B{l}"] if l else []), *(f"W{k}" for k in range(l + 1, last + 1))] for l in range(last + 1)]
    return all(len(set(m)) == len(m) for m in data) and all(owners in chains for owners in arrays)


def check_forms(c: dict[str, Any]) -> str:
    problem, seen = Problem(c["problem"]), set[str]()
    n = len(problem.names)
    for k, cell in enumerate(c["cells"]):
        where, space = f"cells[{k}]", Space(problem, variables(n))
        signs, point = verify_cell(space, cell, where, seen)
        loss, data, summands = space.loss(signs), space.loss(signs, decay=False), space.summands(signs)
        blocks = blocks_of(problem, data, summands)
        if problem.decay:
            blocks["decay"] = total([(1, loss), (-1, data)])
        laplacian = total((1, derivative(derivative(loss, v), v)) for v in range(n))
        rows = zip(problem.weights, summands, strict=True) if "laplacian_sum_of_squares" in cell else ()
        slopes = [(2 * w[0], derivative(r, v)) for w, row in rows for r in row for v in range(n)]
        squares = total([*((w, product(d, d)) for w, d in slopes), (n * problem.weight_decay, ONE)])
        facts = {
            "blocks": {b: {" ".join(problem.names[v] for v in m): a for m, a in p.items()} for b, p in blocks.items()},
            "multilinear": is_multilinear(problem, data),
            "trace_zero": not laplacian,
            "flat": is_constant(loss),
            "hessian": dict(zip(("positive", "negative", "zero"), inertia(hessian(loss, point), n), strict=True)),
            "laplacian_sum_of_squares": problem.squared and laplacian == squares,
        }
        for name, fact in facts.items():
            known = fact if isinstance(fact, bool) or name == "hessian" else "not so"
            require(cell.get(name, fact) == fact, f"{where}.{name}: it is {known}")
    return f"the loss on {len(seen)} cells"


# ---------------------------------------- a point


class Place:
    """A point of parameter space, and what is near it."""

    def __init__(self, problem: Problem, point: list[Fraction]):
        self.problem, self.point, self.size = problem, point, len(point)
        self.here, self.near = Space(problem, constants(point)), Space(problem, variables(len(point)))
        self.signs = self.here.signs()
        self.value = evaluate(self.here.loss(self.signs))

    def loss_along(self, curve: list[Polynomial]) -> Polynomial:
        """The loss on a curve for all small t > 0, or at a point."""
        space = Space(self.problem, curve)
        return space.loss(space.signs())

    def smooth(self) -> bool:
        slopes = [layer.slopes for layer in self.near.stacks[0] if layer.slopes for _ in layer.rows]
        for k, unit in self.near.walk(self.signs):
            no_kink = self.signs[k] != "0" or not unit or len(set(slopes[k % self.near.width].values())) == 1
            require(no_kink, f"the point is not smooth: unit {k} has a kink there")
        return True

    @cached_property
    def loss(self) -> Polynomial:
        """The loss near the point, which must be smooth."""
        return self.near.loss(self.signs) if self.smooth() else {}

    def is_critical(self) -> bool:
        return self.smooth() and not any(self.gradient(self.signs))

    def tangent(self, signs: str) -> Polynomial:
        """The loss where the units have these signs, up to a constant, with 2 w r(point) r in the place of w r^2."""
        squared, decay = self.problem.squared, self.problem.decay
        rows = zip(self.problem.weights, self.near.summands(signs), strict=True)
        pairs = [(w, r) for row in rows for w, r in zip(*row, strict=True)]
        data = [(2 * w * evaluate(r, self.point) if squared else w, r) for w, r in pairs]
        return total([*data, *((2 * c * evaluate(form, self.point), form) for c, form in decay)])

    def gradient(self, signs: str) -> list[Fraction]:
        """The gradient at the point of the loss where the units have these signs."""
        near = self.tangent(signs)
        return [evaluate(derivative(near, v), self.point) for v in range(self.size)]

    def is_constant(self) -> bool:
        """Whether the loss is constant near the point; a sum of w r^2 is if all r are, since its Laplacian is a sum of
        squares of their derivatives.
        """
        if not self.problem.squared or self.problem.decay:
            return is_constant(self.loss)
        return self.smooth() and all(is_constant(r) for row in self.near.summands(self.signs) for r in row)

    def both_ways(self, entry: dict[str, Any]) -> Iterator[Polynomial]:
        """The loss along a direction and its negative, for all small t > 0."""
        for side in (1, -1):
            pairs = zip(self.point, flat(entry["direction"]), strict=True)
            yield self.loss_along([clean({(): p, (0,): side * d}) for p, d in pairs])

    def has_kink(self, entry: dict[str, Any]) -> bool:
        return sum(loss.get((0,), 0) for loss in self.both_ways(entry)) != 0

    def can_be_rescaled(self, entry: dict[str, Any]) -> bool:
        return 0 < entry["layer"] < len(self.problem.layers) and not self.problem.decay

    def has_constant_line(self, entry: dict[str, Any]) -> bool:
        return any(flat(entry["direction"])) and all(map(is_constant, self.both_ways(entry)))

    def has_constant_ray(self, entry: dict[str, Any]) -> bool:
        return any(flat(entry["direction"])) and is_constant(next(self.both_ways(entry)))

    def is_sum_of_squares(self) -> bool:
        problem, signs = self.problem, self.signs
        require(problem.squared and not problem.weight_decay, "needs the squared loss without weight decay")
        rows = zip(problem.weights, self.here.summands(signs), self.near.summands(signs), strict=True)
        triples = [(w * evaluate(fixed), fixed, r) for row in rows for w, fixed, r in zip(*row, strict=True)]
        return self.smooth() and not total(pair for a, fixed, r in triples for pair in ((a, r), (-a, fixed)))

    def is_positive_definite(self) -> bool:
        return self.is_critical() and inertia(hessian(self.loss, self.point), self.size) == (self.size, 0, 0)

    def curve(self, terms: list[Any]) -> list[Polynomial]:
        steps = [self.point, *map(flat, terms)]
        require(len(steps) <= 101, "the curve has more than 100 terms")
        return [clean({(0,) * k: step[v] for k, step in enumerate(steps)}) for v in range(self.size)]

    def moves(self, entry: dict[str, Any], side: str, there: dict[str, Fraction]) -> bool:
        """Whether the loss falls or rises along the curve, for all small t > 0, and at the t that is given."""
        curve, t, order = self.curve(entry["curve"]), there["t"], entry["order"]
        germ = {len(m): c for m, c in self.loss_along(curve).items() if m}
        agree = order == min(germ, default=0) and germ.get(order) == entry["coefficient"]
        require(agree, "not the order and coefficient of the loss along the curve")
        found = self.loss_along(constants(evaluate(p, [t]) for p in curve))
        require(t > 0 and evaluate(found) == there["loss"], f"t is not positive, or the loss there is {show(found)}")
        return sign({(): germ[order]}) == sign(total([(1, found), (-self.value, ONE)])) == side

    def is_worse_than(self, entry: dict[str, Any]) -> bool:
        found = evaluate(self.loss_along(constants(flat(entry["point"]))))
        return bool(entry["loss"] == found < self.value)


# ---------------------------------------- kinks, at most one hidden layer


class Item(NamedTuple):
    """A summand of the loss, convex in one output: its one-sided derivatives there, low <= high."""

    output: int
    data: int
    low: Fraction
    high: Fraction


class Neuron(NamedTuple):
    """A hidden neuron: the values of (w, b) and v, the output it feeds; for each data point (x, 1) and the sign."""

    w: list[Fraction]
    v: Fraction
    output: int
    xs: list[list[Fraction]]
    signs: str

    @property
    def sides(self) -> str:
        return sign(clean({(): self.v})).replace("0", "+-")

    @property
    def thin(self) -> bool:
        return not self.v and any(self.w)


Folds = dict[str, tuple[list[Fraction], Fraction, Fraction]]  # item: (x, slope for <x, d> > 0, slope for < 0)


class Shallow:
    """At most one hidden layer, dense, each neuron feeding one output, no decay: what small moves change.

    Near the point each output is a function of R = |v| (w, b) of its neurons and linear in other parameters.
    """

    def __init__(self, place: Place, decay: bool = False):
        problem, deep = place.problem, len(place.problem.layers) > 1
        fits = len(problem.layers) < 3 and not problem.layers[-1].slopes and (decay or not problem.decay)
        require(fits and (not deep or "W1" in problem.shape), "needs one hidden layer at most, dense, and no decay")
        first, last = problem.layers[0], problem.layers[-1].rows
        pair = problem.only_differences  # only o_1 - o_0 counts, so o_0 is not moved: their parameters are their own
        apart = len(last) == 2 and f"W{len(problem.layers)}" in problem.shape
        require(apart or not pair, "the multiclass hinge loss couples the outputs")
        parts = [(r, *entry) for r, row in enumerate(last) for entry in row if r or not pair]
        fed = {c: (r, a, p) for r, a, p, c in parts if c >= 0 and deep}
        lone = len(fed) == len({p for _, _, p in fed.values()}) == sum(c >= 0 and deep for *_, c in parts)
        require(lone and (not deep or len(fed) == len(first.rows)), "a neuron does not feed just one output")
        self.slopes, self.neurons, self.items = first.slopes or {}, list[Neuron](), list[Item]()
        self.linear = list[list[Fraction]]()  # by how much each such parameter changes the output of each item
        width, one = place.near.width, Fraction(1)
        for k, row in enumerate(first.rows if deep else ()):
            xs = [[x[c] if c >= 0 else one for _, _, c in row] for x in problem.x]
            r, a, p = fed[k]
            v = a * place.point[p] - sum(b * place.point[q] for b, q, c in last[0] if pair and c == k)
            self.neurons.append(Neuron([place.point[w] for _, w, _ in row], v, r, xs, place.signs[k::width]))
        for i, (loss, weights) in enumerate(zip(problem.losses, problem.weights, strict=True)):
            values = [evaluate(r) for r in place.here.summands(place.signs)[i]]
            signs = place.signs[(i + 1) * width - len(values) : (i + 1) * width]
            for j, (row, w) in enumerate(zip(loss.rows, weights, strict=True)):
                ((r, slope),) = [(c, a * w) for a, _, c in row if c >= pair]
                ends = [2 * w * values[j]] if problem.squared else {"+": [slope], "-": [0], "0": [0, slope]}[signs[j]]
                self.items.append(Item(r, i, Fraction(min(ends)), Fraction(max(ends))))
        for p in {p for _, _, p, c in parts if c < 0 or not deep}:
            rows = [[(a, c) for r, a, q, c in parts if q == p and r == item.output] for item in self.items]
            xs = [problem.x[item.data] for item in self.items]
            self.linear.append(
                [
                    sum((a * (x[c] if c >= 0 else one) for a, c in row), Fraction(0))
                    for row, x in zip(rows, xs, strict=True)
                ]
            )

    def folds(self, neuron: Neuron, side: str, ends: list[tuple[Fraction, Fraction]]) -> Folds:
        """d -> sum_j min(p_j D_j, q_j D_j), where D is what outputs change when v has a sign and R moves by small d."""
        found, one = Folds(), 1 if side == "+" else -1
        for j, (item, (p, q)) in enumerate(zip(self.items, ends, strict=True)):
            x, s = neuron.xs[item.data], neuron.signs[item.data]
            if item.output == neuron.output and any(x):
                up, down = (one * self.slopes[s if s != "0" else t] for t in "+-")
                found[str(j)] = x, min(p * up, q * up), max(p * down, q * down)
        return found

    def value(self, neuron: Neuron, j: int) -> Fraction:
        """The activation of the neuron at an item, if it feeds its output, else 0."""
        i, fed = self.items[j].data, self.items[j].output == neuron.output
        return self.slopes[neuron.signs[i]] * inner(neuron.w, neuron.xs[i]) * fed


def inner(p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(p, q, strict=True)), Fraction(0))


def verify_cone(proof: Any, folds: Folds, sides: dict[str, str], where: str) -> None:
    """That the sum of the folds is >= 0 for all d with side <x, d> >= 0."""
    if "split" in read(proof, {str: object}, where):
        proof = read(proof, {"split": int, "+": object, "-": object}, where)
        for side in "+-":
            verify_cone(proof[side], folds, {**sides, str(proof["split"]): side}, f"{where}.{side}")
        return
    empty = "empty" in proof
    ((_, numbers),) = read(proof, {"empty" if empty else "multipliers": {str: Fraction}}, where).items()
    require({*numbers, *sides} <= {*folds}, f"{where}: an item without a fold")
    terms, x = list[tuple[Fraction, list[Fraction]]](), list[Fraction]()
    for j, (x, plus, minus) in folds.items():
        m = numbers.get(j, 0 if j in sides or empty or plus != minus else plus)
        if j in sides:
            require(m >= 0, f"{where}: the multiplier of item {j} is negative")
            slope = plus if sides[j] == "+" else minus
            terms.append((slope * (not empty) + (-m if sides[j] == "+" else m), x))
        else:
            require(m == 0 if empty else minus <= m <= plus, f"{where}: the slope of item {j} is not in its range")
            terms.append((m, x))
    require(not empty or any(numbers.values()), f"{where}: nothing is refuted")
    require(not any(sum(m * x[c] for m, x in terms) for c in range(len(x))), f"{where}: the combination is not 0")


def has_linear_derivative(place: Place, entry: dict[str, Any]) -> bool:
    shallow, jumps = Shallow(place), dict[tuple[int, tuple[int, ...]], Fraction]()
    one = [(Fraction(1), Fraction(1)) for _ in shallow.items]
    folds = [shallow.folds(neuron, "+", one) for neuron in shallow.neurons]
    for j, (_, _, low, high) in enumerate(shallow.items):
        free = any(row[j] for row in shallow.linear) or any(shallow.value(n, j) for n in shallow.neurons)
        parts = [
            (k, f[str(j)], n.v) for k, (n, f) in enumerate(zip(shallow.neurons, folds, strict=True)) if str(j) in f
        ]
        terms = [(k, x, v * up, v * down) for k, (x, up, down), v in parts if v and (up or down)]
        rises, falls = any(u > 0 or d < 0 for *_, u, d in terms), any(u < 0 or d > 0 for *_, u, d in terms)
        if low < high:
            if free or (len(terms) > 1 and rises and falls):
                return False
            if not (rises and falls):
                low = high = high if rises else low
        for k, x, up, down in terms:
            line = primitive(x)
            scale = next(abs(a / b) for a, b in zip(x, line, strict=True) if b)
            key = k, max(line, tuple(-a for a in line))
            jump = max(low * up, high * up) - min(low * down, high * down)
            jumps[key] = jumps.get(key, Fraction(0)) + jump * scale
    return not any(jumps.values())


def has_dual_vectors(place: Place, entry: dict[str, Any]) -> bool:
    shallow = Shallow(place)
    neurons, items = shallow.neurons, shallow.items
    stack: list[tuple[Any, dict[int, str], dict[int, dict[str, str]], str]] = [(entry["tree"], {}, {}, "tree")]
    while stack:
        node, signs, sides, where = stack.pop()
        if "dual" not in read(node, {str: object}, where):
            key = "sign" if "sign" in node else "split"
            node = read(node, {key: int if key == "sign" else (2, int), "+": object, "-": object}, where)
            k, j = node[key] if key == "split" else (node[key], 0)
            require(
                0 <= k < len(neurons) and (key == "split" or not neurons[k].v), f"{where}: no such neuron, or v != 0"
            )
            for s in "+-":
                split = {**sides, k: {**sides.get(k, {}), str(j): s}} if key == "split" else sides
                stack.append((node[s], {**signs, k: s} if key == "sign" else signs, split, f"{where}.{s}"))
            continue
        shape = [dict.fromkeys(signs.get(k, n.sides), object) for k, n in enumerate(neurons)]
        node = read(node, {"dual": (len(items), Fraction), "neurons": (len(neurons), object)}, where)
        g = node["dual"]
        require(
            all(i.low <= a <= i.high for i, a in zip(items, g, strict=True)), f"{where}: the dual is not in the box"
        )
        require(not any(inner(g, row) for row in shallow.linear), f"{where}: the dual does not balance a bias")
        for k, neuron in enumerate(neurons):
            cones = read(node["neurons"][k], shape[k], f"{where}.neurons[{k}]")
            along = sum((a * shallow.value(neuron, j) for j, a in enumerate(g)), Fraction(0))
            for side, proof in cones.items():
                first = along if side == "+" else -along
                require(not neuron.thin or first >= 0, f"{where}: the loss falls along output weight {k}")
                if proof is None:
                    require(neuron.thin and first > 0, f"{where}: a proof is needed for neuron {k}")
                else:
                    folds = shallow.folds(neuron, side, [(a, a) for a in g])
                    verify_cone(proof, folds, sides.get(k, {}), f"{where}.neurons[{k}].{side}")
    return True


def has_cones(place: Place, entry: dict[str, Any]) -> bool:
    shallow, squared, where = Shallow(place), place.problem.squared, "neurons"
    items, neurons = shallow.items, shallow.neurons
    for row in shallow.linear:
        rises = [sum(max(i.low * s * a, i.high * s * a) for i, a in zip(items, row, strict=True)) for s in (1, -1)]
        require(max(rises) <= 0 and not (squared and any(row)), "the loss rises along a bias")
    for k, given in enumerate(read(entry["neurons"], (len(neurons), {str: object}), where)):
        neuron, spot = neurons[k], f"{where}[{k}]"
        shape = {"cone": object, **({"margin": Fraction} if squared and not neuron.thin else {})}
        for side, proof in read(given, dict.fromkeys(neuron.sides, shape), spot).items():
            margin = proof.get("margin", Fraction(0))
            require(margin > 0 or not squared or neuron.thin, f"{spot}.{side}: the margin is not positive")
            if neuron.thin:
                changes = shallow.folds(neuron, side, [(Fraction(1), Fraction(1)) for _ in items])
                kinks = {str(j) for j, item in enumerate(items) if squared or item.low < item.high}
                still = not any(any(fold[1:]) for j, fold in changes.items() if j in kinks)
                first = sum(item.low * shallow.value(neuron, j) for j, item in enumerate(items))
                require(still and first == 0, f"{spot}: the loss rises along the output weight")
            falls = [(margin - item.low, -margin - item.high) for item in items]  # -H' - margin * |change|
            verify_cone(proof["cone"], shallow.folds(neuron, side, falls), {}, f"{spot}.{side}")
    return True


# ---------------------------------------- Lagrange multipliers, any network


class Jets(Space):
    """Everything up to degree 2 in the displacement from a point."""

    def _layer(self, i: int, l: int, signs: str) -> list[Polynomial]:
        return [{m: c for m, c in p.items() if len(m) < 3} for p in super()._layer(i, l, signs)]


def near_slopes(place: Place) -> list[list[list[Any]]]:
    """For each data point and layer the slopes of the units near the point: None on a kink, 1 without activation, 0 for
    units that only feed units of slope 0, so that the loss does not depend on them.
    """
    found, end = [], 0
    for stack in place.near.stacks:
        rows, needed, end = list[list[Any]](), set(range(len(stack[-1].rows))), end + place.near.width
        rest = place.signs[:end]
        for layer in reversed(stack):
            own: list[Any] = [1] * len(layer.rows)
            if layer.slopes:
                signs, rest = rest[-len(own) :], rest[: -len(own)]
                kinked = len(set(layer.slopes.values())) > 1
                own = [None if s == "0" and kinked else layer.slopes[s] for s in signs]
            rows.insert(0, [s if r in needed else 0 for r, s in enumerate(own)])
            needed = {c for row, s in zip(layer.rows, rows[0], strict=True) if s != 0 for _, _, c in row}
        found.append(rows)
    return found


def symmetries(place: Place, slopes: Any, translations: list[list[Fraction]]) -> list[list[Fraction]]:
    """The directions of the rescalings, the shears, and the translations, which must be such."""
    problem, point, moves, zero = place.problem, place.point, list[dict[int, Fraction]](), Fraction(0)
    require(not (problem.decay and translations), "translations: with weight decay or a penalty there are none")
    for l, (layer, after) in enumerate(itertools.pairwise(problem.layers) if not problem.decay else ()):
        n, biased = len(layer.rows), {f"b{l + 1}", f"b{l + 2}"} <= {*problem.shape}
        bounded(n * (n + len(place.near.stacks)) * place.size)
        if not {f"W{l + 1}", f"W{l + 2}"} <= {*problem.shape}:
            moves.append({w: point[w] for row in layer.rows for _, w, _ in row})
            moves[-1] |= {w: -point[w] for row in after.rows for _, w, c in row if c >= 0}
            continue
        seen = [[rows[l][r] for rows in slopes if any(s != 0 for s in rows[l + 1])] for r in range(n)]
        for a, b in itertools.product(range(n), range(-biased, n)):  # b = -1 is the constant 1
            alike = seen[a] == seen[b] if b >= 0 else len(set(seen[a])) == 1
            if a == b or (alike and None not in seen[a]):
                values = {c: point[w] for _, w, c in layer.rows[b]} if b >= 0 else {-1: Fraction(1)}
                moves.append({w: values.get(c, zero) for _, w, c in layer.rows[a]})
                for places in ({c: w for _, w, c in row} for row in after.rows):
                    moves[-1][places[b]] = -point[places[a]] * (seen[a][0] if b < 0 else 1)
    for d, (i, stack), (l, layer) in itertools.product(
        translations, enumerate(place.near.stacks), enumerate(problem.layers)
    ):
        below: list[Polynomial] = [{(c,): Fraction(1)} if s != 0 else {} for c, s in enumerate(slopes[i][l - 1])]
        values_in = [*(below if l else place.near.inputs[i]), ONE]
        passed = [total((a * d[w], values_in[c]) for a, w, c in row) for row in layer.rows]
        if not layer.slopes and l + 1 == len(problem.layers):
            l, passed = l + 1, [total((a, [*passed, {}][r]) for a, _, r in row) for row in stack[-1].rows]
        seen_by = [p for p, s in zip(passed, slopes[i][l], strict=True) if s != 0]
        require(not any(seen_by), "translations: one changes the loss, for all that is seen")
    return [*translations, *([move.get(v, zero) for v in range(place.size)] for move in moves)]


def substitute(p: Polynomial, v: int, q: Polynomial) -> Polynomial:
    """The polynomial with q in the place of the variable v."""
    powers = ((reduce(product, [q] * m.count(v), {tuple(w for w in m if w != v): c})) for m, c in p.items())
    return total((1, power) for power in powers)


def is_constant_on_zeros(p: Polynomial, forms: list[Polynomial]) -> bool:
    """Whether p is constant where the forms are 0, those that can be solved for a variable that is there once."""
    while forms:
        f, *forms = forms
        v = min((v for t in f if len(t) == 1 for v in t if sum(v in m for m in f) == 1), default=None)
        if v is not None:
            solved = {m: -c / f[v,] for m, c in f.items() if m != (v,)}
            p, *forms = (substitute(g, v, solved) for g in [p, *forms])
    return is_constant(p)


def has_lagrangians(place: Place, entry: dict[str, Any], strict: bool = False) -> bool:
    problem, size, width, slopes = place.problem, place.size, place.near.width, near_slopes(place)
    hidden = width - (0 if problem.squared else len(problem.losses[0].rows))
    jets = Jets(problem, [clean({(): p, (v,): Fraction(1)}) for v, p in enumerate(place.point)])
    moves = symmetries(place, slopes, [flat(d) for d in entry["translations"]] if not strict else [])
    flown = len(echelon(moves))
    require(not (strict and flown), "the loss is the same along the curves of symmetries")
    marks = [s for rows in slopes for own, layer in zip(rows, jets.stacks[0], strict=True) if layer.slopes for s in own]
    todo: list[tuple[Any, str, str]] = [(entry["tree"], "", "tree")]
    while todo:
        node, path, where = todo.pop()
        signs, bounds, complete = dict[int, str](), Bounds(), True
        for k, unit in jets.walk(signs):
            signs[k] = place.signs[k]
            if marks[k] is None and unit:
                if k % width < hidden:
                    complete = len(bounds) < len(path)
                    if not complete:
                        break
                    signs[k] = path[len(bounds)]
                bounds[k] = signs[k], unit
        if "empty" in read(node, {str: object}, where):
            first = {k: bound for k, bound in bounds.items() if k % width < min(hidden, len(problem.layers[0].rows))}
            verify_farkas(read(node, {"empty": object}, where)["empty"], first, where)
            continue
        if not complete:
            node = read(node, {"+": object, "-": object}, where)
            todo += [(node[side], path + side, f"{where}.{side}") for side in "+-"]
            continue
        exact = "cross-term" in node and not strict
        ((_, numbers),) = read(node, {"cross-term" if exact else "multipliers": {str: Fraction}}, where).items()
        require(numbers.keys() <= {*map(str, bounds)}, f"{where}: a multiplier of a unit without a kink")
        spelled, pairs, tight = "".join(signs[k] for k in sorted(signs)), list[tuple[Fraction, int]](), list[int]()
        for k, (side, _) in bounds.items():
            m = numbers.get(str(k), Fraction(0))
            most = problem.weights[k // width][k % width - hidden] if side == "0" else None
            require(m >= 0 and (most is None or m <= most), f"{where}.{k}: the multiplier is not in its range")
            pairs.append((-m if side == "+" else m, k))
            tight += [k] if m not in (0, most) else []
        lagrangian = total([(1, jets.loss(spelled)), *((m, bounds[k][1]) for m, k in pairs)])
        require(all(len(v) != 1 for v in lagrangian), f"{where}: the gradient is not 0")
        if exact:
            units = dict(place.near.walk(spelled))
            sided = all(k in bounds or k % width >= hidden or not units[k] for k, s in enumerate(marks) if s is None)
            cross = total([(1, place.tangent(spelled)), *((m, units[k]) for m, k in pairs)])
            constant = sided and is_constant_on_zeros(cross, [units[k] for k in tight])
            require(constant, f"{where}: a unit without a side, or the cross term is not constant")
            continue
        forms: list[Polynomial] = [{v: c for v, c in bounds[k][1].items() if len(v) == 1} for k in tight]
        quadratic: Polynomial = {v: c for v, c in lagrangian.items() if len(v) == 2}
        still = not any(evaluate(form, move) for form in [*forms, quadratic] for move in moves)
        borders: list[Polynomial] = [{(v, size + n): c for (v,), c in form.items()} for n, form in enumerate(forms)]
        # bordered by forms, the inertia is that on their zeros and (r, r, ..)
        extra, r = len(forms), len(echelon([f.get((v,), 0) for v in range(size)] for f in forms))
        found = inertia(total((1, form) for form in [quadratic, *borders]), size + extra)
        require(still and found == (size - flown, r, flown + extra - r), f"{where}: not positive apart from symmetries")
    return True


# ---------------------------------------- the cells around a point


def least(p: Polynomial) -> Fraction:
    """A lower bound of a polynomial in variables between 0 and 1."""
    return sum((c for m, c in p.items() if c < 0 or not m), Fraction(0))


class Around:
    """The cells whose closure contains a point; ? is the sign of a unit that vanishes there, but not identically."""

    def __init__(self, place: Place):
        self.place, self.problem, self.near, found = place, place.problem, place.near, dict[int, str]()
        for k, unit in self.near.walk(found):
            found[k] = "?" if unit and place.signs[k] == "0" else place.signs[k]
        self.signs = "".join(found[k] for k in sorted(found))
        self.first = len(self.problem.layers[0].rows) if self.problem.layers[0].slopes else 0  # units of layer 1
        self.last = self.near.width - (0 if self.problem.squared else len(self.problem.losses[0].rows))  # loss units

    def entered(self, curve: list[Any]) -> str:
        """The signs of the cell in which a curve lies for all small t > 0."""
        signs = Space(self.problem, self.place.curve(curve)).signs()
        for k, unit in self.near.walk(signs):
            require(signs[k] != "0" or not unit, f"the curve lies in no cell: unit {k} is 0 on it")
        return signs

    def combination(self, cells: list[Any]) -> list[Fraction]:
        """The convex combination of the gradients of some of these cells."""
        weights = [cell["multiplier"] for cell in cells]
        require(min(weights, default=0) > 0 and sum(weights) == 1, "the multipliers are not positive, with sum 1")
        gradients = [self.place.gradient(self.entered(cell["curve"])) for cell in cells]
        return [inner(weights, column) for column in zip(*gradients, strict=True)]

    def slope(self, u: list[Fraction], signs: str) -> Fraction:
        """A lower bound of <u, gradient> over these cells, as far as they have these signs."""
        point, squared = self.place.point, self.problem.squared
        line = Space(self.problem, [clean({(): p, (0,): d}) for p, d in zip(point, u, strict=True)])
        bound = sum((2 * c * evaluate(f, point) * evaluate(f, u) for c, f in self.problem.decay), Fraction(0))
        for i, weights in enumerate(self.problem.weights):
            own = signs[i * line.width :][: line.width]
            hidden, kinks, certain = own[: self.last], own[self.last :], list[tuple[int, Polynomial]]()
            rows = line.values(i, len(line.stacks[0]), hidden + kinks.replace("?", "+"))
            for s, w, r in zip(kinks or "+" * len(rows), weights, rows, strict=True):
                a = 2 * w * r.get((), Fraction(0)) if squared else w
                slope = clean({tuple(v for v in m if v): a * c for m, c in r.items() if m.count(0) == 1})
                certain.append((s != "?", slope))
                bound += min(Fraction(0), least(slope)) if s == "?" else 0
            bound += least(total(certain))
        return bound

    def varies(self, signs: str) -> bool:
        """Whether a coefficient of the loss (squared: of a residual) is 0 on none of these cells with these signs."""
        squared = self.problem.squared
        for p in [r for row in self.near.summands(signs) for r in row] if squared else [self.near.loss(signs, False)]:
            parts: dict[tuple[int, ...], Polynomial] = {}
            for m, c in p.items():
                parts.setdefault(tuple(v for v in m if v >= 0), {})[tuple(v for v in m if v < 0)] = c
            if any(m and max(least(q), least(total([(-1, q)]))) > 0 for m, q in parts.items()):
                return True
        return bool(self.problem.decay)

    def verify(self, tree: Any, closed: Callable[[str], bool], reason: str) -> bool:
        """That each of these cells is excluded by a refutation, or at a leaf that its signs close."""
        stack: list[tuple[Any, str, dict[int, str], str]] = [(tree, self.signs, {}, "tree")]
        while stack:
            node, signs, sides, where = stack.pop()
            key = next((key for key in ("split", "sign", "empty") if key in read(node, {str: object}, where)), "")
            if key in ("split", "sign"):
                k = read(node, {key: int, "+": object, "-": object}, where)[key]
                fits = 0 <= k < len(signs) and signs[k] == "?" and not self.first <= k % self.near.width < self.last
                require(fits or key == "sign", f"{where}: no open unit of layer 1 or of the loss")
                for s in "+-":
                    new = (signs[:k] + s + signs[k + 1 :], sides) if key == "split" else (signs, {**sides, k: s})
                    stack.append((node[s], *new, f"{where}.{s}"))
            elif key:
                self.refute(read(node, {"empty": {str: Fraction}}, where)["empty"], signs, sides, where)
            else:
                require(not node and closed(signs), f"{where}: {reason}")
        return True

    def refute(self, given: dict[str, Fraction], signs: str, sides: dict[int, str], where: str) -> None:
        """That no cell has these signs: a sum of units times signs is positive on it, and <= 0 for all small moves."""
        known = {str(k): k for k, s in enumerate(signs) if s in "+-" and self.place.signs[k] == "0"}
        require({*given} <= {*known} and min(given.values(), default=0) > 0, f"{where}: nothing is refuted")
        signed = [(known[key], m if signs[known[key]] == "+" else -m) for key, m in given.items()]
        units = [(*divmod(k, self.near.width), m) for k, m in signed]
        if all(u < self.first for _, u, _ in units):
            require(not total((m, self.near.layer(i, 0, "")[u]) for i, u, m in units), f"{where}: the sum is not 0")
            return
        shallow, outer = Shallow(self.place, decay=True), list[tuple[int, Fraction]]()
        for i, u, m in units:
            j = i * len(self.problem.weights[i]) + u - self.first
            outer += [(j, m if shallow.items[j].high > 0 else -m)] if u >= self.first else []
        still = not any(sum(m * row[j] for j, m in outer) for row in shallow.linear)
        require(still, f"{where}: the sum changes with a bias")
        for k, n in enumerate(shallow.neurons):
            fed = [(m, shallow.items[j].data) for j, m in outer if shallow.items[j].output == n.output]
            slopes = [signs[i * self.near.width + k] for _, i in fed]
            require("?" not in slopes, f"{where}: an open unit of neuron {k} takes part")
            own = [(m, n.xs[i]) for i, u, m in units if u == k]
            for side in sides.get(k, n.sides):
                a = 1 if side == "+" else -1
                parts = own + [(a * m * shallow.slopes[s], n.xs[i]) for s, (m, i) in zip(slopes, fed, strict=True)]
                c = [sum((m * x[e] for m, x in parts), Fraction(0)) for e in range(len(n.w))]
                falls = not any(c) or (not n.v and inner(c, n.w) < 0)
                require(falls, f"{where}: the sum may grow with neuron {k}")


def has_multipliers(place: Place, entry: dict[str, Any]) -> bool:
    return not any(Around(place).combination(entry["cells"]))


def is_least_norm(place: Place, entry: dict[str, Any]) -> bool:
    around, u = Around(place), flat(entry["direction"])
    require(any(u) and around.combination(entry["cells"]) == u, "the direction is 0, or not that combination")
    return around.verify(entry["tree"], lambda signs: around.slope(u, signs) >= inner(u, u), "the bound is too small")


def is_separated(place: Place, entry: dict[str, Any]) -> bool:
    around, u = Around(place), flat(entry["direction"])
    return around.verify(entry["tree"], lambda signs: around.slope(u, signs) > 0, "the bound is not positive")


def has_constant_cell(place: Place, entry: dict[str, Any]) -> bool:
    around = Around(place)
    return not around.varies(around.entered(entry["curve"]))


def has_no_constant_cell(place: Place, entry: dict[str, Any]) -> bool:
    around = Around(place)
    return around.verify(entry["tree"], around.varies, "the loss may be constant")


def verify_incident(place: Place, given: dict[str, Any]) -> str:
    around, listed = Around(place), set[str]()
    for k, cell in enumerate(given["cells"]):
        where, signs = f"incident.cells[{k}]", around.entered(cell["curve"])
        require(place.near.spell(signs) == cell["signature"], f"{where}: it is {show(place.near.spell(signs))}")
        require(signs not in listed, f"{where}: the same signature twice")
        listed.add(signs)
    complete = "tree" in given and around.verify(given["tree"], lambda signs: signs in listed, "a cell is not listed")
    return f"{len(listed)} incident cells" + (", and no others" if complete else "")


# ---------------------------------------- the global minimum, one hidden layer, one output


def echelon(rows: Iterable[Sequence[Fraction | int]]) -> dict[int, list[Fraction]]:
    """{pivot column: row} of the reduced echelon form, pivots in any order."""
    found: dict[int, list[Fraction]] = {}
    for given in rows:
        row = [Fraction(a) for a in given]
        for p, base in found.items():
            row = [a - row[p] * b for a, b in zip(row, base, strict=True)]
        p = next((c for c, a in enumerate(row) if a), -1)
        if p >= 0:
            row = [a / row[p] for a in row]
            found = {q: [a - base[p] * b for a, b in zip(base, row, strict=True)] for q, base in found.items()}
            found[p] = row
    return found


def rays(rows: Iterable[Sequence[Fraction]]) -> list[list[Fraction]]:
    """Generators of all closed chambers of the hyperplanes <row, d> = 0, in coordinates that make them pointed."""
    normals = list(dict.fromkeys(max(h, tuple(-a for a in h)) for h in map(primitive, rows) if any(h)))
    columns = list(echelon(normals))
    bits = max((a.bit_length() for h in normals for a in h), default=0)
    bounded(comb(len(normals), max(len(columns) - 1, 0)) * len(normals) * (1 + bits // 1000) ** 2)
    found: dict[tuple[int, ...], list[Fraction]] = {}
    for chosen in itertools.combinations([[h[c] for c in columns] for h in normals], max(len(columns) - 1, 0)):
        pivots = echelon(chosen)
        free = [c for c in range(len(columns)) if c not in pivots]
        if len(free) == 1:
            line = [-pivots[c][free[0]] if c in pivots else Fraction(1) for c in range(len(columns))]
            at = dict(zip(columns, line, strict=True))
            whole = [at.get(c, Fraction(0)) for c in range(len(normals[0]))]
            found[primitive(whole)] = whole
    return [[s * a for a in line] for line in found.values() for s in (1, -1)]


class Lifted:
    """A network with one hidden layer, one output, as a function of R: what vectors add to the outputs, and bounds."""

    def __init__(self, problem: Problem):
        fits = len(problem.layers) == 2 and {"W1", "W2"} <= set(problem.shape) and not problem.layers[1].slopes
        require(fits and len(problem.layers[1].rows) == 1, "needs one dense hidden layer, one output")
        first, slopes = problem.layers[0]
        self.problem, self.neurons, self.slopes = problem, len(first), slopes or {}
        self.has_bias = len(problem.layers[1].rows[0]) > self.neurons
        order = [column for _, _, column in sorted(first[0], key=operator.itemgetter(1))]
        self.rows = [[x[column] if column >= 0 else Fraction(1) for column in order] for x in problem.x]
        self.weights, terms = [w for (w,) in problem.weights], [row for loss in problem.losses for row in loss.rows]
        constants = [sum((a for a, _, column in row if column < 0), Fraction(0)) for row in terms]
        labels = [next(-a for a, _, column in row if column >= 0) for row in terms]
        self.targets = [-a for a in constants] if problem.squared else labels

    def face(self, vector: Sequence[Fraction]) -> str:
        return "".join(sign(clean({(): inner(row, vector)})) for row in self.rows)

    def change(self, vector: Sequence[Fraction], side: int, signs: str) -> list[Fraction]:
        """What R adds to the outputs, with this sign of v, in a chamber or on a face with these signs."""
        return [side * self.slopes[s] * inner(row, vector) for s, row in zip(signs, self.rows, strict=True)]

    def bound(self, g: list[Fraction], columns: Iterable[Sequence[int]], where: str) -> Fraction:
        """What the loss is at least, by a dual vector, where the outputs are a bias and a conic sum of the columns."""
        direction = primitive(g)
        require(not self.has_bias or sum(g) == 0, f"{where}: the dual does not sum to 0")
        fits = all(sum(map(operator.mul, direction, column)) >= 0 for column in columns)
        require(fits, f"{where}: the loss falls along a ray")
        rows = list(zip(g, self.weights, self.targets, strict=True))
        if self.problem.squared:
            return sum((-a * a / (4 * w) - a * t for a, w, t in rows), Fraction(0))
        require(all(0 <= -a * y <= w for a, w, y in rows), f"{where}: no dual vector of the loss")
        return sum(map(abs, g), Fraction(0))


def verify_bound(problem: Problem, tree: Any, lower: Fraction) -> bool:
    """That no loss is less than ``lower``."""
    lifted, n = Lifted(problem), len(problem.x)
    columns = list[tuple[int, list[Fraction], tuple[int, ...]]]()  # the sign of v, <ray, x_i>, changes of the outputs
    for ray in rays(lifted.rows):
        values, face = [inner(ray, row) for row in lifted.rows], lifted.face(ray)
        columns += [(side, values, primitive(lifted.change(ray, side, face))) for side in (1, -1)]
    stack: list[tuple[Any, list[Any], str]] = [(tree, [(lifted.neurons, 0, {})], "tree")]
    while stack:
        node, states, where = stack.pop()
        if "children" in read(node, {str: object}, where):
            node = read(node, {"state": int, "point?": int, "children": (None, object)}, where)
            number, i = node["state"], node.get("point", -1)
            fits = 0 <= number < len(states) and -1 <= i < n and len(node["children"]) == states[number][0] + 1
            require(fits, f"{where}: no such state or data point, or not one child for each number of neurons")
            many, side, sides = states[number]
            require(i >= 0 or not side, f"{where}: the sign of v is known")
            for up, child in enumerate(node["children"]):
                pairs = [(count, s) for count, s in ((up, 1), (many - up, -1)) if count]
                new = [(count, side, {**sides, i: s}) if i >= 0 else (count, s, sides) for count, s in pairs]
                stack.append((child, [*states[:number], *new, *states[number + 1 :]], f"{where}.children[{up}]"))
            continue
        allowed = (
            change
            for v, at, change in columns
            if any(side in (0, v) and all(s * at[i] >= 0 for i, s in sides.items()) for _, side, sides in states)
        )
        bound = lifted.bound(read(node, {"dual": (n, Fraction)}, where)["dual"], allowed, where)
        require(bound >= lower, f"{where}: the bound is {show(bound)}")
    return True


# ---------------------------------------- rules


class Rule(NamedTuple):
    """The keys that a rule reads, whether it holds, what is wrong if it does not, the decisions that it rests on."""

    keys: tuple[str, ...]
    holds: Callable[[Place, Any], bool] = lambda place, entry: True
    reason: str = ""
    needs: tuple[tuple[str, str], ...] = ()


CURVE, SIDE = ("curve", "order", "coefficient"), "a value on the wrong side"
NOT_CONSTANT = "the loss is not constant near the point"
NOT_DEFINITE = "the gradient is not 0, or the inertia of the Hessian is not (n, 0, 0)"
MINIMUM, NO_MINIMUM = (("local_minimum", "yes"),), (("local_minimum", "no"),)
RULES: dict[tuple[str, Any, str], Rule] = {
    ("differentiable", "yes", "smooth"): Rule((), lambda p, e: p.smooth(), ""),
    ("differentiable", "yes", "linear-derivative"): Rule((), has_linear_derivative, "the derivative is not linear"),
    ("differentiable", "no", "kink"): Rule(("direction",), Place.has_kink, "the one-sided derivatives add up to 0"),
    ("clarke_critical", "yes", "zero-gradient"): Rule((), lambda p, e: p.is_critical(), "the gradient is not 0"),
    ("clarke_critical", "no", "gradient"): Rule((), lambda p, e: not p.is_critical(), "the gradient is 0"),
    ("clarke_critical", "yes", "multipliers"): Rule(("cells",), has_multipliers, "the combination is not 0"),
    ("clarke_critical", "no", "least-norm"): Rule(("cells", "direction", "tree"), is_least_norm),
    ("clarke_critical", "no", "separating-direction"): Rule(("direction", "tree"), is_separated),
    ("local_minimum", "yes", "constant"): Rule((), lambda p, e: p.is_constant(), NOT_CONSTANT),
    ("local_minimum", "yes", "sum-of-squares"): Rule((), lambda p, e: p.is_sum_of_squares(), "the cross term is not 0"),
    ("local_minimum", "yes", "positive-definite"): Rule((), lambda p, e: p.is_positive_definite(), NOT_DEFINITE),
    ("local_minimum", "yes", "dual-vectors"): Rule(("tree",), has_dual_vectors, ""),
    ("local_minimum", "yes", "lagrangian"): Rule(("translations", "tree"), has_lagrangians),
    ("local_minimum", "yes", "zero-loss"): Rule((), lambda p, e: p.value == 0, "the loss is not 0"),
    ("local_minimum", "no", "descent"): Rule((*CURVE, "better"), lambda p, e: p.moves(e, "-", e["better"]), SIDE),
    ("local_maximum", "yes", "constant"): Rule((), lambda p, e: p.is_constant(), NOT_CONSTANT),
    ("local_maximum", "yes", "cones"): Rule(("neurons",), has_cones, ""),
    ("local_maximum", "no", "ascent"): Rule((*CURVE, "worse"), lambda p, e: p.moves(e, "+", e["worse"]), SIDE),
    ("global_minimum", "yes", "zero-loss"): Rule((), lambda p, e: p.value == 0, "the loss is not 0"),
    ("global_minimum", "yes", "bounding-tree"): Rule(
        ("tree",), lambda p, e: verify_bound(p.problem, e["tree"], p.value)
    ),
    ("global_minimum", "no", "better-point"): Rule(
        ("point", "loss"), Place.is_worse_than, "not the loss, or not better"
    ),
    ("saddle", "yes", "neither"): Rule((), needs=(("clarke_critical", "yes"), *NO_MINIMUM, ("local_maximum", "no"))),
    ("saddle", "no", "not-critical"): Rule((), needs=(("clarke_critical", "no"),)),
    ("saddle", "no", "minimum"): Rule((), needs=MINIMUM),
    ("saddle", "no", "maximum"): Rule((), needs=(("local_maximum", "yes"),)),
    ("kind", "flat", "constant"): Rule((), lambda p, e: p.is_constant(), NOT_CONSTANT, MINIMUM),
    ("kind", "sharp", "not-constant"): Rule(
        (), lambda p, e: not p.is_constant(), "the loss is constant there", MINIMUM
    ),
    ("kind", "flat", "constant-cell"): Rule(("curve",), has_constant_cell, "the loss is not constant there", MINIMUM),
    ("kind", "sharp", "incident-cells"): Rule(("tree",), has_no_constant_cell, needs=MINIMUM),
    ("kind", None, "none"): Rule((), needs=NO_MINIMUM),
}
for _question, _basis in ("strict", ()), ("isolated", MINIMUM):
    RULES |= {
        (_question, "no", "rescaling"): Rule(
            ("layer",), Place.can_be_rescaled, "no such hidden layer, or there is decay"
        ),
        (_question, "no", "no-minimum"): Rule((), needs=NO_MINIMUM),
        (_question, "no", "constant-line"): Rule(("direction",), Place.has_constant_line, NOT_CONSTANT, _basis),
        (_question, "no", "constant-ray"): Rule(("direction",), Place.has_constant_ray, NOT_CONSTANT, _basis),
        (_question, "yes", "positive-definite"): Rule((), lambda p, e: p.is_positive_definite(), NOT_DEFINITE),
        (_question, "yes", "lagrangian"): Rule(("tree",), lambda p, e: has_lagrangians(p, e, strict=True)),
    }


def verify_decision(place: Place, name: str, entry: dict[str, Any], answers: dict[str, Any]) -> None:
    where, answer, rule = f"decisions.{name}", entry.get("answer"), entry.get("rule")
    if answer == "undecided" and any(name == decision for decision, _, _ in RULES):
        read(entry, {"answer": str, "reason": str}, where)
        return
    known = next((key for key in RULES if key == (name, answer, rule)), None)
    if known is None:
        raise Malformed(f"{where}: unknown rule {show(rule)} for the answer {show(answer)}")
    point: Any = place.problem.shape
    value, (keys, holds, reason, needs) = {"t": Fraction, "loss": Fraction}, RULES[known]
    shapes = {"direction": point, "point": point, "curve": (None, point), "order": int, "coefficient": Fraction}
    shapes |= {"translations": (None, point)}
    shapes |= {"layer": int, "tree": object, "neurons": object, "better": value, "worse": value, "loss": Fraction}
    shapes["cells"] = (None, {"curve": (None, point), "multiplier": Fraction})
    entry = read(entry, {"answer": object, "rule": str, **{key: shapes[key] for key in keys}}, where)
    unmet = [f"{other} {need}" for other, need in needs if answers.get(other) != need]
    require(not unmet, f"{where}: rests on {', '.join(unmet)}")
    try:
        require(holds(place, entry), reason)
    except Rejected as rejected:
        raise Rejected(f"{where}: {rejected}") from None


def answers_of(decisions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {name: decision.get("answer") for name, decision in decisions.items()}


def verify_decisions(place: Place, decisions: dict[str, dict[str, Any]], where: str) -> None:
    answers = answers_of(decisions)
    for name, decision in decisions.items():
        try:
            verify_decision(place, name, decision, answers)
        except Rejected as rejected:
            raise Rejected(f"{where}.{rejected}") from None


def check_point(c: dict[str, Any]) -> str:
    problem = Problem(c["problem"])
    place = Place(problem, problem.point(c["point"], "point"))
    require("at" not in c or problem.points.get(c["at"]) == place.point, "at: the problem has no such point")
    signs = place.here.read_signs(c["signature"], "signature")
    require(signs == place.signs, f"signature: it is {show(place.here.spell(place.signs))}")
    require(c["loss"] == place.value, f"loss: it is {show(place.value)}")
    answers = answers_of(c["decisions"])
    for name, entry in c["decisions"].items():
        verify_decision(place, name, entry, answers)
    for k, step in enumerate(read(c.get("constant_along", []), (None, problem.shape), "constant_along")):
        require(place.has_constant_line({"direction": step}), f"constant_along[{k}]: the loss is not constant")
    words = [f"{name} {'null' if answer is None else answer}" for name, answer in answers.items()]
    if "incident" in c:
        cell = {"signature": str, "curve": (None, problem.shape)}
        words.append(verify_incident(place, read(c["incident"], {"cells": (None, cell), "tree?": object}, "incident")))
    if "spurious" in c:
        well_formed(c["spurious"], "spurious: it is true, or it is absent")
        pair = answers.get("local_minimum"), answers.get("global_minimum")
        require(pair == ("yes", "no"), "spurious: needs local_minimum yes and global_minimum no")
        words.append("spurious")
    return ", ".join([f"loss {show(place.value)}", *words])


# ---------------------------------------- data


def balanced(problem: Problem, multipliers: list[list[Fraction]], features: list[dict[Any, Fraction]]) -> bool:
    """Whether sum_iu multiplier_iu c_r feature_i is 0 for every r."""
    sums: dict[Any, Fraction] = {}
    for loss, row, feature in zip(problem.losses, multipliers, features, strict=True):
        for m, unit in zip(row, loss.rows, strict=True):
            for (c, _, r), (key, value) in itertools.product(unit[1:], feature.items()):
                sums[r, key] = sums.get((r, key), Fraction(0)) + m * c * value
    return not any(sums.values())


def is_rare(problem: Problem, features: list[dict[Any, Fraction]], lambdas: set[Fraction]) -> bool:
    """Whether one of all choices is balanced: the sums of the choices that are not empty, data point by data point."""
    sums = set[tuple[Fraction, ...]]()
    for loss, weights, feature in zip(problem.losses, problem.weights, features, strict=True):
        outputs = range(len(problem.layers[-1].rows))
        units = [{r: w * c for c, _, r in unit[1:]} for w, unit in zip(weights, loss.rows, strict=True)]
        require(2 ** len(units) * len(lambdas) <= TERMS // 5, "too many choices to try")
        some = (s for k in range(1, len(units) + 1) for s in itertools.combinations(units, k))
        rows = [[sum((u.get(r, Fraction(0)) for u in s), Fraction(0)) for r in outputs] for s in some]
        steps = {tuple(a * c * f for c in row for f in feature.values()) for a in lambdas for row in rows}
        require(len(steps) * (len(sums) + 1) <= TERMS // 5, "too many choices to try")
        sums |= steps | {tuple(a + b for a, b in zip(s, t, strict=True)) for s in sums for t in steps}
    return any(not any(s) for s in sums)


def check_data(c: dict[str, Any]) -> str:
    problem, name, depth = Problem(c["problem"]), c["property"], len(c["problem"]["network"]["widths"]) - 2
    well_formed(not problem.squared, "problem.loss: a hinge kind is needed")
    n, units, outputs = len(problem.x), len(problem.losses[0].rows), len(problem.layers[-1].rows)
    features = [dict(enumerate([*x, Fraction(1)])) for x in problem.x]
    many, own = (n, (units, Fraction)), name == "rare-as-printed"
    rare = {"lambda": (n, Fraction), "epsilon": (n, (units + own, int))}
    shapes: dict[tuple[str, str], dict[str, Any]] = {
        ("separable", "yes"): {"map": (outputs, (len(features[0]), Fraction))},
        ("separable", "no"): {"multipliers": many},
        ("equal-class-weights", "yes"): {},
        ("equal-class-weights", "no"): {},
        ("rare", "yes"): rare,
        ("rare", "no"): {},
        ("rare-as-printed", "yes"): rare,
    }
    well_formed((name, c["answer"]) in shapes, f"property: {show(name)} with the answer {show(c['answer'])} is unknown")
    given = read(c["witness"], shapes[name, c["answer"]], "witness")
    if "map" in given:
        for i, (loss, feature) in enumerate(zip(problem.losses, features, strict=True)):
            o = [sum(a * f for a, f in zip(row, feature.values(), strict=True)) for row in given["map"]]
            met = all(1 + sum(a * o[r] for a, _, r in unit[1:]) <= 0 for unit in loss.rows)
            require(met, f"witness.map: a loss unit of data point {i} is positive")
    elif name == "equal-class-weights":
        equal = balanced(problem, problem.weights, [{0: Fraction(1)}] * n)
        require(equal == (c["answer"] == "yes"), f"answer: the weights are {'' if equal else 'not '}equal")
    elif name == "separable":
        fits = any(map(any, given["multipliers"])) and min(map(min, given["multipliers"])) >= 0
        require(fits and balanced(problem, given["multipliers"], features), "witness.multipliers: nothing is refuted")
    else:
        plus, minus = (read_slopes(c["problem"]["network"]["activation"], "problem")[s] for s in "+-")
        lambdas = {Fraction(plus**k * minus ** (depth - k)) for k in range(depth + 1)}
        require(minus > 0, "rare: the slope s_minus must be positive")
        if given:
            epsilon = given["epsilon"]
            fits = any(map(any, epsilon)) and {e for row in epsilon for e in row} <= {0, 1}
            require(fits and lambdas >= set(given["lambda"]), "witness: an entry that is not allowed")
            rows = zip(given["lambda"], problem.weights, epsilon, strict=True)
            chosen = [[a * w * e for w, e in zip(weights, row)] for a, weights, row in rows]  # noqa: B905
            require(balanced(problem, chosen, features), "witness: an equation does not hold")
        else:
            require(not is_rare(problem, features, lambdas), "rare: some lambda and epsilon solve the equations")
    return f"{name} {c['answer']}"


# ---------------------------------------- the minimum


def check_minimum(c: dict[str, Any]) -> str:
    problem = Problem(c["problem"])
    point = Place(problem, problem.point(c["point"], "point"))
    require(c["upper"] == point.value, f"upper: the loss is {show(point.value)}")
    verify_bound(problem, c["tree"], c["lower"])
    exact = c["lower"] == c["upper"]
    return f"the global minimum is {show(c['upper'])}" if exact else f"the global minimum is >= {show(c['lower'])}"


# ---------------------------------------- the atlas


def longest(numbers: Iterable[Fraction | int]) -> int:
    """The number of bits of the longest numerator or denominator."""
    return max((max(a.numerator.bit_length(), a.denominator.bit_length()) for a in numbers), default=0)


class Fan(Lifted):
    """A network with one hidden layer, one output: chambers, rays, what the rays add to the outputs."""

    def __init__(self, c: dict[str, Any]):
        super().__init__(Problem(c["problem"]))
        require(not self.problem.decay, "needs a loss without decay")
        self.complete, size = c["complete"], len(self.rows[0])
        verify_chambers(self.rows, size, c["chambers"], "chambers", True, False)
        self.chambers = [chamber["signs"] for chamber in c["chambers"]]
        self.rays = read(c["rays"], (None, (size, Fraction)), "rays")
        found = sorted(map(primitive, rays(self.rows)))
        require(sorted(map(primitive, self.rays)) == found, "rays: these are not all rays")
        bounded(len(self.chambers) * len(self.rays) // 20)
        self.containing = cache(self._containing)
        self.signs = [self.face(ray) for ray in self.rays]
        pairs = list(zip(self.rays, self.signs, strict=True))
        self.columns = [self.change(ray, side, face) for ray, face in pairs for side in (1, -1)]
        self.senses = [primitive(column) for column in self.columns]
        self.bits = longest(itertools.chain(self.weights, self.targets, *self.columns))
        self.within = [
            {r for r, face in enumerate(self.signs) if k in self.containing(face)} for k in range(len(self.chambers))
        ]

    def _containing(self, face: str) -> set[int]:
        """The closed chambers that contain a face."""
        chambers = enumerate(self.chambers)
        return {k for k, signs in chambers if all(f in ("0", s) for f, s in zip(face, signs, strict=True))}

    def own(self, piece: Sequence[int]) -> list[set[int]]:
        return [{2 * r + q % 2 for r in self.within[q // 2]} for q in piece]

    def loss(self, outputs: Sequence[Fraction]) -> Fraction:
        rows = zip(self.weights, self.targets, outputs, strict=True)
        if self.problem.squared:
            return sum((w * (o - t) ** 2 for w, t, o in rows), Fraction(0))
        return sum((w * max(1 - t * o, Fraction(0)) for w, t, o in rows), Fraction(0))


Piece = tuple[int, ...]  # of each neuron the chamber and the sign of v: 2 c (v > 0), 2 c + 1 (v < 0); sorted


class Best(NamedTuple):
    """The least loss on a piece, its dual vector, its face, and an optimum: weights, R of each neuron, the outputs."""

    value: Fraction
    dual: list[Fraction]
    face: list[Fraction]
    weights: dict[int, Fraction]
    vectors: list[list[Fraction]]
    outputs: list[Fraction]


class Atlas(Fan):
    """The pieces, and the least loss on each."""

    def __init__(self, c: dict[str, Any]):
        super().__init__(c)
        self.best: dict[tuple[int, ...], Best] = {}
        self.inside: dict[tuple[int, ...], tuple[int, ...]] = {}
        self.visits = 0
        pieces = comb(2 * len(self.chambers) + self.neurons, self.neurons)
        bounded(pieces * (1 + len(self.rows) * self.bits // 5000) ** 2)
        for m, level in enumerate(read(c["levels"], (self.neurons + 1, (None, object)), "levels")):
            own = list(self.pieces(m))
            require(len(level) == len(own), f"levels[{m}]: {len(own)} pieces are needed")
            for n, (piece, entry) in enumerate(zip(own, level, strict=True)):
                require(entry is not None or not self.complete, f"levels[{m}][{n}]: a piece is missing")
                if entry is not None:
                    self.verify(piece, entry, f"levels[{m}][{n}]")
        self.minimum = min(self.best[piece].value for piece in self.pieces(self.neurons)) if self.complete else None

    def pieces(self, m: int) -> Iterator[tuple[int, ...]]:
        return itertools.combinations_with_replacement(range(2 * len(self.chambers)), m)

    def outputs(
        self, weights: Any, bias: Fraction, allowed: set[int], where: str
    ) -> tuple[dict[int, Fraction], list[Fraction]]:
        names = {str(j): j for j in allowed}
        fits = all(key in names and y > 0 for key, y in weights.items()) and (self.has_bias or not bias)
        require(fits, f"{where}: a weight that is not allowed, or a bias")
        known = {names[key]: y for key, y in weights.items()}
        return known, [sum((y * self.columns[j][i] for j, y in known.items()), bias) for i in range(len(self.rows))]

    def verify(self, piece: Piece, entry: Any, where: str) -> None:
        n, number_of = len(self.rows), len(piece)
        shape = {
            "dual": (n, Fraction),
            "weights": {str: Fraction},
            "bias": Fraction,
            "inside?": (number_of, int),
            "face?": (n, Fraction),
        }
        entry, own = read(entry, shape, where), self.own(piece)
        allowed = set[int]().union(*own)
        weights, outputs = self.outputs(entry["weights"], entry["bias"], allowed, where)
        value = self.loss(outputs)
        bound = self.bound(entry["dual"], (self.senses[j] for j in allowed), where)
        require(bound == value, f"{where}: the loss {show(value)} is not the bound")
        vectors = []
        for columns in own:
            parts = [(y / sum(j in c for c in own), self.rays[j // 2]) for j, y in weights.items() if j in columns]
            vectors.append([sum((y * ray[k] for y, ray in parts), Fraction(0)) for k in range(len(self.rows[0]))])
        f = entry["dual"] if not self.problem.squared else entry.get("face", entry["dual"])
        self.best[piece] = Best(value, entry["dual"], f, weights, vectors, outputs)
        if "inside" in entry:
            other = entry["inside"]
            fits = all(q in range(2 * len(self.chambers)) and q % 2 == p % 2 for p, q in zip(piece, other, strict=True))
            require(fits, f"{where}.inside: no piece with the same signs")
            there = self.own(other)
            strict = {j for here, then in zip(own, there, strict=True) for j in here - then}
            fits = all(inner(f, self.columns[j]) >= 0 for j in allowed) and not (self.has_bias and sum(f) != 0)
            fits = fits and all(inner(f, self.columns[j]) > 0 for j in strict)
            fits = fits and not (self.problem.squared and inner(f, outputs))
            require(fits, f"{where}.face: some optimum may use a column that is not in the other piece")
            self.inside[piece] = tuple(sorted(other))
        elif self.complete and not self.problem.squared and number_of < self.neurons:
            unused = (j for j in allowed if j not in weights)
            require(
                all(inner(entry["dual"], self.columns[j]) > 0 for j in unused), f"{where}: not the relative interior"
            )

    def dimension(self, piece: Piece, where: str) -> int:
        """The dimension of the set of all optima of a piece, in R and the bias."""
        best, own, hinge = self.best[piece], self.own(piece), not self.problem.squared
        f, rows = best.face, list(zip(best.face, self.weights, self.targets, best.outputs, strict=True))
        fits = all((inner(f, self.columns[j]) > 0) != (j in best.weights) for j in set[int]().union(*own))
        fits = fits and not any(inner(f, self.columns[j]) for j in best.weights) and not (self.has_bias and sum(f) != 0)
        fits = fits and not (hinge and any(y * o == 1 and not 0 < -a * y < w for a, w, y, o in rows))
        require(fits, f"{where}: the optimum is not shown to be in the relative interior")
        tight = [i for i, (_, _, y, o) in enumerate(rows) if not hinge or y * o == 1]
        moves = [[self.columns[j][i] for i in tight] for j in best.weights] + [
            [Fraction(1)] * len(tight)
        ] * self.has_bias
        spans = (echelon(self.rays[j // 2] for j in columns & best.weights.keys()) for columns in own)
        lines = len(piece) * (len(self.rows[0]) - len(echelon(self.rows)))
        return sum(map(len, spans)) + lines + self.has_bias - len(echelon(moves))

    def value(self, piece: Iterable[int]) -> Fraction | None:
        """The least loss on a piece; None where it is not known, and the atlas not complete."""
        best = self.best.get(tuple(sorted(piece)))
        return best.value if best else None

    def around(self, piece: Piece, vectors: Sequence[Sequence[Fraction]], thin: Sequence[int] = ()) -> set[Piece]:
        """The pieces that contain vectors, with the signs of v of a piece, and neurons in chambers, with any signs."""
        pairs = zip(piece, map(self.face, vectors), strict=True)
        choices = [[2 * k + q % 2 for k in sorted(self.containing(face))] for q, face in pairs]
        found: set[Piece] = {()}
        for choice in [*choices, *([2 * k, 2 * k + 1] for k in thin)]:
            found = {tuple(sorted((*other, q))) for other in found for q in choice}
            self.visits += len(found)
            bounded(self.visits // 40)
        return found

    def is_minimum(self, piece: Piece, vectors: Sequence[Sequence[Fraction]], thin: Sequence[int] = ()) -> bool:
        """Whether all pieces around, with neurons in these chambers and any signs added, have the same least loss."""
        beta = self.value(piece)
        return beta is not None and all(self.value(other) == beta for other in self.around(piece, vectors, thin))

    def hosts(self, m: int) -> Iterator[tuple[int, ...]]:
        """The pieces whose optima are local minima, and in no other piece that is given."""
        for piece in self.pieces(m):
            if piece in self.inside:
                other, here = self.value(self.inside[piece]), self.best[piece].value
                known = other is not None and other <= here and (other < here or self.inside[piece] not in self.inside)
                require(
                    known or not self.complete,
                    f"the piece {list(piece)} is inside one that is not better and not final",
                )
            elif self.complete or (piece in self.best and self.is_minimum(piece, self.best[piece].vectors)):
                require(self.is_minimum(piece, self.best[piece].vectors), f"the piece {list(piece)} is not decided")
                yield piece

    # neurons with v = 0, hinge losses

    def dangers(self, piece: Piece, cells: Sequence[int]) -> list[tuple[Piece, tuple[int, ...]]]:
        """The pieces around and the signs of v with which neurons in these chambers can lower the loss."""
        beta, vectors, found = self.value(piece), self.best[piece].vectors, []
        around = sorted(self.around(piece, vectors))
        self.visits += len(around) * len(cells) << len(cells)
        bounded(self.visits // 40)
        for other in around:
            for sides in itertools.product((1, -1), repeat=len(cells)):
                if self.value((*other, *(2 * k + (s < 0) for k, s in zip(cells, sides, strict=True)))) != beta:
                    found.append((other, sides))
        return found

    def verify_good(self, piece: Piece, cells: Sequence[int], entry: dict[str, Any], where: str) -> None:
        opened = [self.face(w) == self.chambers[k] for w, k in zip(entry["w"], cells, strict=True)]
        require(all(opened), f"{where}.w: not in the open chambers")
        given = {(tuple(sorted(d["piece"])), tuple(d["signs"])): d["dual"] for d in entry["duals"]}
        for other, sides in self.dangers(piece, cells):
            require((other, sides) in given, f"{where}.duals: none for {list(other)} and the signs {list(sides)}")
            g, columns = given[other, sides], set[int]().union(*self.own(other))
            bound = self.bound(g, (self.senses[j] for j in columns), where)
            require(bound == self.value(piece), f"{where}.duals: another bound")
            for w, k, s in zip(entry["w"], cells, sides, strict=True):
                rises = inner(g, self.change(w, s, self.chambers[k])) > 0
                kept = len(cells) > 1 and all(s * inner(g, self.columns[2 * r]) >= 0 for r in self.within[k])
                require(rises or kept, f"{where}.duals: the loss may fall along w")

    def orthogonal(self, piece: Piece, signs: dict[int, str]) -> list[list[Fraction]]:
        """What g with these signs are known to be orthogonal to: columns used, constants, rays with 0."""
        space = [self.columns[j] for j in self.best[piece].weights] + [[Fraction(1)] * len(self.rows)] * self.has_bias
        return space + [self.columns[2 * r] for r, s in signs.items() if s == "0"]

    def expand(self, bits: int) -> None:
        """Count a system of linear equations with such numbers."""
        self.visits += (1 + len(self.rows) * bits // 200) ** 2
        bounded(self.visits // 40)

    def verify_signs(self, piece: Piece, cells: Sequence[int], tree: Any, where: str) -> None:
        """That no g which proves the least loss on the piece has a zero in each open chamber."""
        stack: list[tuple[Any, dict[int, str], str]] = [(tree, {}, where)]
        while stack:
            node, signs, spot = stack.pop()
            self.expand(self.bits)
            if "ray" in read(node, {str: object}, spot):
                node = read(node, {"ray": int, "+": object, "-": object, "0": object}, spot)
                require(node["ray"] in range(len(self.rays)), f"{spot}.ray: there is none")
                stack += [(node[s], {**signs, node["ray"]: s}, f"{spot}.{s}") for s in "+-0"]
            elif "neurons" in node:
                node = read(
                    node, {"neurons": (None, int), "w": (None, (len(self.rows[0]), Fraction)), "0": object}, spot
                )
                chosen = [cells[k] for k in node["neurons"] if k in range(len(cells))]
                require(len(chosen) == len({*node["neurons"]}) == len(node["w"]), f"{spot}.neurons: not these")
                pairs, rays = list(zip(chosen, node["w"], strict=True)), {r for k in chosen for r in self.within[k]}
                self.expand(longest(flat(node["w"])))
                some = [self.change(w, 1, self.chambers[k]) for k, w in pairs]
                space, whole = self.orthogonal(piece, signs), [self.columns[2 * r] for r in rays]
                fits = all(self.face(w) == self.chambers[k] for k, w in pairs)
                fits = fits and len(echelon([*space, *some])) == len(echelon([*space, *whole]))
                require(fits, f"{spot}.w: not in the chambers, or no span")
                stack.append((node["0"], {**signs, **dict.fromkeys(rays, "0")}, f"{spot}.0"))
            elif "neuron" in node:
                k = read(node, {"neuron": int}, spot)["neuron"]
                require(k in range(len(cells)), f"{spot}.neuron: there is none")
                known = {signs.get(r, "?") for r in self.within[cells[k]]}
                require(known in ({"+"}, {"-"}, {"+", "0"}, {"-", "0"}), f"{spot}: <g, h(w)> may be 0")
            elif "rare" in node:
                node = read(node, {"rare": bool, "farkas?": object}, spot)
                well_formed(node["rare"], f"{spot}.rare: it is true")
                fixed = [i for i, o in enumerate(self.best[piece].outputs) if self.targets[i] * o != 1]
                rows = self.orthogonal(piece, signs)
                if "farkas" in node:
                    most, slopes, used = self.farkas(piece, signs, node["farkas"], f"{spot}.farkas")
                    require(most <= 0, f"{spot}.farkas: it implies nothing")
                    fixed += [i for i, a in enumerate(slopes) if a]
                    rows += [self.columns[j] for j in used]
                rows += [[Fraction(i == k) for i in range(len(self.rows))] for k in fixed]
                bound = sum(bool({signs.get(r) for r in self.within[k]} & {"+", "-"}) for k in cells)
                require(len(self.rows) - len(echelon(rows)) < bound, f"{spot}: these g are not rare")
            else:
                f = read(node, {"farkas": {str: object}}, spot)["farkas"]
                most, _, _ = self.farkas(piece, signs, f, f"{spot}.farkas")
                strict = any(number(y, spot) and signs[int(r)] != "0" for r, y in f["rays"].items())
                require(most < 0 or (strict and most == 0), f"{spot}.farkas: it refutes nothing")

    def farkas(
        self, piece: Piece, signs: dict[int, str], given: Any, where: str
    ) -> tuple[Fraction, list[Fraction], list[int]]:
        """The largest value of a combination that is >= 0; how it changes with |g_i|; the columns that it uses."""
        parts = {"loss": Fraction, "bias": Fraction, "columns": {str: Fraction}, "rays": {str: Fraction}}
        f, owned = read(given, parts, where), set[int]().union(*self.own(piece))
        fits = {*f["columns"]} <= {*map(str, owned)} and all(y >= 0 for y in f["columns"].values())
        fits = fits and {*f["rays"]} <= {*map(str, signs)} and (self.has_bias or not f["bias"])
        require(fits, f"{where}: of other columns or rays, negative, or a bias")
        rays = [(int(r), y) for r, y in f["rays"].items()]
        fits = all(y >= 0 if signs[r] == "+" else y <= 0 or signs[r] == "0" for r, y in rays)
        require(fits, f"{where}: a ray has another sign")
        terms = [(y, self.columns[int(j)]) for j, y in f["columns"].items()] + [
            (y, self.columns[2 * r]) for r, y in rays
        ]
        sums = [sum((m * a[i] for m, a in terms), f["bias"]) for i in range(len(self.rows))]
        slopes = [f["loss"] - y * a for y, a in zip(self.targets, sums, strict=True)]
        most = sum((max(Fraction(0), w * a) for w, a in zip(self.weights, slopes, strict=True)), Fraction(0))
        used = [int(j) for j, y in f["columns"].items() if y]
        return most - f["loss"] * (self.value(piece) or Fraction(0)), slopes, used

    def verify_bad(self, piece: Piece, chamber: int, tree: Any, where: str) -> None:
        size, dangers = len(self.rows[0]), self.dangers(piece, [chamber])
        stack: list[tuple[Any, list[tuple[list[Fraction], str]], str]] = [(tree, [], where)]
        while stack:
            node, splits, spot = stack.pop()
            if "split" in read(node, {str: object}, spot):
                node = read(node, {"split": (size, Fraction), "+": object, "-": object}, spot)
                stack += [(node[s], [*splits, (node["split"], s)], f"{spot}.{s}") for s in "+-"]
                continue
            point = {"ray": (size, Fraction), "weights": {str: Fraction}, "bias": Fraction, "t": Fraction}
            node = read(node, {"piece": (len(piece), int), "sign": int, "points": (None, point)}, spot)
            other, s = tuple(sorted(node["piece"])), node["sign"]
            lower = (other, (s,)) in dangers and self.value((*other, 2 * chamber + (s < 0)))
            require(lower is not False and lower is not None, f"{spot}: no lower piece around")
            columns, beta, reached = set[int]().union(*self.own(other)), self.value(piece), set[tuple[int, ...]]()
            for p in node["points"]:
                added = self.change([p["t"] * a for a in p["ray"]], s, self.chambers[chamber])
                _, outputs = self.outputs(p["weights"], p["bias"], columns, spot)
                fits = p["t"] > 0 and chamber in self.containing(self.face(p["ray"]))
                fits = fits and self.loss([a + o for a, o in zip(added, outputs, strict=True)]) <= (beta or 0)
                require(fits, f"{spot}.points: not in the chamber, or the loss is greater")
                reached.add(primitive(p["ray"]))
            rows, sides = [*self.rows, *(u for u, _ in splits)], self.chambers[chamber] + "".join(t for _, t in splits)
            for ray in rays(rows):
                inside = all(sign(clean({(): inner(row, ray)})) in ("0", t) for row, t in zip(rows, sides, strict=True))
                require(not inside or primitive(ray) in reached, f"{spot}.points: a ray is missing")


def check_atlas(c: dict[str, Any]) -> str:
    atlas = Atlas(c)
    problem, neurons, squared = atlas.problem, atlas.neurons, atlas.problem.squared
    size = len(atlas.rows[0])
    dual = {"piece": (None, int), "signs": (None, int), "dual": (len(atlas.rows), Fraction)}
    good, refuted = dict[tuple[Piece, tuple[int, ...]], list[list[Fraction]]](), set[tuple[Piece, tuple[int, ...]]]()
    hosts = {piece for m in range(neurons + 1) for piece in atlas.hosts(m)}
    for k, entry in enumerate(read(c["thin"], (None, {str: object}), "thin")):
        where, proof = f"thin[{k}]", next((key for key in ("refuted", "signs") if key in entry), "")
        cells = read(entry.get("chambers"), (None, int), f"{where}.chambers")
        shape: dict[str, Any] = {"w": (len(cells), (size, Fraction)), "duals": (None, dual)}
        shape = {proof: object} if proof else shape
        entry = read(entry, {"piece": (None, int), "chambers": object, **shape}, where)
        piece, key = tuple(entry["piece"]), (tuple(entry["piece"]), tuple(cells))
        fits = piece in hosts and len(cells) in ((1,) if proof == "refuted" else (1, neurons - len(piece)))
        fits = fits and len(piece) < neurons and {*cells} <= {*range(len(atlas.chambers))} and not squared
        require(fits and cells == sorted(cells), f"{where}: not for this piece, chambers or loss")
        if proof == "refuted":
            atlas.verify_bad(piece, cells[0], entry["refuted"], f"{where}.refuted")
        elif proof == "signs":
            atlas.verify_signs(piece, cells, entry["signs"], f"{where}.signs")
        else:
            atlas.verify_good(piece, cells, entry, where)
            good[key] = entry["w"]
        refuted |= {key} if proof else set()
    expected = dict[tuple[Piece, tuple[int, ...]], bool]()  # whether the neurons with v = 0 are harmless
    for piece in hosts:
        for chosen in itertools.combinations_with_replacement(range(len(atlas.chambers)), neurons - len(piece)):
            harmless = atlas.is_minimum(piece, atlas.best[piece].vectors, chosen)
            if harmless or (chosen and (piece, chosen) in good):
                expected[piece, chosen] = harmless
            else:
                decided = squared or (piece, chosen) in refuted or any((piece, (k,)) in refuted for k in chosen)
                require(decided or not atlas.complete, f"piece {list(piece)}, chambers {list(chosen)}: not decided")
    least = read(c["minimum"], Fraction if atlas.complete else type(None), "minimum")
    require(least == atlas.minimum, f"minimum: it is {show(atlas.minimum)}")
    listed, values = set[tuple[Piece, tuple[int, ...]]](), set[Fraction]()
    claims: dict[str, Any] = {
        "value": Fraction,
        "spurious": bool if atlas.complete else type(None),
        "witness": problem.shape,
    }
    claims |= {"kind": str, "decisions": {str: {str: object}}}
    sets = {"piece": (None, int), "thin": (None, (None, int)), "dimension": int, **claims}
    for k, entry in enumerate(read(c["sets"], (None, sets), "sets")):
        where, piece, choices = f"sets[{k}]", tuple(entry["piece"]), [tuple(cells) for cells in entry["thin"]] or [()]
        own = {(piece, cells) for cells in choices}
        fits = own <= expected.keys() and len(own) == len(choices) and not own & listed
        require(fits, f"{where}: not found so, or listed twice")
        listed |= own
        point = flat(entry["witness"])
        place = Place(problem, point)
        value, answers = place.value, answers_of(entry["decisions"])
        require(value == entry["value"] == atlas.value(piece), f"{where}.value: it is {show(value)}")
        require(
            least is None or entry["spurious"] == (value > least), f"{where}.spurious: the minimum is {show(least)}"
        )
        dimension = atlas.dimension(piece, where)
        require(entry["dimension"] == dimension, f"{where}.dimension: it is {dimension}")
        fits = answers == {"local_minimum": "yes", "kind": entry["kind"]} and entry["kind"] in ("flat", "sharp")
        require(fits, f"{where}.decisions: that it is a local minimum, and of this kind")
        values.add(value)
        w = [[point[p] for _, p, _ in sorted(row, key=operator.itemgetter(1))] for row in problem.layers[0].rows]
        v = [point[p] for _, p, i in problem.layers[1].rows[0] if i >= 0]
        vectors = [[abs(b) * a for a in row] for b, row in zip(v, w, strict=True)][: len(piece)]
        fits = all(b and (b < 0) == q % 2 for b, q in zip(v, piece, strict=False)) and not any(v[len(piece) :])
        fits = fits and all(q // 2 in atlas.containing(atlas.face(r)) for q, r in zip(piece, vectors, strict=True))
        thin = list(zip(choices[0], w[len(piece) :], strict=True))
        fits = fits and all(atlas.face(row) == atlas.chambers[k] for k, row in thin)
        if not expected[
            piece, choices[0]
        ]:  # then w does where no more pieces are around than those that it is proved for
            fits = fits and [row for _, row in thin] == good[piece, choices[0]]
            fits = fits and atlas.around(piece, vectors) <= atlas.around(piece, atlas.best[piece].vectors)
        else:
            fits = fits and atlas.is_minimum(piece, vectors, choices[0])
        require(fits, f"{where}.witness: not in the set")
        verify_decisions(place, entry["decisions"], where)
    require(listed == expected.keys() or not atlas.complete, "sets: some are missing")
    losses = ", ".join(show(value) for value in sorted(values))
    return f"{'all' if atlas.complete else 'some'} local minima: {len(c['sets'])} sets, with the losses {losses}"


# ---------------------------------------- critical sets


class Faces(Fan):
    """The faces of the data, by name: the rays in each, those of the chambers around, and the dimension."""

    def __init__(self, c: dict[str, Any]):
        super().__init__(c)
        bounded(len(self.within) ** 2)
        self.faces, self.star, self.dimension = dict[str, frozenset[int]](), dict[str, set[int]](), dict[str, int]()
        for both in {frozenset(p & q) for p, q in itertools.combinations_with_replacement(self.within, 2)}:
            face = self.face([sum(self.rays[r][p] for r in both) for p in range(len(self.rows[0]))])
            if face not in self.faces:
                walls = echelon(row for row, s in zip(self.rows, face, strict=True) if s == "0")
                self.faces[face], self.dimension[face] = both, len(self.rows[0]) - len(walls)
                self.star[face] = set[int]().union(*(self.within[k] for k in self.containing(face)))
        bounded(comb(2 * len(self.faces) + self.neurons, self.neurons))
        sets = sum(comb(len(self.faces), m) for m in range(self.neurons + 1))
        bounded(sets * (1 + len(self.rows) * self.bits // 2000) ** 2)  # V for each set of faces
        self.still = cache(self._still)
        self.signed = {f"{s}({face})": (face, s) for face in self.faces for s in "+-"}

    def slope(self, gradient: Sequence[Fraction], ray: int) -> Fraction:
        return inner(gradient, self.columns[2 * ray])

    def _still(self, gradient: tuple[Fraction, ...]) -> list[str]:
        """The faces with some w with sum_i g_i h(<w, x_i>) = 0."""
        slopes = [self.slope(gradient, r) for r in range(len(self.rays))]
        signs = [(f"({face})", {slopes[r] > 0 for r in own if slopes[r]}) for face, own in self.faces.items()]
        return sorted(name for name, found in signs if len(found) != 1)

    def locate(self, entry: dict[str, Any], where: str) -> tuple[list[Fraction], list[list[Fraction]]]:
        """The outputs at a witness, and what its neurons with v = 0 activate; it must be in the faces."""
        point, problem = flat(entry["witness"]), self.problem
        vectors = [[point[p] for _, p, _ in sorted(row, key=lambda t: t[1])] for row in problem.layers[0].rows]
        sides = [point[p] for _, p, i in problem.layers[1].rows[0] if i >= 0]
        z = [sum((point[p] for _, p, i in problem.layers[1].rows[0] if i < 0), Fraction(0)) for _ in self.rows]
        thin, names = [], [*entry["active"], *(f"0{face}" for face in entry["inactive"])]
        for v, w, name in zip(sides, vectors, names, strict=True):
            face = self.face(w)
            require(f"{sign(clean({(): v}))}({face})" == name, f"{where}.witness: not in the faces")
            outputs = self.change(w, 1, face)
            thin += [] if v else [outputs]
            z = [o + v * a for o, a in zip(z, outputs, strict=True)]
        return z, thin

    def read_names(self, entry: dict[str, Any], where: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The signed faces, and the faces of the neurons with v = 0, sorted."""
        active, inactive = tuple(sorted(entry["active"])), tuple(sorted(entry["inactive"]))
        fits = set(active) <= set(self.signed) and {face[1:-1] for face in inactive} <= set(self.faces)
        fits = fits and all(face == f"({face[1:-1]})" for face in inactive)
        require(fits and len(active + inactive) == self.neurons, f"{where}: not a face for each neuron")
        return active, inactive

    def supports(self, chosen: Sequence[str]) -> Iterator[list[str]]:
        """The lists of different signed faces with these faces, at most one for each neuron."""
        for signs in itertools.product(("+", "-", "+-"), repeat=len(chosen)):
            own = [f"{s}({face})" for face, both in zip(chosen, signs, strict=True) for s in both]
            if len(own) <= self.neurons:
                yield own

    def completions(self, own: list[str], free: list[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """The names of all sets with these signed faces, each at least once, and the others with v = 0 in these."""
        for many in range(len(own), self.neurons + 1):
            thin = list(itertools.combinations_with_replacement(free, self.neurons - many))
            for more in itertools.combinations_with_replacement(own, many - len(own)):
                yield from ((tuple(sorted([*own, *more])), rest) for rest in thin)


class Critical(Faces):
    """The squared loss: each set of faces has its own gradient."""

    def __init__(self, c: dict[str, Any]):
        super().__init__(c)
        require(self.problem.squared, "needs the squared loss")
        self.gradient = cache(self._gradient)

    def _gradient(self, faces: frozenset[str]) -> tuple[tuple[Fraction, ...], int]:
        """The derivatives at the projection of the targets on V, and the dimension of V."""
        columns = [self.columns[2 * r] for face in sorted(faces) for r in sorted(self.faces[face])]
        basis = list(echelon(columns + [[Fraction(1)] * len(self.rows)] * self.has_bias).values())
        scaled = [[w * a for w, a in zip(self.weights, b, strict=True)] for b in basis]
        solved = echelon([*(inner(p, q) for q in basis), sum(map(operator.mul, p, self.targets))] for p in scaled)
        z = [sum(solved[k][-1] * b[i] for k, b in enumerate(basis)) for i in range(len(self.rows))]
        return tuple(2 * w * (o - t) for w, o, t in zip(self.weights, z, self.targets, strict=True)), len(basis)

    def verify_hull(self, gradient: Sequence[Fraction], face: str, entry: dict[str, Any], where: str) -> bool:
        """Whether 0 is in the hull of the forms of the chambers around a face, as the entry proves."""
        forms, size = dict[str, list[Fraction]](), len(self.rows[0])
        for k in sorted(self.containing(face)):
            terms = [(g * self.slopes[s], x) for g, s, x in zip(gradient, self.chambers[k], self.rows, strict=True)]
            forms[str(k)] = [sum((a * x[p] for a, x in terms), Fraction(0)) for p in range(size)]
        if "normal" in entry:
            fits = all(inner(entry["normal"], form) > 0 for form in forms.values())
            require(fits, f"{where}.normal: it does not separate")
            return False
        given = entry["multipliers"]
        fits = set(given) <= set(forms) and sum(given.values()) == 1 and all(m >= 0 for m in given.values())
        fits = fits and not any(sum(m * forms[k][p] for k, m in given.items()) for p in range(size))
        require(fits, f"{where}.multipliers: no convex combination of the chambers around that is 0")
        return True

    def verify_empty(self, support: Sequence[str], vector: Sequence[Fraction], where: str) -> None:
        """That no vectors in these signed faces have the outputs of the projection."""
        pairs = [self.signed[name] for name in support]
        gradient, _ = self.gradient(frozenset(face for face, _ in pairs))
        z = [t + g / (2 * w) for t, g, w in zip(self.targets, gradient, self.weights, strict=True)]
        slopes = [self.slope(vector, r) * (1 if s == "+" else -1) for face, s in pairs for r in self.faces[face]]
        along = inner(vector, z)
        fits = all(a >= 0 for a in slopes) and not (self.has_bias and sum(vector) != 0)
        require(fits and along <= 0 and (along < 0 or any(slopes)), f"{where}.vector: it refutes nothing")

    def verify_set(self, entry: dict[str, Any], where: str) -> None:
        """That the witness is in the set, and what is said about the set; the hulls are not looked at."""
        active, inactive = [self.signed[name] for name in entry["active"]], [f[1:-1] for f in entry["inactive"]]
        gradient, rank = self.gradient(frozenset(face for face, _ in active))
        z, thin = self.locate(entry, where)
        require(not any(inner(gradient, a) for a in thin), f"{where}.witness: the loss has a slope along some v")
        terms = list(zip(self.weights, z, self.targets, strict=True))
        fits = gradient == tuple(2 * w * (o - t) for w, o, t in terms)
        require(fits, f"{where}.witness: its outputs are not the projection of the targets")
        require(entry["value"] == sum(w * (o - t) ** 2 for w, o, t in terms), f"{where}.value: it is another one")
        dimension = sum(self.dimension[face] for face, _ in active) + self.has_bias - rank
        whole = dimension + len(active)
        for face in inactive:
            whole += self.dimension[face] - any(self.slope(gradient, r) for r in self.faces[face])
        fits = entry["dimension"] == dimension and entry["parameter_dimension"] == whole
        require(fits, f"{where}: the dimensions are {dimension} and {whole}")
        rising = [(s, face) for s, face in ((1 if s == "+" else -1, face) for face, s in active)]
        both = [(s, face) for face in inactive for s in (1, -1)]
        minimum = all(s * self.slope(gradient, r) >= 0 for s, face in rising + both for r in self.star[face])
        kept = [(s * self.slope(gradient, r), self.columns[2 * r]) for s, face in rising for r in self.star[face]]
        kept += [(Fraction(0), self.columns[2 * r]) for face in inactive for r in self.star[face]]
        maximum = not self.has_bias and all(a < 0 or not any(column) for a, column in kept)
        fits = entry["local_minimum"] == minimum and entry["local_maximum"] == maximum
        require(fits, f"{where}: these are {'' if minimum else 'no '}minima, {'' if maximum else 'no '}maxima")


def check_critical_sets(c: dict[str, Any]) -> str:
    fan = Critical(c)
    n, size, neurons = len(fan.rows), len(fan.rows[0]), fan.neurons
    inside, empty = dict[tuple[tuple[Fraction, ...], str], bool](), set[frozenset[str]]()
    for k, entry in enumerate(c["hulls"]):
        where, head = f"hulls[{k}]", {"gradient": (n, Fraction), "face": str}
        proof = {"normal": (size, Fraction)} if "normal" in entry else {"multipliers": {str: Fraction}}
        entry = read(entry, {**head, **proof}, where)
        key = tuple(entry["gradient"]), entry["face"]
        require(key[1] in fan.faces and key not in inside, f"{where}.face: no face of the data, or given twice")
        inside[key] = fan.verify_hull(*key, entry, where)
    for k, entry in enumerate(read(c["empty"], (None, {"support": (None, str), "vector": (n, Fraction)}), "empty")):
        support = frozenset(entry["support"])
        fits = support <= set(fan.signed) and len(support) == len(entry["support"]) and support not in empty
        require(fits, f"empty[{k}].support: not different signed faces, or given twice")
        fan.verify_empty(entry["support"], entry["vector"], f"empty[{k}]")
        empty.add(support)

    def is_critical(chosen: Iterable[str]) -> bool:
        gradient, _ = fan.gradient(frozenset(chosen))
        unknown = next((face for face in chosen if (gradient, face) not in inside), None)
        refuted = any(inside.get((gradient, face)) is False for face in chosen)
        require(refuted or unknown is None, f"hulls: nothing about ({unknown}) with the faces {sorted(chosen)}")
        return not refuted

    listed, values = set[tuple[tuple[str, ...], ...]](), set[Fraction]()
    shape = {"active": (None, str), "inactive": (None, str), "value": Fraction, "witness": fan.problem.shape}
    shape |= {"dimension": int, "parameter_dimension": int, "local_minimum": bool, "local_maximum": bool}
    for k, entry in enumerate(read(c["sets"], (None, shape), "sets")):
        where, names = f"sets[{k}]", fan.read_names(entry, f"sets[{k}]")
        require(names not in listed, f"{where}: listed twice")
        require(is_critical({fan.signed[name][0] for name in names[0]}), f"{where}: not critical")
        fan.verify_set(entry, where)
        listed.add(names)
        values.add(entry["value"])
    for m in range(neurons + 1) if fan.complete else ():
        for chosen in itertools.combinations(sorted(fan.faces), m):
            if not is_critical(chosen):
                continue
            gradient, _ = fan.gradient(frozenset(chosen))
            for own in fan.supports(chosen):
                for names in fan.completions(own, fan.still(gradient)) if frozenset(own) not in empty else ():
                    require(names in listed, f"sets: {[list(part) for part in names]} is not decided")
    losses = ", ".join(show(value) for value in sorted(values))
    return f"{'all' if fan.complete else 'some'} critical points: {len(listed)} sets, with the losses {losses}"


Key = tuple[str, tuple[str, ...], tuple[tuple[str, str], ...], str]  # units, active, inactive with signs, a place


def place_name(place: Sequence[Fraction]) -> str:
    return f"at {place[0]}" if place[0] == place[1] else f"in ({place[0]}, {place[1]})"


def meet(intervals: Sequence[Sequence[Fraction]]) -> bool:
    """Whether some number is in all of these: open intervals, or points with equal ends."""
    middle = (max(low for low, _ in intervals) + min(high for _, high in intervals)) / 2
    a = next((low for low, high in intervals if low == high), middle)
    return all(low < a < high or low == a == high for low, high in intervals)


class Strata(Faces):
    """The hinge loss: strata of the faces by the signs of the units 1 - y_i o_i."""

    def __init__(self, c: dict[str, Any]):
        super().__init__(c)
        require(not self.problem.squared, "needs a hinge loss")
        self.allowed = dict[frozenset[str], list[str]]()  # the signs of the units for these faces
        self.least = dict[frozenset[str], Fraction]()  # the least loss over V
        self.alive = dict[frozenset[str], list[str]]()  # the signs that the trees leave for these signed faces
        self.ranges = dict[tuple[frozenset[str], str], tuple[Fraction, ...]]()  # both ends, or ()
        self.basis, self.free, self.slopes_of = cache(self._basis), cache(self._free), cache(self._slopes_of)
        self.marks, self.vertices, self.step = cache(self._marks), cache(self._vertices), cache(self._step)
        self.boxes = dict[tuple[frozenset[str], str], list[Fraction]]()
        self.refuted = dict[tuple[frozenset[str], str], list[set[str]]]()  # faces of neurons with v = 0
        self.barren = set[tuple[tuple[str, ...], str, str]]()  # active neurons, units, the face of one with v = 0

    def gradient(self, theta: Iterable[Fraction]) -> list[Fraction]:
        return [Fraction(-t * a) for t, a in zip(self.targets, theta, strict=True)]

    def read_space(self, entry: dict[str, Any], where: str) -> None:
        """theta proves the least loss over V, and is attained: the signs that a unit has where it is attained."""
        faces, theta = frozenset(entry["faces"]), entry["theta"]
        fits = faces <= set(self.faces) and len(faces) == len(entry["faces"]) and faces not in self.allowed
        require(fits, f"{where}.faces: not different faces, or given twice")
        used, gradient = {r for face in faces for r in self.faces[face]}, self.gradient(theta)
        fits = all(0 <= a <= w for a, w in zip(theta, self.weights, strict=True))
        fits = fits and not any(self.slope(gradient, r) for r in used) and not (self.has_bias and sum(gradient) != 0)
        require(fits, f"{where}.theta: no dual vector")
        fits = {*entry["weights"]} <= {str(r) for r in used} and (self.has_bias or not entry["bias"])
        require(fits, f"{where}.weights: of another ray, or a bias")
        terms = [(y, self.columns[2 * int(r)]) for r, y in entry["weights"].items()]
        outputs = [sum((y * a[i] for y, a in terms), entry["bias"]) for i in range(len(self.rows))]
        require(self.loss(outputs) == sum(theta), f"{where}: the loss is {show(self.loss(outputs))}")
        signs = ("+0" if a == w else "0" if a else "-0" for a, w in zip(theta, self.weights, strict=True))
        self.allowed[faces], self.least[faces] = list(signs), sum(theta)

    def read_tree(self, support: list[str], tree: Any, where: str) -> None:
        fits = set(support) <= set(self.signed) and frozenset(support) not in self.alive
        require(fits and len(set(support)) == len(support), f"{where}.support: not different signed faces, or twice")
        pairs, found = [self.signed[name] for name in support], list[str]()
        allowed = self.allowed.get(frozenset(face for face, _ in pairs))
        require(allowed is not None, f"{where}.support: its faces are not in spaces")
        stack: list[tuple[Any, str, str]] = [(tree, "", f"{where}.tree")]
        while stack:
            node, units, spot = stack.pop()
            rest = (allowed or [])[len(units) :]
            if isinstance(node, dict):
                f = read(node, {"farkas": (len(self.rows), Fraction)}, spot)["farkas"]
                self.refute(pairs, [*units, *rest], f, spot)
            elif node is None:
                require(not rest, f"{spot}: a unit has no sign")
                found.append(units)
            else:
                require(bool(rest), f"{spot}: all units have signs")
                children = zip(rest[0], read(node, (len(rest[0]), object), spot), strict=True)
                stack += [(child, units + s, f"{spot}[{k}]") for k, (s, child) in enumerate(children)]
        self.alive[frozenset(support)] = found

    def refute(self, pairs: list[tuple[str, str]], signs: list[str], f: list[Fraction], where: str) -> None:
        """That no R in these signed faces have y_i o_i - 1 with these signs: the opposite ones of the units."""
        fits = all(a <= 0 or "+" not in s for s, a in zip(signs, f, strict=True))
        fits = fits and all(a >= 0 or "-" not in s for s, a in zip(signs, f, strict=True))
        along = [a * t for a, t in zip(f, self.targets, strict=True)]
        slopes = [self.slope(along, r) * (1 if s == "+" else -1) for face, s in pairs for r in self.faces[face]]
        fits = fits and all(a <= 0 for a in slopes) and not (self.has_bias and sum(along) != 0) and sum(f) >= 0
        strict = sum(f) > 0 or any(slopes) or any(a and s in ("+", "-") for s, a in zip(signs, f, strict=True))
        require(fits and strict, f"{where}.farkas: it refutes nothing")

    def cut(self, added: Sequence[Fraction], units: str) -> list[Fraction]:
        """What is added to the outputs whose unit is 0, and how the loss changes with the others."""
        rest = self.gradient(w if s == "+" else Fraction(0) for w, s in zip(self.weights, units, strict=True))
        return [*(a for a, s in zip(added, units, strict=True) if s == "0"), inner(rest, added)]

    def _basis(self, faces: frozenset[str], units: str) -> dict[int, list[Fraction]]:
        columns = [self.columns[2 * r] for face in sorted(faces) for r in sorted(self.faces[face])]
        columns += [[Fraction(1)] * len(units)] * self.has_bias
        return echelon(self.cut(column, units) for column in columns)

    def reduced(self, faces: frozenset[str], units: str, added: Sequence[Fraction]) -> list[Fraction]:
        """What is added, less a vector of V: 0 at the pivots; at last the change of the loss off the units 0."""
        row = self.cut(added, units)
        for p, base in self.basis(faces, units).items():
            row = [a - row[p] * b for a, b in zip(row, base, strict=True)]
        return row

    def phi(self, faces: frozenset[str], units: str, added: Sequence[Fraction]) -> Fraction | None:
        """phi; None where no vector of V equals what is added at all data points whose unit is 0."""
        row = self.reduced(faces, units, added)
        return row[-1] if not any(row[:-1]) or not self.least[faces] else None

    def _free(self, faces: frozenset[str], units: str) -> dict[str, list[Fraction] | None]:
        """The faces for neurons with v = 0, with phi on their rays; None where it is not defined, and not all is 0."""
        found = dict[str, list[Fraction] | None]()
        every = [self.phi(faces, units, column) for column in self.columns[::2]]
        for face, own in sorted(self.faces.items()):
            values = [a for r in own if (a := every[r]) is not None]
            if len(values) < len(own):
                found[f"({face})"] = None
            elif len({a > 0 for a in values if a}) != 1:
                found[f"({face})"] = values
        return found

    # where one derivative, gamma, is free: the range of gamma, and the parts

    def box(self, units: str) -> list[list[Fraction]]:
        """The least and the greatest derivative by each output."""
        zero, whole = Fraction(0), self.gradient(self.weights)
        ends = ({"+": [a, a], "-": [zero, zero], "0": sorted([zero, a])} for a in whole)
        return [each[s] for each, s in zip(ends, units, strict=True)]

    def unbound(self, faces: frozenset[str], units: str) -> list[int]:
        """The data points with unit 0 that are no pivots of V: the derivatives there are free."""
        kinks = [i for i, s in enumerate(units) if s == "0"]
        return [i for k, i in enumerate(kinks) if k not in self.basis(faces, units)]

    def _step(self, faces: frozenset[str], units: str) -> list[Fraction]:
        """e, if neurons can add, where the unit is 0 and up to V, multiples of one vector only; else []."""
        free = self.unbound(faces, units)
        places = [sum(s == "0" for s in units[:p]) for p in free]
        rows = (self.reduced(faces, units, column) for column in self.columns[::2])
        found = list(echelon([row[k] for k in places] for row in rows).values())
        at = dict(zip(free, found[0], strict=True)) if len(found) == 1 else {}
        return [at.get(i, Fraction(0)) for i in range(len(units))] if at else []

    def most(
        self,
        faces: Sequence[str],
        units: str,
        proof: dict[str, Any],
        along: Sequence[Fraction],
        excluded: Container[tuple[tuple[int, ...], str]] = (),
    ) -> Fraction:
        """A bound of <g, along> for mean gradients g, of cells that are not excluded; -1 if there are none."""
        around = [sorted(self.containing(face)) for face in faces]
        bounded((prod(map(len, around)) << (units.count("0") if excluded else 0)) * (1 + len(faces)) * len(units))
        require(self.has_bias or not proof["bias"], "bias: there is none")
        found, box, whole = [], self.box(units), self.gradient(self.weights)
        for chambers in itertools.product(*around):
            costs = []
            for a, row, i in zip(along, self.rows, range(len(self.rows)), strict=True):
                terms = ((self.slopes[self.chambers[c][i]], u) for c, u in zip(chambers, proof["normals"], strict=True))
                costs.append(a - proof["bias"] - sum(s * inner(u, row) for s, u in terms))
            if not excluded:
                found.append(sum(max(a * end for end in ends) for a, ends in zip(costs, box, strict=True)))
            for signs in itertools.product(*("+-" if u == "0" else u for u in units)) if excluded else ():
                if (chambers, "".join(signs)) not in excluded:
                    found.append(sum(a * w for a, w, s in zip(costs, whole, signs, strict=True) if s == "+"))
        return Fraction(max(found, default=-1))

    def read_range(self, entry: dict[str, Any], where: str) -> None:
        """That the ends are those of the range, or that it is empty."""
        n, size, faces, units = len(self.rows), len(self.rows[0]), entry["faces"], entry["units"]
        key = frozenset(faces), units
        fits = key[0] in self.least and len(key[0]) == len(faces) and len(units) == n and set(units) <= set("+-0")
        require(fits and key not in self.ranges, f"{where}: of faces not in spaces, not of units, or given twice")
        require(bool(self.step(*key)), f"{where}: not one derivative is free")
        step, dual = self.step(*key), {"normals": (len(faces), (size, Fraction)), "bias": Fraction}
        if "empty" in entry:
            bound = self.most(faces, units, read(entry["empty"], dual, f"{where}.empty"), [Fraction(0)] * n)
            require(bound < 0, f"{where}.empty: it refutes nothing")
            self.ranges[key] = ()
            return
        ends, cell = [], {"chambers": (len(faces), int), "weight": Fraction, "gradient": (n, Fraction)}
        for end, side in (("low", -1), ("high", 1)):
            spot = f"{where}.{end}"
            proof = read(entry[end], {**dual, "value": Fraction, "cells": (None, cell)}, spot)
            bound = self.most(faces, units, proof, [side * a for a in step])
            require(bound <= side * proof["value"], f"{spot}: it is exceeded")
            sums, gamma = [[Fraction(0)] * size for _ in faces], Fraction(0)
            for each in proof["cells"]:
                g, m = each["gradient"], each["weight"]
                pairs = list(zip(each["chambers"], faces, strict=True))
                fits = m > 0 and all(c in self.containing(face) for c, face in pairs)
                fits = fits and all(low <= a <= high for a, (low, high) in zip(g, self.box(units), strict=True))
                require(fits, f"{spot}.cells: not of chambers around, or not between the derivatives")
                gamma += m * inner(step, g)
                for total, (c, _) in zip(sums, pairs, strict=True):
                    for i, row in enumerate(self.rows):
                        scale = m * g[i] * self.slopes[self.chambers[c][i]]
                        total[:] = [a + scale * x for a, x in zip(total, row, strict=True)]
            biases = sum(m * sum(each["gradient"]) for each in proof["cells"] if (m := each["weight"]))
            fits = sum(each["weight"] for each in proof["cells"]) == 1 and not any(map(any, sums))
            fits = fits and not (self.has_bias and biases) and gamma == proof["value"]
            require(fits, f"{spot}.cells: no convex combination with this value")
            ends.append(gamma)
        self.ranges[key] = tuple(ends)
        box = read(entry["box"], {"low": object, "high": object}, f"{where}.box")
        self.boxes[key] = [
            self.read_box(*key, box[end], s, f"{where}.box.{end}") for end, s in (("low", -1), ("high", 1))
        ]

    def read_box(self, faces: frozenset[str], units: str, entry: Any, side: int, where: str) -> Fraction:
        """The end of the gamma of subgradients that are orthogonal to V."""
        shape = {"value": Fraction, "gradient": (len(units), Fraction), "rays": {str: Fraction}, "bias": Fraction}
        e, step, box = read(entry, shape, where), self.step(faces, units), self.box(units)
        used = {r for face in faces for r in self.faces[face]}
        fits = {*e["rays"]} <= {*map(str, used)} and (self.has_bias or not e["bias"])
        g, terms = e["gradient"], [(y, self.columns[2 * int(r)]) for r, y in e["rays"].items() if fits]
        fits = fits and all(low <= a <= high for a, (low, high) in zip(g, box, strict=True))
        fits = fits and not any(self.slope(g, r) for r in used) and not (self.has_bias and sum(g))
        rest = [side * a - sum((y * column[i] for y, column in terms), e["bias"]) for i, a in enumerate(step)]
        most = sum(max(a * end for end in ends) for a, ends in zip(rest, box, strict=True))
        require(fits and side * inner(step, g) == side * e["value"] >= most, f"{where}: not the end")
        return Fraction(e["value"])

    def pair(self, faces: frozenset[str], units: str, added: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
        """t and rho."""
        row = self.reduced(faces, units, added)
        first = next(i for i, a in enumerate(self.step(faces, units)) if a)
        return row[units[:first].count("0")], row[-1]

    def pairs(self, faces: frozenset[str], units: str, name: str) -> list[tuple[Fraction, Fraction]]:
        return [self.pair(faces, units, self.columns[2 * r]) for r in self.faces[name[1:-1]]]

    def is_divided(self, faces: frozenset[str], units: str, inactive: Iterable[str]) -> bool:
        """Whether a neuron with v = 0 is in a face with several rays where phi is not defined."""
        free = self.free(faces, units)
        return any(free.get(name, []) is None and len(self.faces[name[1:-1]]) > 1 for name in inactive)

    def _slopes_of(self, faces: frozenset[str], units: str, name: str, side: int) -> tuple[Fraction, ...]:
        """The gamma of w with t(w) of this sign: an open interval, or a point; () if there are none."""
        given = [(side * t, side * rho) for t, rho in self.pairs(faces, units, name)]
        rising = [(t, rho) for t, rho in given if t > 0]
        level = [rho for t, rho in given if not t] + [t * b - a * rho for t, rho in rising for a, b in given if a < 0]
        low, high = self.ranges[faces, units]
        ends = [-rho / t for t, rho in rising]
        low = low - 1 if any(rho > 0 for rho in level) else min(ends, default=low)
        high = high + 1 if any(rho < 0 for rho in level) else max(ends, default=high)
        return (low, high) if rising else ()

    def has_zero(self, faces: frozenset[str], units: str, name: str) -> bool:
        """Whether t(w) = rho(w) = 0 for some w."""
        given = self.pairs(faces, units, name)
        both = [self.slopes_of(faces, units, name, side) for side in (1, -1)]
        return len({rho > 0 for _, rho in given if rho}) != 1 if both == [(), ()] else both[0] == both[1]

    def _marks(self, signed: frozenset[str], units: str) -> list[tuple[Fraction, Fraction]]:
        """The ends of the range and of the gamma that are good for all chambers around, and what is between them."""
        support = [self.signed[name] for name in signed]
        faces = frozenset(face for face, _ in support)
        least, most = self.boxes[faces, units]
        forms = [(Fraction(1), -least), (Fraction(-1), most)]  # t, rho with rho + gamma t >= 0
        for face, s in support:
            around = [self.pair(faces, units, self.columns[2 * r]) for r in self.star[face]]
            forms += around if s == "+" else [(-t, -rho) for t, rho in around]
        low = max(-rho / t for t, rho in forms if t > 0)
        high = min(-rho / t for t, rho in forms if t < 0)
        least, most = self.ranges[faces, units]
        good = {low, high} if low <= high and all(t or rho >= 0 for t, rho in forms) else set()
        marks = sorted({least, most} | {a for a in good if least < a < most})
        return [*((a, a) for a in marks), *itertools.pairwise(marks)]

    def _vertices(self, faces: frozenset[str], units: str) -> list[list[Fraction]]:
        """The vertices of the polytope of the g that are orthogonal to V, sorted."""
        free, n = self.unbound(faces, units), len(units)
        kinks = [i for i, s in enumerate(units) if s == "0"]
        bounded((comb(len(kinks), len(free)) << len(free)) * n * (1 + n * self.bits // 2000) ** 2)
        lines = []  # g_i = rest + the sum of entry * g_p over the free p
        for i in range(n):
            row = self.reduced(faces, units, [Fraction(i == j) for j in range(n)])
            lines.append([row[kinks.index(p)] for p in free] + [row[-1]])
        known, found = self.box(units), set[tuple[Fraction, ...]]()
        for chosen in itertools.combinations(kinks, len(free)):
            for ends in itertools.product(*(known[i] for i in chosen)):
                solved = echelon([*lines[i][:-1], a - lines[i][-1]] for i, a in zip(chosen, ends, strict=True))
                if sorted(solved) == list(range(len(free))):
                    gamma = [*(solved[k][-1] for k in range(len(free))), Fraction(1)]
                    g = tuple(inner(line, gamma) for line in lines)
                    fits = all(low <= a <= high for a, (low, high) in zip(g, known, strict=True))
                    found |= {g} if fits else set()
        return [list(g) for g in sorted(found)]

    def signs_of(self, faces: frozenset[str], units: str, name: str) -> Iterator[str]:
        """The signs of <g, h(w)> at the vertices g that some w of a face have."""
        yield from (signs for signs, _ in self.divided(name[1:-1], self.vertices(faces, units)))

    def divided(self, face: str, cuts: Sequence[Any], path: str = "") -> Iterator[tuple[str, list[tuple[int, ...]]]]:
        """The signs of <g, h(w)> for the cuts g that some w of a face have (if a path is given, these alone).

        With the rays of the w with these signs: their slopes at the cuts, and their products with the data.
        """
        many, own = len(cuts), sorted(self.faces[face])
        given = [[*(self.slope(g, r) for g in cuts), *(inner(x, self.rays[r]) for x in self.rows)] for r in own]
        stack = [("", list(map(primitive, given)))]
        while stack:
            signs, rays = stack.pop()
            k = len(signs)
            if k == many or not path.startswith(signs if path else ""):
                yield from [(signs, rays)] if signs == (path or signs) else ()
                continue
            bounded(len(rays) ** 3 * len(rays[0]) if rays else 0)
            up, down = [a for a in rays if a[k] > 0], [a for a in rays if a[k] < 0]
            level = [a for a in rays if not a[k]]
            zeros = [{j for j, a in enumerate(ray) if not a and not k <= j < many} for ray in rays]
            for p, q in itertools.product(up, down):
                both = zeros[rays.index(p)] & zeros[rays.index(q)]
                if sum(both <= other for other in zeros) == 2:  # p and q span a face
                    level.append(primitive([p[k] * b - q[k] * a for a, b in zip(p, q, strict=True)]))
            stack += [(signs + "+", [*up, *level])] * bool(up) + [(signs + "-", [*down, *level])] * bool(down)
            stack += [(signs + "0", level)] * (bool(up) == bool(down))

    def read_refuted(self, entry: dict[str, Any], where: str) -> None:
        """That no mean gradient g has <g, h(w)> = 0 for some w in each of these faces."""
        faces, units, inactive = entry["faces"], entry["units"], [name[1:-1] for name in entry["inactive"]]
        fits = {*faces, *inactive} <= set(self.faces) and len(set(faces)) == len(faces)
        fits = fits and entry["inactive"] == [f"({face})" for face in inactive]
        require(fits and len(units) == len(self.rows) and set(units) <= set("+-0"), f"{where}: not faces and units")
        dual = {"rays": {str: Fraction}, "normals": (len(faces), (len(self.rows[0]), Fraction)), "bias": Fraction}
        stack: list[tuple[Any, dict[str, str], str]] = [(entry["tree"], {}, f"{where}.tree")]
        while stack:
            node, signs, spot = stack.pop()
            if isinstance(node, dict) and "ray" in node:
                node = read(node, {"ray": int, "+": object, "-": object, "0": object}, spot)
                require(0 <= node["ray"] < len(self.rays) and str(node["ray"]) not in signs, f"{spot}.ray: no new ray")
                stack += [(node[s], {**signs, str(node["ray"]): s}, f"{spot}.{s}") for s in "+-0"]
            elif isinstance(node, dict) and "face" in node:
                name = read(node, {"face": str}, spot)["face"]
                require(name in inactive, f"{spot}.face: it is not in inactive")
                own = {signs.get(str(r), "") for r in self.faces[name]}
                require(own in ({"+"}, {"-"}, {"+", "0"}, {"-", "0"}), f"{spot}.face: it may have a zero")
            else:
                node, along = read(node, dual, spot), [Fraction(0)] * len(units)
                for r, y in node["rays"].items():
                    fits = r in signs and (signs[r] == "0" or (y >= 0) == (signs[r] == "+"))
                    require(fits, f"{spot}.rays: {show(r)} has not this sign")
                    along = [a + y * b for a, b in zip(along, self.columns[2 * int(r)], strict=True)]
                bound = self.most(faces, units, node, along)
                strict = any(y and signs[r] != "0" for r, y in node["rays"].items())
                require(bound < 0 or (bound == 0 and strict), f"{spot}: it refutes nothing")
        self.refuted.setdefault((frozenset(faces), units), []).append(set(entry["inactive"]))

    def is_refuted(self, faces: frozenset[str], units: str, inactive: Iterable[str]) -> bool:
        return any(some <= set(inactive) for some in self.refuted.get((faces, units), []))

    def excludes(
        self, active: list[str], units: str, cell: dict[str, Any], face: str, added: list[list[Fraction]], t: int
    ) -> bool:
        """Whether a cell does not occur with v of the sign t and w near those between the rays that add this."""
        f = cell["farkas"]["+" if t > 0 else "-"]
        signs = [{"+": 1, "-": -1}.get(s, 0) * (u == "0") for s, u in zip(cell["units"], units, strict=True)]
        mu = [-y * s * a for y, s, a in zip(self.targets, signs, f, strict=True)]
        fits = all(a >= 0 for a in f) and any(mu) and not (self.has_bias and sum(mu))
        for name, c in zip(active, cell["chambers"], strict=True):
            fits = fits and c in self.containing(self.signed[name][0])
            fits = fits and not any(self.slope(mu, r) for r in self.faces[self.signed[name][0]])
            fits = fits and all((1 if name[0] == "+" else -1) * self.slope(mu, r) <= 0 for r in self.within[c])
        here = [t * inner(mu, a) for a in added]
        nowhere = all(t * self.slope(mu, r) <= 0 for r in self.star[face])
        return fits and (nowhere or (all(a <= 0 for a in here) and any(here)))

    def read_barren(self, entry: dict[str, Any], where: str) -> None:
        """That no point with these active neurons, and one with v = 0 in this face, is critical."""
        active, units, face, n = entry["active"], entry["units"], entry["inactive"][1:-1], len(self.rows)
        fits = set(active) <= set(self.signed) and entry["inactive"] == f"({face})" and face in self.faces
        require(fits and len(units) == n and set(units) <= set("+-0"), f"{where}: not faces and units")
        faces = [self.signed[name][0] for name in active]
        dual = {"normals": (len(faces), (len(self.rows[0]), Fraction)), "bias": Fraction}
        vector = (n, Fraction)
        cell = {"chambers": (len(faces), int), "units": str, "farkas": {"+": vector, "-": vector}}
        stack: list[tuple[Any, list[Any], str, str]] = [(entry["tree"], [], "", f"{where}.tree")]
        while stack:
            node, cuts, path, spot = stack.pop()
            if isinstance(node, dict) and "split" in node:
                node = read(node, {"split": vector, "+": object, "-": object, "0": object}, spot)
                stack += [(node[s], [*cuts, node["split"]], path + s, f"{spot}.{s}") for s in "+-0"]
                bounded(2 * len(cuts) ** 3)
                continue
            node = read(node, {"excluded": (None, cell), "sign?": str, "duals?": (None, dual), "empty?": dual}, spot)
            for _, rays in self.divided(face, cuts, path):
                own = sorted(primitive(ray[len(cuts) :]) for ray in rays)
                slopes = [Fraction(self.slopes.get(s, 0)) for s in face]
                added = [[s * p for s, p in zip(slopes, ray, strict=True)] for ray in own]
                excluded = set[tuple[tuple[int, ...], str]]()
                for e in node["excluded"]:
                    well_formed(len(e["units"]) == n, f"{spot}.excluded: not a sign for each data point")
                    fits = all(self.excludes(active, units, e, face, added, t) for t in (1, -1))
                    require(fits, f"{spot}.excluded: {show(e['units'])} may occur")
                    excluded.add((tuple(e["chambers"]), e["units"]))
                if "empty" in node:
                    bound = self.most(faces, units, node["empty"], [Fraction(0)] * n, excluded)
                    require(bound < 0, f"{spot}.empty: it refutes nothing")
                    continue
                duals, side = node.get("duals", []), {"+": -1, "-": 1}.get(node.get("sign", ""), 0)
                require(side != 0 and len(duals) == len(added) + 1, f"{spot}: no sign, or not a dual for each ray")
                middle = [sum((a[i] for a in added), Fraction(0)) for i in range(n)]
                for k, (a, proof) in enumerate(zip([middle, *added], duals, strict=True)):
                    bound = self.most(faces, units, proof, [side * b for b in a], excluded)
                    require(bound < 0 or (bound == 0 and k > 0), f"{spot}.duals[{k}]: it refutes nothing")
        self.barren.add((tuple(sorted(active)), units, entry["inactive"]))

    def loose(self, faces: frozenset[str], units: str, inactive: Iterable[str]) -> str:
        """The neuron with v = 0 by which a stratum is divided, where several derivatives are free; "": it is not."""
        free = self.free(faces, units)
        wide = [name for name in inactive if free.get(name, []) is None and len(self.faces[name[1:-1]]) > 1]
        star = [r for name in inactive if name not in wide for r in self.star[name[1:-1]]]
        fits = len(wide) == 1 and all(len(self.containing(face)) == 1 for face in faces)
        fits = fits and all(self.phi(faces, units, self.columns[2 * r]) is not None for r in star)
        return wide[0] if fits else ""

    def part(self, entry: dict[str, Any], thin: list[list[Fraction]], where: str) -> tuple[str, int]:
        """The part of a witness, and the dimension of the w in it (of "some": 0)."""
        units, signed = entry["units"], frozenset(entry["active"])
        faces = frozenset(self.signed[name][0] for name in signed)
        if not self.step(faces, units):
            wide, text, whole = self.loose(faces, units, entry["inactive"]), "", 0
            if not wide:
                return "some", 0
            for name, added in zip(entry["inactive"], thin, strict=True):
                found = "".join(sign(clean({(): inner(g, added)})) for g in self.vertices(faces, units))
                zero = [g for g, s in zip(self.vertices(faces, units), found, strict=True) if s == "0"]
                slopes = [[self.slope(g, r) for g in zero] for r in self.faces[name[1:-1]]]
                whole += self.dimension[name[1:-1]] - len(echelon(slopes))
                fits = {*found} == {"0"} or (name == wide and ("0" in found or len({*found}) == 2))
                require(fits, f"{where}.witness: the loss has a slope along some v")
                text = found if name == wide else text
            return text, whole
        low, high = self.ranges.get((faces, units)) or (Fraction(1), Fraction(0))
        given = [self.pair(faces, units, added) for added in thin]
        gammas = {-rho / t for t, rho in given if t}
        fits = low <= high and len(gammas) < 2 and not any(rho for t, rho in given if not t)
        require(
            fits and all(low <= a <= high for a in gammas), f"{where}.witness: no gamma of the range is that of all v"
        )
        planes = [len(echelon(self.pairs(faces, units, name))) for name in entry["inactive"]]
        signs = "".join(sign(clean({(): t})) for t, _ in given)
        places = [p for p in self.marks(signed, units) for a in gammas if p[0] < a < p[1] or a == p[0] == p[1]]
        whole = (
            sum(self.dimension[name[1:-1]] for name in entry["inactive"]) - sum(planes) + len(given) - signs.count("0")
        )
        forced = any(plane == 1 and s != "0" for plane, s in zip(planes, signs, strict=True))
        whole += any(low < high for low, high in places) and not forced
        return " ".join([signs, *map(place_name, places)]), whole

    def keys(self, own: list[str], units: str, names: tuple[tuple[str, ...], ...]) -> Iterator[Key]:
        """What is to be listed: the stratum, or its parts."""
        faces, active, inactive = frozenset(self.signed[name][0] for name in own), *names
        if not self.is_divided(faces, units, inactive):
            yield units, active, tuple((name, "") for name in inactive), ""
            return
        if not self.step(faces, units):
            wide = self.loose(faces, units, inactive)
            barren = len(inactive) == 1 and (active, units, inactive[0]) in self.barren
            if not wide and not barren and not self.is_refuted(faces, units, inactive):
                yield units, active, tuple((name, "") for name in inactive), "some"
            for found in self.signs_of(faces, units, wide) if wide else ():
                if "0" in found or len({*found}) == 2:
                    yield units, active, tuple((name, "") for name in inactive), found
            return
        require((faces, units) in self.ranges, f"ranges: none for {sorted(faces)}, {units}")
        bounded(3 ** len(inactive))
        for signs in itertools.product("+-0", repeat=len(inactive)) if self.ranges[faces, units] else ():
            pairs = tuple(zip(inactive, signs, strict=True))
            moving = [self.slopes_of(faces, units, name, 1 if s == "+" else -1) for name, s in pairs if s != "0"]
            fits = pairs == tuple(sorted(pairs)) and all(moving)
            if fits and all(self.has_zero(faces, units, name) for name, s in pairs if s == "0"):
                if not moving:
                    yield units, active, pairs, ""
                for place in self.marks(frozenset(own), units) if moving else ():
                    if meet([place, *moving]):
                        yield units, active, pairs, place_name(place)

    def verify_stratum(self, entry: dict[str, Any], where: str) -> bool:
        """That the witness is in the stratum, and what is said about it; whether it is critical."""
        units, problem = entry["units"], self.problem
        z, thin = self.locate(entry, where)
        found = "".join(sign(clean({(): 1 - t * o})) for t, o in zip(self.targets, z, strict=True))
        require(units == found, f"{where}.units: they have the signs {show(found)}")
        active = [self.signed[name][0] for name in entry["active"]]
        faces, whole, part = frozenset(active), len(active), ""
        require(faces in self.least, f"{where}: the faces are not in spaces")
        if self.is_divided(faces, units, entry["inactive"]):
            part, more = self.part(entry, thin, where)
            whole += more
        else:
            for name, added in zip(entry["inactive"], thin, strict=True):
                values = self.free(faces, units).get(name, [])
                fits = values is None or self.phi(faces, units, added) == 0
                require(fits, f"{where}.witness: phi is not 0 for {name}")
                whole += self.dimension[name[1:-1]] - any(values or [])
        require(entry["part"] == part, f"{where}.part: it is {part!r}")
        require(entry["value"] == self.loss(z), f"{where}.value: it is {show(self.loss(z))}")
        rank = sum(p < units.count("0") for p in self.basis(faces, units))
        dimension = sum(self.dimension[face] for face in active) + self.has_bias - rank
        whole += dimension
        fits = entry["dimension"] == dimension
        fits = fits and entry.get("parameter_dimension") == (None if part == "some" else whole)
        require(fits, f"{where}: the dimensions are {dimension} and {whole}")
        answers = answers_of(entry["decisions"])
        critical = bool(answers.get("clarke_critical") == "yes")
        require(critical or not part, f"{where}.decisions: a part is critical")
        names = ["clarke_critical", *(["local_minimum", "local_maximum"] if critical and part != "some" else [])]
        fits = set(answers) == set(names) and all(answer in ("yes", "no") for answer in answers.values())
        require(fits, f"{where}.decisions: {', '.join(names)} are needed, with yes or no")
        verify_decisions(Place(problem, flat(entry["witness"])), entry["decisions"], where)
        return critical


def check_critical_strata(c: dict[str, Any]) -> str:
    fan = Strata(c)
    n, neurons = len(fan.rows), fan.neurons
    space = {"faces": (None, str), "theta": (n, Fraction), "weights": {str: Fraction}, "bias": Fraction}
    for k, entry in enumerate(read(c["spaces"], (None, space), "spaces")):
        fan.read_space(entry, f"spaces[{k}]")
    for k, entry in enumerate(read(c["trees"], (None, {"support": (None, str), "tree": object}), "trees")):
        fan.read_tree(entry["support"], entry["tree"], f"trees[{k}]")
    for k, entry in enumerate(read(c["ranges"], (None, {str: object}), "ranges")):
        ends = {"empty": object} if "empty" in entry else {"low": object, "high": object, "box": object}
        fan.read_range(read(entry, {"faces": (None, str), "units": str, **ends}, f"ranges[{k}]"), f"ranges[{k}]")
    listed, values, critical = set[Key](), set[Fraction](), 0
    shape = {"active": (None, str), "inactive": (None, str), "units": str, "part": str, "value": Fraction}
    shape |= {"dimension": int, "parameter_dimension?": int, "witness": fan.problem.shape}
    refuted = {"faces": (None, str), "units": str, "inactive": (None, str), "tree": object}
    for k, entry in enumerate(read(c["refuted"], (None, refuted), "refuted")):
        fan.read_refuted(entry, f"refuted[{k}]")
    barren = {"active": (None, str), "units": str, "inactive": str, "tree": object}
    for k, entry in enumerate(read(c["barren"], (None, barren), "barren")):
        fan.read_barren(entry, f"barren[{k}]")
    for k, entry in enumerate(read(c["strata"], (None, {**shape, "decisions": {str: {str: object}}}), "strata")):
        where, names = f"strata[{k}]", fan.read_names(entry, f"strata[{k}]")
        signs, _, place = entry["part"].partition(" ")
        well_formed(len(entry["units"]) == n, f"{where}.units: not a sign for each data point")
        if not fan.step(frozenset(fan.signed[name][0] for name in names[0]), entry["units"]):
            signs, place = "", entry["part"]
        well_formed(len(signs) in (0, len(names[1])), f"{where}.part: not a sign for each neuron with v = 0")
        pairs = sorted(itertools.zip_longest(entry["inactive"], signs, fillvalue=""))
        key = entry["units"], names[0], tuple(pairs), place
        require(key not in listed, f"{where}: listed twice")
        listed.add(key)
        if fan.verify_stratum(entry, where):
            critical += 1
            values.add(entry["value"])
    for m in range(neurons + 1) if fan.complete else ():
        for chosen in itertools.combinations(sorted(fan.faces), m):
            for own in fan.supports(chosen):
                require(frozenset(own) in fan.alive, f"trees: none for {own}")
                for units in fan.alive[frozenset(own)]:
                    free = list(fan.free(frozenset(chosen), units)) if len(own) < neurons else []
                    for key in (key for names in fan.completions(own, free) for key in fan.keys(own, units, names)):
                        require(key in listed, f"strata: {key} is not decided")
    losses = ", ".join(show(value) for value in sorted(values))
    return f"{'all' if fan.complete else 'some'} critical points: {critical} sets, with the losses {losses}"


# ---------------------------------------- facts

Interval = tuple[Fraction, Fraction]
PRECISIONS, BITS, DEGREE, ROWS = (64, 256, 1024, 4096), 500_000, 2000, 100  # of enclosures; a value may have


class Real:
    """A real number: the interval that it is in, for each number of bits."""

    def __init__(self, at: Callable[[int], Interval]):
        self.at = cache(lambda n: short(at(n)))

    def map(self, bounds: Callable[[Fraction, int], Interval]) -> Real:
        """The value of a function that grows, from bounds of it at rational numbers."""

        def ends(n: int) -> Interval:
            (low, _), (_, high) = (bracket(q, n + 16) for q in self.at(n))
            return bounds(low, n)[0], bounds(high, n)[1]

        return Real(ends)

    def sign(self) -> str:
        for n in PRECISIONS:
            low, high = self.at(n)
            if low > 0 or high < 0:
                return "+" if low > 0 else "-"
        raise Rejected("an enclosure does not tell the sign")


def size(*numbers: Fraction) -> int:
    return sum(q.numerator.bit_length() + q.denominator.bit_length() for q in numbers)


def short(interval: Interval) -> Interval:
    require(size(*interval) <= BITS, "a number is too large")
    return interval


def outward(low: Fraction, high: Fraction, n: int) -> Interval:
    """The interval with ends rounded to n binary places."""
    ends = (low.numerator << n) // low.denominator, -((-high.numerator << n) // high.denominator)
    return Fraction(ends[0], 1 << n), Fraction(ends[1], 1 << n)


def bracket(q: Fraction, n: int) -> Interval:
    """Short numbers around a number, that agree with it to n binary places, or digits if it is small."""
    return outward(q, q, n + max(q.denominator.bit_length() - q.numerator.bit_length(), 0))


def series(first: Fraction, ratio: Callable[[int], tuple[int, int]], n: int) -> Interval:
    """The sum of t_0 = first, t_(k+1) = t_k a / b, where (a, b) = ratio(k), b > 0; |a / b| falls from some k on, or is
    always < 1/2. In units of 2^-(n+20).
    """
    t, error = (first.numerator << (n + 20)) // first.denominator, 1
    found, slack = t, 1
    for k in itertools.count():
        a, b = ratio(k)
        if 2 * abs(a) <= b and abs(t) + error < 1 << 20:
            slack += abs(t) + error  # the rest is less than the last term
            return Fraction(found - slack, 1 << (n + 20)), Fraction(found + slack, 1 << (n + 20))
        require(k < 20 * n + 10_000, "an enclosure takes too many terms")
        t, error = t * a // b, 1 - (-error * abs(a) // b)
        found, slack = found + t, slack + error
    raise AssertionError


def exp(q: Fraction, n: int) -> Interval:
    require(abs(q) <= 4096, "an argument of exp is too large")
    halvings = int(abs(q)).bit_length() + 1
    bits = n + 4 * int(abs(q)) + 4 * halvings + 8
    part = q / 2**halvings
    ends = series(Fraction(1), lambda k: (part.numerator, part.denominator * (k + 1)), bits)
    low, high = (int(a * 2 ** (bits + 20)) for a in ends)  # in the units of the series
    for _ in range(halvings):
        low, high = low * low >> (bits + 20), -(-high * high >> (bits + 20))
    return Fraction(low, 1 << (bits + 20)), Fraction(high, 1 << (bits + 20))


def odd(x: Fraction, factor: int, n: int) -> Interval:
    """The sum of factor^k x^(2k+1) / (2k+1), |x| <= 1/2, factor 1 or -1: artanh(x), atan(x)."""
    a, b = factor * x.numerator**2, x.denominator**2
    return series(x, lambda k: (a * (2 * k + 1), b * (2 * k + 3)), n + 8)


def log(q: Fraction, n: int) -> Interval:
    require(q > 0, "an argument of log is not positive")
    power = q.numerator.bit_length() - q.denominator.bit_length()
    ends = bracket(q / Fraction(2) ** power, n + 20)  # between 1/2 and 2
    (low, _), (_, high) = (odd((m - 1) / (m + 1), 1, n + 20) for m in ends)
    third = odd(Fraction(1, 3), 1, n + 20)
    twos = [2 * power * a for a in third]
    return 2 * low + min(twos), 2 * high + max(twos)


def sqrt(q: Fraction, n: int) -> Interval:
    require(q >= 0, "an argument of sqrt is negative")
    low = Fraction(isqrt((q.numerator << 2 * n) // q.denominator), 1 << n)
    return low, low + Fraction(1, 1 << n)


def pi(n: int) -> Interval:
    (a, b), (c, d) = odd(Fraction(1, 5), -1, n), odd(Fraction(1, 239), -1, n)
    return 16 * a - 4 * d, 16 * b - 4 * c


def atan(q: Fraction, n: int) -> Interval:
    x, (low, high) = abs(q), pi(n)
    if 2 * x <= 1:
        return odd(q, -1, n)
    (a, b), quarters = (odd((x - 1) / (x + 1), -1, n), 1) if x < 3 else (odd(-1 / x, -1, n), 2)
    below, above = low * quarters / 4 + a, high * quarters / 4 + b
    return (below, above) if q > 0 else (-above, -below)


def erf(q: Fraction, n: int) -> Interval:
    require(abs(q) <= 32, "an argument of erf is too large")
    x, bits = q * q, n + 4 * int(q * q)
    a, b = -x.numerator, x.denominator
    (low, high), (c, d) = series(q, lambda k: (a * (2 * k + 1), b * (k + 1) * (2 * k + 3)), bits), pi(n)
    ends = [2 * u / root for u in (low, high) for root in (sqrt(c, n)[0], sqrt(d, n)[1])]
    return min(ends), max(ends)


def numeric(value: Any) -> Fraction:
    """A scalar that is a number."""
    well_formed(isinstance(value, dict) and is_constant(value), "a number is needed")
    return evaluate(value)


def is_matrix(value: Any) -> bool:
    fits = isinstance(value, list) and all(isinstance(row, list) for row in value)
    fits = fits and not any(isinstance(entry, list) for row in value for entry in row)
    well_formed(fits and len({len(row) for row in value}) == 1, "a matrix is needed")
    return True


def is_square(value: Any) -> bool:
    well_formed(is_matrix(value) and len(value) == len(value[0]), "a square matrix is needed")
    return True


def matrix(value: Any) -> list[list[Fraction]]:
    """The entries, numbers, of a matrix that is not too large for elimination."""
    rows = [[numeric(entry) for entry in row] for row in value] if is_matrix(value) else []
    side = max(len(rows), len(rows[0]))
    fits = side <= ROWS and side * max(size(a) for row in rows for a in row) <= BITS // 10
    require(fits, "a matrix is too large for elimination")
    return rows


def lifted(value: Any) -> Any:
    """Numbers, or nested lists of them, as constant polynomials."""
    return [lifted(v) for v in value] if isinstance(value, (list, tuple)) else clean({(): Fraction(value)})


def determinant(rows: list[list[Fraction]]) -> Fraction:
    result, rows = Fraction(1), [list(row) for row in rows]
    while rows:
        k = next((k for k, row in enumerate(rows) if row[0]), -1)
        if k < 0:
            return Fraction(0)
        pivot = rows.pop(k)
        result *= (-1) ** k * pivot[0]
        rows = [[a - row[0] / pivot[0] * b for a, b in zip(row[1:], pivot[1:], strict=True)] for row in rows]
    return result


def form_inertia(value: Any) -> tuple[int, int, int]:
    rows = matrix(value)
    well_formed(rows == [list(column) for column in zip(*rows, strict=True)], "a symmetric matrix is needed")
    entries = ((i, j, a) for i, row in enumerate(rows) for j, a in enumerate(row))
    return inertia(total((1, clean({(min(i, j), max(i, j)): a})) for i, j, a in entries), len(rows))


def scalars(value: Any) -> list[Any]:
    return [entry for part in value for entry in scalars(part)] if isinstance(value, list) else [value]


def plus(p: Any, q: Any, factor: int = 1) -> Any:
    if isinstance(p, list) and isinstance(q, list):
        well_formed(len(p) == len(q), "vectors of unequal length")
        return [plus(a, b, factor) for a, b in zip(p, q, strict=True)]
    if isinstance(p, Real) or isinstance(q, Real):
        (a, b), flip = (enclosed(p), enclosed(q)), factor < 0
        return Real(lambda n: (a.at(n)[0] + factor * b.at(n)[flip], a.at(n)[1] + factor * b.at(n)[not flip]))
    well_formed(isinstance(p, dict) and isinstance(q, dict), "scalars, or vectors of equal shape, are needed")
    return total([(1, p), (factor, q)])


def enclosed(value: Any) -> Real:
    if isinstance(value, Real):
        return value
    q = numeric(value)
    return Real(lambda n: (q, q))


def times(p: Any, q: Any) -> Any:
    if isinstance(p, list) != isinstance(q, list):
        p, q = (q, p) if isinstance(p, list) else (p, q)
        return [times(p, entry) for entry in q]
    if isinstance(p, Real) or isinstance(q, Real):
        a, b = enclosed(p), enclosed(q)

        def ends(n: int) -> Interval:
            products = [u * v for u in a.at(n) for v in b.at(n)]
            return outward(min(products), max(products), 2 * n)

        return Real(ends)
    well_formed(isinstance(p, dict) and isinstance(q, dict), "a scalar is needed on one side of *")
    bounded(len(p) * len(q) * (1 + degree(p) + degree(q)) // 10)
    return product(p, q)


def over(p: Any, q: Any) -> Any:
    if not isinstance(q, Real):
        value = numeric(q)
        require(value != 0, "division by 0")
        return times(lifted(1 / value), p)

    def ends(n: int) -> Interval:
        low, high = q.at(n)
        if low <= 0 <= high:
            require(n < PRECISIONS[-1], "an enclosure does not tell a divisor from 0")
            return ends(PRECISIONS[PRECISIONS.index(n) + 1])
        return outward(1 / high, 1 / low, 2 * n)

    return times(Real(ends), p)


def degree(p: Polynomial) -> int:
    return max(map(len, p), default=0)


def weight(value: Any) -> int:
    """The size of all numbers and monomials in a value."""
    entries = [entry for entry in scalars(value) if isinstance(entry, dict)]
    return sum(1 + size(*entry.values()) + sum(map(len, entry)) for entry in entries)


def power(p: Any, q: Any) -> Any:
    exponent = numeric(q)
    well_formed(exponent.denominator == 1 and abs(exponent) <= 1000, "an integer exponent, at most 1000, is needed")
    require(weight(p) * abs(exponent) <= BITS, "a power is too large")
    if exponent < 0:
        return over(ONE, power(p, lifted(-exponent)))
    if isinstance(p, list) and is_square(p):
        return reduce(matmul, [p] * int(exponent), [[lifted(i == j) for j in range(len(p))] for i in range(len(p))])
    return reduce(times, [p] * int(exponent), ONE)


def matmul(p: Any, q: Any) -> Any:
    well_formed(isinstance(p, list) and isinstance(q, list), "@ is for vectors and matrices")
    if isinstance(p[0], list):
        bounded(len(p) * len(q) * len(scalars(q[0])) // 2)
        return [matmul(row, q) for row in p]
    if isinstance(q[0], list):
        return [matmul(p, list(column)) for column in zip(*q, strict=True)]
    well_formed(len(p) == len(q), "vectors of unequal length")
    return reduce(plus, map(times, p, q), lifted(0))


def compare(p: Any, q: Any, operation: ast.cmpop) -> bool:
    if isinstance(p, (str, bool)) or isinstance(q, (str, bool)):
        fits = type(p) is type(q) and isinstance(operation, (ast.Eq, ast.NotEq))
        well_formed(fits, "texts have no order, and equal nothing but texts")
        return bool((p == q) == isinstance(operation, ast.Eq))
    difference = plus(p, q, -1)
    if isinstance(operation, (ast.Eq, ast.NotEq)) and not isinstance(difference, Real):
        return any(map(differs, scalars(difference))) == isinstance(operation, ast.NotEq)
    well_formed(not isinstance(operation, ast.Eq), "equality with an enclosed real is never decided")
    side = difference.sign() if isinstance(difference, Real) else sign(lifted(numeric(difference)))
    signs = {ast.Lt: "-", ast.LtE: "-0", ast.Gt: "+", ast.GtE: "+0", ast.NotEq: "+-"}
    well_formed(type(operation) in signs, "only == != < <= > >= compare")
    return side in signs[type(operation)]


def differs(entry: Any) -> bool:
    well_formed(isinstance(entry, dict), "equality with an enclosed real is never decided")
    return bool(entry)


class Facts:
    """The names and the functions of expressions."""

    def __init__(self, problem: dict[str, Any], symbols: list[str]):
        well_formed(isinstance(problem, dict), "problem: an object is needed")
        self.problem = Problem(problem) if problem else None
        self.names: dict[str, Any] = {}
        self.symbols = {name: v for v, name in enumerate(symbols)}
        if self.problem:
            y = read(problem["data"]["y"], (None, object), "problem.data.y")
            numbers = [
                [number(a, "y") for a in row] if isinstance(row, (list, tuple)) else number(row, "y") for row in y
            ]
            rows = problem["loss"]["kind"] == "one-vs-all-hinge"
            weights = [row if rows else row[0] for row in self.problem.weights]
            own = {"x": self.problem.x, "y": numbers, "weights": weights, "weight_decay": self.problem.weight_decay}
            self.names = {name: lifted(value) for name, value in own.items()}
        self.functions: dict[str, Callable[..., Any]] = {
            "exp": lambda p: enclosed(p).map(exp),
            "log": lambda p: enclosed(p).map(log),
            "sqrt": lambda p: enclosed(p).map(sqrt),
            "atan": lambda p: enclosed(p).map(atan),
            "erf": lambda p: enclosed(p).map(erf),
            "pi": lambda: Real(pi),
            "tanh": lambda p: plus(ONE, over(lifted(2), plus(enclosed(times(lifted(2), p)).map(exp), ONE)), -1),
            "transpose": lambda m: [[row[k] for row in m] for k in range(len(m[0]) if is_matrix(m) else 0)],
            "identity": lambda n: [[lifted(i == j) for j in self.count(n)] for i in self.count(n)],
            "zeros": lambda m, n: [[{} for _ in self.count(n)] for _ in self.count(m)],
            "trace": lambda m: reduce(plus, [m[k][k] for k in range(len(m) if is_square(m) else 0)]),
            "rank": lambda m: lifted(len(echelon(matrix(m)))),
            "det": lambda m: lifted(determinant(matrix(m))) if is_square(m) else {},
            "positive_definite": lambda m: form_inertia(m)[0] == len(m),
            "positive_semidefinite": lambda m: form_inertia(m)[1] == 0,
            "norm2": lambda m: reduce(plus, (times(a, a) for a in scalars(m)), lifted(0)),
            "dot": lambda p, q: matmul(p, q),
            "sum": lambda p: reduce(plus, p[1:], times(ONE, p[0])),
            "max": lambda *p: lifted(max(map(numeric, p))),
            "min": lambda *p: lifted(min(map(numeric, p))),
            "abs": lambda p: lifted(abs(numeric(p))),
            "derivative": lambda p, t: derivative(p, self.symbols[t]),
            "substitute": self.substitute,
            "loss": lambda at: lifted(self.place(at).value),
            "gradient": lambda at: lifted(self.place(at).smooth() and self.place(at).gradient(self.place(at).signs)),
            "hessian": lambda at: self.hessian(self.place(at)),
            "outputs": lambda at: self.outputs(self.place(at)),
            "signature": lambda at: self.place(at).here.spell(self.place(at).signs),
            "parameter": self.parameter,
        }
        self.place = cache(self._place)
        for v, name in enumerate(symbols):
            self.define(name, {(v,): Fraction(1)}, f"variables[{v}]")

    def define(self, name: str, value: Any, where: str) -> None:
        fits = name.isascii() and name.isidentifier() and name not in self.names and name not in self.functions
        well_formed(fits, f"{where}: {show(name)} is no new name")
        self.names[name] = value

    def count(self, value: Any) -> range:
        n = numeric(value)
        well_formed(n.denominator == 1 and 0 < n <= 100, "a size from 1 to 100 is needed")
        return range(int(n))

    def substitute(self, p: Any, t: str, q: Any) -> Any:
        v = self.symbols[t]
        counts = [m.count(v) for m in p]
        require(max(counts, default=0) * weight(q) <= BITS, "a power is too large")
        bounded(10 * sum(comb(k + max(len(q), 1) - 1, k) for k in counts))
        return substitute(p, v, q)

    def _place(self, name: str) -> Place:
        known = self.problem is not None and name in self.problem.points
        well_formed(known, f"the problem has no point {show(name)}")
        problem: Any = self.problem
        return Place(problem, problem.points[name])

    def parameter(self, at: str, array: str) -> Any:
        place = self.place(at)
        well_formed(array in place.problem.shape, f"the network has no {show(array)}")
        own = [a for a, owner in zip(place.point, place.problem.owners, strict=True) if owner == array]
        rows, each = place.problem.shape[array]
        return lifted(own if each is Fraction else [own[r * each[0] : (r + 1) * each[0]] for r in range(rows)])

    def outputs(self, place: Place) -> Any:
        here, depth, width = place.here, len(place.problem.layers), place.here.width
        units = 0 if place.problem.squared else here.groups[-1]
        signs = [place.signs[i * width : (i + 1) * width - units] for i in range(len(here.inputs))]
        return [here.values(i, depth, own) for i, own in enumerate(signs)]

    def hessian(self, place: Place) -> Any:
        form = hessian(place.loss, place.point)
        entries = [
            [form.get((min(i, j), max(i, j)), Fraction(0)) for j in range(place.size)] for i in range(place.size)
        ]
        return lifted([[a if i == j else a / 2 for j, a in enumerate(row)] for i, row in enumerate(entries)])

    def value(self, node: ast.AST) -> Any:
        result = self.evaluate(node)
        require(weight(result) <= BITS, "a value is too large")
        require(all(degree(p) <= DEGREE for p in scalars(result) if isinstance(p, dict)), "a degree is too large")
        return result

    def evaluate(self, node: ast.AST) -> Any:
        match node:
            case ast.Constant(value=bool()):
                pass
            case ast.Constant(value=int(n)):
                return lifted(n)
            case ast.Constant(value=str(word)):
                return word
            case ast.Name(id=name) if name in self.names:
                return self.names[name]
            case ast.List(elts=entries) if entries:
                values = [self.value(entry) for entry in entries]
                bounded(len(values) * len(scalars(values[0])))
                return values if not any(isinstance(v, list) for v in values) or is_matrix(values) else []
            case ast.UnaryOp(op=ast.USub(), operand=p):
                return times(lifted(-1), self.value(p))
            case ast.BinOp(left=p, op=operation, right=q):
                binary = {ast.Add: plus, ast.Sub: lambda a, b: plus(a, b, -1), ast.Mult: times, ast.Div: over}
                binary |= {ast.Pow: power, ast.MatMult: matmul}
                if type(operation) in binary:
                    return binary[type(operation)](self.value(p), self.value(q))
            case ast.Subscript(value=p, slice=k):
                entries, place = self.value(p), numeric(self.value(k))
                well_formed(isinstance(entries, list) and place in range(len(entries)), "no such entry")
                return entries[int(place)]
            case ast.Compare(left=first, ops=operations, comparators=others):
                values = [self.value(p) for p in (first, *others)]
                return all(compare(a, b, o) for a, b, o in zip(values, values[1:], operations, strict=False))
            case ast.Call(func=ast.Name(id=name), args=given, keywords=[]) if name in self.functions:
                return self.functions[name](*map(self.value, given))
        raise Malformed(f"unknown: {show(ast.unparse(node))}")

    def read(self, text: str, where: str) -> Any:
        try:
            fits = len(text) <= DIGITS and text.isascii() and "#" not in text
            well_formed(fits, "the expression is too long, or has a comment, or letters other than a to z")
            return self.value(ast.parse(text, mode="eval").body)
        except (Malformed, SyntaxError, TypeError, ValueError, LookupError, AttributeError, MemoryError) as error:
            raise Malformed(f"{where}: {show(text)}: {error}") from error
        except Rejected as error:
            raise Rejected(f"{where}: {show(text)}: {error}") from error


def check_facts(c: dict[str, Any]) -> str:
    facts = Facts(c["problem"], c.get("variables", []))
    for k, (name, text) in enumerate(read(c.get("definitions", []), (None, (2, str)), "definitions")):
        facts.define(name, facts.read(text, f"definitions[{k}]"), f"definitions[{k}]")
    well_formed(bool(c["facts"]), "facts: at least one is needed")
    for k, text in enumerate(c["facts"]):
        require(facts.read(text, f"facts[{k}]") is True, f"facts[{k}]: {show(text)} is not true")
    return f"{len(c['facts'])} facts"


# ---------------------------------------- exhaustion

SIZES, BASES = ("points", "dimension", "neurons", "height"), 10**7
PROVES = {"spurious": "atlas", "sharp-spurious": "atlas", "positive-minimum": "minimum"}  # that a property fails


def fractions(height: int) -> list[Fraction]:
    whole = range(-height, height + 1)
    return sorted({Fraction(p, q) for p in whole for q in range(1, height + 1)})


class Exhaustion:
    """The data sets of a search: what they have in common, and a name for each that is the same by symmetry."""

    def __init__(self, c: dict[str, Any]):
        well_formed(c["problem"] == {}, "problem: {} is needed")
        self.c, self.squared = c, c["loss"].get("kind") == "squared"
        self.is_claim = c["property"].partition(":")[0] in ("claim", "critical-claim")
        well_formed(self.is_claim or c["property"] in PROVES, f"property: unknown {show(c['property'])}")
        bounds = [c["bounds"][name] for name in c["order"] if name in SIZES]
        fits = sorted(c["order"]) == sorted(SIZES) and all(1 <= low <= high <= 1000 for low, high in bounds)
        well_formed(fits, "bounds, order: each needs 1 <= least <= greatest, and a place in the order")
        bounded(prod(high - low + 1 for low, high in bounds))
        ranges = [range(low, high + 1) for low, high in bounds]
        planned = [dict(zip(c["order"], size, strict=True)) for size in itertools.product(*ranges)]
        self.sizes = [tuple(size[name] for name in SIZES) for size in planned]
        self.network, self.bases = read(c["network"], {"activation": object, "bias": (2, bool)}, "network"), 0

    def name(self, x: Sequence[Sequence[Fraction]], y: Sequence[Fraction], neurons: int) -> Any:
        """Two data sets of one name: a linear map takes the rows of one to the other's, with labels as good, in some
        order (for claims: in some order).
        """
        hidden, output = self.network["bias"]
        if self.is_claim:
            return neurons, tuple(sorted((tuple(row), label) for row, label in zip(x, y, strict=True)))
        rows = [[*row, Fraction(1)] if hidden else list(row) for row in x]
        if self.squared:
            mean = Fraction(sum(y), len(y)) if output else Fraction(0)
            scale = max(abs(label - mean) for label in y) or 1
            y = [(label - mean) / scale for label in y]
        pivots = sorted(echelon(rows))
        rows = [[row[p] for p in pivots] for row in rows]
        found, distinct = [], sorted({tuple(row) for row in rows})
        self.bases += perm(len(distinct), len(pivots)) * len(rows)
        require(self.bases <= BASES, f"more than {BASES} rows in the coordinates of a basis")
        for basis in itertools.permutations(distinct, len(pivots)):
            volume = determinant([list(row) for row in basis]) if basis else Fraction(1)
            if volume:
                near = [
                    tuple(
                        determinant([*map(list, basis[:k]), row, *map(list, basis[k + 1 :])]) / volume
                        for k in range(len(basis))
                    )
                    for row in rows
                ]
                found += [sorted((row, s * label) for row, label in zip(near, y, strict=True)) for s in (1, -1)]
        return neurons, tuple(min(found))

    def data_sets(self, points: int, dimension: int, height: int) -> Iterator[tuple[Any, Any]]:
        entries = fractions(height)
        labels = entries if self.squared else [Fraction(-1), Fraction(1)]
        bounded(comb(len(entries) ** min(dimension, 64) * len(labels) + points - 1, points))
        labelled = list(itertools.product(itertools.product(entries, repeat=dimension), labels))
        found = (tuple(zip(*each, strict=True)) for each in itertools.combinations_with_replacement(labelled, points))
        return ((x, y) for x, y in found if len(set(x)) == points or not self.c["distinct"])

    def place(self, value: Any, where: str) -> tuple[Any, int]:
        """The name of the data set of a case, and the number of the first size that has it."""
        problem, network = Problem(value), value["network"]
        common = {"widths": network["widths"], **self.c["network"]}
        fits = network == common and value["loss"] == self.c["loss"] and len(problem.layers) == 2 and not problem.decay
        fits = fits and network["widths"][2] == 1 and self.c["loss"].get("weights", "mean") in ("mean", "sum")
        require(fits, f"{where}: not a problem of this family")
        y = [number(a[0] if type(a) in (list, tuple) else a, where) for a in value["data"]["y"]]
        entries = [a for row in problem.x for a in row] + (y if self.squared else [])
        height = max(max(abs(a.numerator), a.denominator) for a in entries)
        low = self.c["bounds"]["height"][0]
        size = (len(y), network["widths"][0], network["widths"][1], max(height, low))
        distinct = len(set(map(tuple, problem.x))) == len(y)
        require(size in self.sizes and (distinct or not self.c["distinct"]), f"{where}: not within the bounds")
        return self.name(problem.x, y, network["widths"][1]), self.sizes.index(size)

    def proof(self, case: dict[str, Any], kind: str, where: str) -> dict[str, Any]:
        """The certificate of a case, which must be accepted, of this kind, and about its problem."""
        require(len(case["certificates"]) == 1, f"{where}: one certificate is needed")
        c, _ = verified(case["certificates"][0], (kind,))
        same = all(c["problem"].get(part) == case["problem"][part] for part in ("network", "loss", "data"))
        require(same, f"{where}: the certificate is about another problem")
        return c

    def verify_certificates(self, case: dict[str, Any], where: str) -> None:
        """That the certificates of a claim hold."""
        for certificate in case["certificates"]:
            verified(certificate)

    def verify_without(self, case: dict[str, Any], where: str) -> None:
        """That a data set has not the property."""
        c = self.proof(case, PROVES[self.c["property"]], where)
        if c["kind"] == "minimum":
            require(c["upper"] == 0, f"{where}: the minimum may be positive")
            return
        losses = [number(entry["value"], where) for entry in c["sets"]]
        spurious = {k for k, value in enumerate(losses) if value > min(losses)}
        require(c["complete"], f"{where}: the atlas is not complete")
        require(not spurious or self.c["property"] != "spurious", f"{where}: there is a spurious local minimum")
        cells = {entry["set"]: entry for entry in case.get("flat", [])}
        if not spurious:
            return
        atlas = Atlas(c)
        for k in spurious:
            require(k in cells, f"{where}.flat: nothing about set {k}")
            verify_flat(atlas, c["sets"][k], cells[k], f"{where}.flat, set {k}")

    def verify_with(self, case: dict[str, Any], where: str) -> None:
        """That a data set has the property."""
        if self.c["property"] == "positive-minimum":
            require(self.proof(case, "minimum", where)["lower"] > 0, f"{where}: the minimum may be 0")
        else:
            answers = {k: d["answer"] for k, d in self.proof(case, "point", where)["decisions"].items()}
            fits = answers.get("local_minimum") == "yes" and answers.get("global_minimum") == "no"
            sharp = self.c["property"] == "spurious" or answers.get("kind") == "sharp"
            require(fits and sharp, f"{where}: no such local minimum")


def verify_flat(atlas: Atlas, each: dict[str, Any], given: dict[str, Any], where: str) -> None:
    """For each choice of chambers a cell of constant loss whose closure contains the set."""
    piece, choices, f = tuple(each["piece"]), each["thin"] or [[]], given["dual"]
    own, best, problem = atlas.own(piece), atlas.best[piece], atlas.problem
    allowed = set[int]().union(*own)
    if problem.squared:
        fits = not inner(f, best.outputs) and not (atlas.has_bias and sum(f))
        fits = fits and all(inner(f, atlas.columns[j]) >= 0 for j in allowed)
    else:
        fits = atlas.bound(f, (atlas.senses[j] for j in allowed), where) == best.value
    require(fits and len(given["cells"]) == len(choices), f"{where}: no dual vector, or not one cell for each choice")
    for cells, entry in zip(choices, given["cells"], strict=True):
        place = Place(problem, problem.point(entry["point"], where))
        around, curve = Around(place), read(entry["curve"], (None, problem.shape), where)
        signs = around.entered(curve)
        require(not around.varies(signs), f"{where}: the loss is not constant on the cell")
        spelled = [part.split(",") for part in place.near.spell(signs).split(";")]
        v = [place.point[p] for _, p, i in problem.layers[1].rows[0] if i >= 0]
        for k, (q, columns) in enumerate(zip(piece, own, strict=True)):
            chamber = "".join(part[0][k] for part in spelled)
            used = [atlas.signs[j // 2] for j in columns if not inner(f, atlas.columns[j])]
            inside = all(s in ("0", t) for face in used for s, t in zip(face, chamber, strict=True))
            sides = v[k] != 0 and (v[k] < 0) == q % 2
            require(inside and sides, f"{where}: neuron {k} may leave the closure of the cell")
        for k, chamber in enumerate(cells, len(piece)):
            there = "".join(part[0][k] for part in spelled) == atlas.chambers[chamber]
            still = problem.squared or not any(term["W2"][0][k] for term in curve)
            require(there and still and not v[k], f"{where}: neuron {k} is in another chamber, or v does not stay 0")
        if not problem.squared:
            for i, (g, w) in enumerate(zip(f, atlas.weights, strict=True)):
                kink = spelled[i][1]
                require(kink == {0: "-", w: "+"}.get(abs(g), kink), f"{where}: the margin of point {i} may be another")


def check_exhaustion(c: dict[str, Any]) -> str:
    search = Exhaustion(c)
    names, hits, ranks, what = set(), set(), list[int](), c["property"]
    without, having = search.verify_without, search.verify_with
    if search.is_claim:
        without = having = search.verify_certificates
    for part, verify in ("cases", without), ("found", having):
        for k, case in enumerate(c[part]):
            where = f"{part}[{k}]"
            name, rank = search.place(case["problem"], where)
            verify(case, where)
            names.add(name)
            if part == "found":
                hits.add(name)
                ranks.append(rank)
    require(0 <= c["exhausted"] <= len(search.sizes), "exhausted: more than there are sizes")
    for rank, (points, dimension, neurons, height) in enumerate(search.sizes[: c["exhausted"]]):
        for x, y in search.data_sets(points, dimension, height):
            name = search.name(x, y, neurons)
            if name not in names:
                words = (f"x = ({', '.join(map(str, row))}), y = {label}" for row, label in zip(x, y, strict=True))
                raise Rejected(f"no case for {'; '.join(words)}; neurons: {neurons}")
            ranks += [rank] if name in hits else []  # one that is equivalent may be smaller than what was found
    first = min(ranks, default=len(search.sizes))
    require(not c["complete"] or (c["exhausted"] >= first and not search.is_claim), "not exhausted")
    if ranks:
        size = ", ".join(f"{name} {value}" for name, value in zip(SIZES, search.sizes[first], strict=True))
        return f"{what}: {'the smallest' if c['complete'] else 'a'} data set with it has {size}"
    return f"{what}: {'no data set' if c['complete'] else 'not known for all data sets'} within the bounds"


# ---------------------------------------- certificates, files, command line

PRODUCT, REFINEMENT = {"count": Fraction, "chambers": object}, {"trees": (None, (None, object))}
CELL = {"signature": str, "witness": object}
HESSIAN = {"positive": int, "negative": int, "zero": int}
FACTS = {"multilinear": bool, "trace_zero": bool, "flat": bool, "laplacian_sum_of_squares?": bool, "hessian": HESSIAN}
POINT = {"point": object, "loss": Fraction, "signature": str, "decisions": {str: {str: object}}}

LISTS = dict.fromkeys(("chambers", "rays", "levels", "sets"), object)
ATLAS = {"complete": bool, **LISTS, "thin": (None, {str: object}), "minimum": object}
CRITICAL = {
    "complete": bool,
    **dict.fromkeys(("chambers", "rays", "empty", "sets"), object),
    "hulls": (None, {str: object}),
}
STRATA = {"complete": bool, **dict.fromkeys(("chambers", "rays", "spaces", "trees"), object)}
STRATA |= dict.fromkeys(("ranges", "refuted", "barren", "strata"), object)
RANGE = (2, int)
FLAT = {"set": int, "dual": (None, Fraction), "cells": (None, {"point": object, "curve": object})}
CASE = {"problem": {str: object}, "certificates": (None, {str: object}), "flat?": (None, FLAT)}
EXHAUSTION = {"property": str, "network": {str: object}, "loss": {str: object}, "bounds": dict.fromkeys(SIZES, RANGE)}
EXHAUSTION |= {
    "distinct": bool,
    "order": (4, str),
    "exhausted": int,
    "cases": (None, CASE),
    "found": (None, CASE),
    "complete": bool,
}

# the kind: the function that verifies it, and the shape of its own keys
KINDS: dict[str, tuple[Callable[[dict[str, Any]], str], dict[str, Any]]] = {
    "chambers": (check_chambers, {"chambers": object, "complete": bool}),
    "cells": (check_cells, {"space": object, "cells": (None, CELL), "complete": bool, "proof?": object}),
    "empty-cell": (check_empty_cell, {"space": object, "signature": str, "farkas": (None, object)}),
    "forms": (check_forms, {"cells": (None, {**CELL, **FACTS, "blocks": {str: {str: Fraction}}})}),
    "minimum": (check_minimum, {"point": object, "upper": Fraction, "lower": Fraction, "tree": object}),
    "point": (check_point, {**POINT, "at?": str, "spurious?": bool, "incident?": object, "constant_along?": object}),
    "data": (check_data, {"property": str, "answer": str, "witness": object}),
    "atlas": (check_atlas, ATLAS),
    "exhaustion": (check_exhaustion, EXHAUSTION),
    "critical-sets": (check_critical_sets, CRITICAL),
    "critical-strata": (check_critical_strata, STRATA),
    "facts": (check_facts, {"variables?": (None, str), "definitions?": object, "facts": (None, str)}),
}


@contextmanager
def long_numbers() -> Iterator[None]:
    """Python reads numbers of more than 4300 digits only if it is told to."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(limit)


def verified(certificate: Any, kinds: Sequence[str] = ()) -> tuple[dict[str, Any], str]:
    """A certificate that holds, of one of these kinds (of any), read; and what it says. Raises `Rejected`."""
    common = {"format": "exactrelu.certificate/1", "problem": object, "statement": str}
    shapes = {kind: {**common, **shape} for kind, (_, shape) in KINDS.items() if kind in (kinds or KINDS)}
    c = read_choice(certificate, "kind", shapes, "certificate")
    return c, KINDS[c["kind"]][0](c)


@long_numbers()
def check(certificate: Any) -> Verdict:
    """Verify a certificate: a dict, or an object with a method ``to_dict``. Raises `Malformed`."""
    try:
        return Verdict(True, verified(certificate.to_dict() if hasattr(certificate, "to_dict") else certificate)[1])
    except (Rejected, RecursionError) as error:
        return Verdict(False, str(error))


@long_numbers()
def load(path: str) -> Any:
    """The JSON document in a file, with exact numbers; "-" is standard input. Raises `Malformed`."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        well_formed(len(dict(pairs)) == len(pairs), "an object has a key twice")
        return dict(pairs)

    def exact(digits: str) -> Fraction:
        return number(digits, "a number")

    hooks: Any = {"parse_float": exact, "parse_constant": exact, "object_pairs_hook": unique}
    hooks["parse_int"] = lambda digits: exact(digits).numerator
    try:
        with open(sys.stdin.fileno() if path == "-" else path, "rb") as file:
            return json.loads(file.read().decode(), **hooks)
    except (OSError, ValueError, RecursionError) as error:
        raise Malformed(f"no JSON document: {error}") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Check certificates of exactrelu.")
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options, status, records = parser.parse_args(arguments), 0, []
    for path in options.files:
        try:
            certificate = load(path)
            verdict = check(certificate)
            words = f"rejected: {verdict.reason}"
            if verdict:
                words = f"accepted ({certificate['kind']}): {verdict.reason} [claimed: {certificate['statement']}]"
            status = max(status, 0 if verdict else 1)
        except Malformed as error:
            words = f"malformed: {error}"
            status, verdict = 2, Verdict(False, words)
        records.append({"file": path, "accepted": verdict.accepted, "reason": verdict.reason})
        line = "".join(c if c.isprintable() else " " for c in f"{path}: {words}")
        encoding = sys.stdout.encoding or "ascii"
        if not options.json:
            print(line.encode(encoding, "backslashreplace").decode(encoding))
    if options.json:
        print(json.dumps(records, indent=1))
    return status


if __name__ == "__main__":
    sys.exit(main())
