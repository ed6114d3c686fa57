"""What holds for penalties on any weights and at any strength."""

import pytest
import torch
from hypothesis import given, strategies as st

from helpers.penalties import L1, L2, L1Subgradient, NoPenalty, soft_threshold

PENALTIES = [L1, L1Subgradient, L2]
# Zeros often, because that is where an L1 penalty has its corner.
entries = st.just(0.0) | st.floats(-3, 3, allow_subnormal=False)
alphas = st.floats(1e-6, 10)
steps = st.floats(1e-3, 2)
penalties = st.sampled_from(PENALTIES)


@st.composite
def matrices(draw):
    """The weights of a network of one to three layers."""
    shapes = draw(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=3))
    values = draw(st.lists(entries, min_size=48, max_size=48))
    return [tensor(values[: rows * columns]).reshape(rows, columns) for rows, columns in shapes]


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


def moved(penalty, weights, step):
    """Copies of the weights after the penalty's own step."""
    copies = [w.clone() for w in weights]
    penalty.after_step(copies, step)
    return copies


def flat(weights):
    return torch.cat([w.flatten() for w in weights])


@given(matrices(), alphas, st.sampled_from([L1Subgradient, L2]))
def test_the_gradient_is_autograds(weights, alpha, kind):
    leaves = [w.clone().requires_grad_() for w in weights]
    kind(alpha).in_loss(leaves).backward()
    for leaf, ours in zip(leaves, kind(alpha).gradient(weights), strict=True):
        assert torch.equal(leaf.grad, ours)


@given(matrices(), alphas, st.sampled_from([L1Subgradient, L2]), st.integers(0, 99))
def test_the_gradient_supports_the_penalty_from_below(weights, alpha, kind, seed):
    """value(v) ≥ value(w) + ⟨gradient at w, v − w⟩ everywhere: the definition of a subgradient."""
    noise = torch.Generator().manual_seed(seed)
    others = [w + torch.randn(w.shape, generator=noise, dtype=w.dtype) for w in weights]
    penalty = kind(alpha)
    line = flat(penalty.gradient(weights)) @ (flat(others) - flat(weights))
    assert penalty.value(others) >= penalty.value(weights) + line - 1e-9


@given(matrices(), penalties, steps)
def test_a_strength_of_0_is_no_penalty(weights, kind, step):
    penalty = kind(0.0)
    assert penalty.value(weights) == penalty.in_loss(weights) == NoPenalty().value(weights) == 0
    assert all(not slope.any() for slope in penalty.gradient(weights))
    for same in (penalty, NoPenalty()):
        assert all(map(torch.equal, moved(same, weights, step), weights))


@given(matrices(), penalties, alphas)
def test_the_value_grows_with_strength_and_weights(weights, kind, alpha):
    value = float(kind(alpha).value(weights))
    power = 2 if kind is L2 else 1
    assert value == pytest.approx(alpha * float((flat(weights).abs() ** power).sum()))
    assert float(kind(2 * alpha).value(weights)) == pytest.approx(2 * value)
    assert float(kind(alpha).value([-3 * w for w in weights])) == pytest.approx(3**power * value)


@given(matrices(), alphas, steps)
def test_the_step_of_l1_ends_where_its_problem_is_solved(weights, alpha, step):
    """v minimises (v − w)²/2 + t|v|: w − v is t·sign(v), and at most t where v is 0."""
    t = step * alpha
    before, after = flat(weights), flat(moved(L1(alpha), weights, step))
    torch.testing.assert_close((before - after)[after != 0], t * after.sign()[after != 0])
    assert (before[after == 0].abs() <= t).all()
    assert (after * before >= 0).all()
    assert torch.equal(after, flat([soft_threshold(w, t) for w in weights]))


@given(matrices(), st.lists(alphas | st.just(0.0), min_size=2, max_size=4), penalties, steps)
def test_stacked_networks_are_penalised_as_each_alone(weights, strengths, kind, step):
    together = kind(tensor(strengths))
    stacks = [torch.stack([(k + 1) * w for k in range(len(strengths))]) for w in weights]
    values, slopes = together.value(stacks), together.gradient(stacks)
    steps_taken = moved(together, stacks, step)
    for k, alpha in enumerate(strengths):
        alone, own = kind(alpha), [(k + 1) * w for w in weights]
        assert values[k] == alone.value(own)
        assert all(map(torch.equal, [s[k] for s in slopes], alone.gradient(own)))
        assert all(map(torch.equal, [s[k] for s in steps_taken], moved(alone, own, step)))


@given(st.floats(max_value=-1e-300) | st.sampled_from([float("nan"), float("inf")]), penalties)
def test_impossible_strengths_are_refused_alone_and_in_a_stack(alpha, kind):
    for given_ in (alpha, tensor([0.1, alpha])):
        with pytest.raises(ValueError, match="α는 0 이상의 유한한 수"):
            kind(given_)
