"""Two weights: projections and optima against hand-computed cases, grids and closed forms."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from helpers.constraints import Diamond, Disc, Everywhere, heights, minimise
from helpers.data import two_pixels
from helpers.penalties import L1, L2, l1_norm, l2_norm_squared
from tests.says import says


def vector(*values):
    return torch.tensor(values, dtype=torch.float64)


@pytest.fixture(scope="module")
def loss():
    x, y = two_pixels()
    return lambda w: F.binary_cross_entropy_with_logits(x @ w[0], y)


def bowl(centre, curvature):
    """½(w − c)ᵀA(w − c), whose optima are known."""
    return lambda w: 0.5 * ((w - centre) @ curvature @ (w - centre).T).squeeze()


# Projections


@pytest.mark.parametrize(
    ("point", "nearest"),
    [
        ((3.0, 0.5), (1.0, 0.0)),  # a corner
        ((1.0, 0.8), (0.6, 0.4)),  # an edge: the same amount from both
        ((-2.0, -1.5), (-0.75, -0.25)),
        ((0.3, -0.6), (0.3, -0.6)),  # inside
    ],
)
def test_diamond_projects_by_hand(point, nearest):
    torch.testing.assert_close(Diamond(1.0).project(vector(*point)), vector(*nearest))


def test_disc_keeps_the_direction():
    torch.testing.assert_close(Disc(4.0).project(vector(6.0, 8.0)), vector(1.2, 1.6))
    torch.testing.assert_close(Disc(4.0).project(vector(1.0, -1.0)), vector(1.0, -1.0))
    assert Disc(4.0).project(vector(0.0, 0.0)).tolist() == [0.0, 0.0]


def test_no_constraint_changes_nothing():
    assert Everywhere().project(vector(30.0, -2.0)).tolist() == [30.0, -2.0]


@pytest.mark.parametrize(("region", "norm"), [(Diamond, l1_norm), (Disc, l2_norm_squared)])
def test_projection_is_the_nearest_allowed_point(region, norm):
    """Closer than any of many allowed points, in 30 dimensions; projected twice is once."""
    generator = torch.Generator().manual_seed(1)
    allowed = region(2.0)
    for _ in range(20):
        w = torch.randn(1, 30, generator=generator, dtype=torch.float64)
        nearest = allowed.project(w)
        assert norm([nearest]) == pytest.approx(2.0)
        torch.testing.assert_close(allowed.project(nearest), nearest)
        noise = torch.randn(500, 1, 30, generator=generator, dtype=torch.float64)
        for other in nearest + noise * torch.logspace(-3, 0, 500)[:, None, None]:
            assert (w - nearest).norm() <= (w - allowed.project(other)).norm() + 1e-12


@pytest.mark.parametrize("region", [Diamond, Disc])
@pytest.mark.parametrize("s", [0.0, -1.0, float("nan"), float("inf")])
def test_impossible_budget(region, s):
    with says(f"s는 0보다 큰 유한한 수여야 합니다 (받은 값: {s})."):
        region(s)


# Optima


def test_minimiser_has_no_slope_left(loss):
    w = minimise(loss).requires_grad_()
    loss(w).backward()
    assert w.grad.abs().max() < 1e-10


@pytest.mark.parametrize("s", [0.4, 1.0, 2.0, 3.0])
@pytest.mark.parametrize("region", [Diamond, Disc])
def test_constrained_optimum_against_the_border_point_by_point(loss, region, s):
    """Of 20,000 points along the border none is better, and the best is the same."""
    turn = torch.linspace(0, 2 * torch.pi, 20_001, dtype=torch.float64)
    way = torch.stack([turn.cos(), turn.sin()], dim=1)
    scale = s / way.abs().sum(1) if region is Diamond else torch.full_like(turn, s**0.5)
    border = way * scale[:, None]
    on_border = heights(loss)(border[:, 0].numpy(), border[:, 1].numpy())
    best = border[on_border.argmin()]

    w = minimise(loss, region=region(s))
    assert loss(w) <= on_border.min() + 1e-12
    assert (w[0] - best).abs().max() < 1e-3


@pytest.mark.parametrize("region", [Diamond, Disc])
def test_a_wide_constraint_does_not_bind(loss, region):
    torch.testing.assert_close(minimise(loss, region=region(50.0)), minimise(loss))


def test_disc_against_the_multiplier_in_closed_form():
    """For a bowl, the solution on the circle is (A + μI)⁻¹Ac; the disc is the one of its size."""
    centre, curvature = vector(2.0, 1.0), torch.tensor([[3.0, 1.0], [1.0, 1.5]]).double()
    for mu in (0.1, 1.0, 5.0):
        ridge = torch.linalg.solve(curvature + mu * torch.eye(2), curvature @ centre)
        w = minimise(bowl(centre, curvature), region=Disc(ridge.square().sum().item()))
        torch.testing.assert_close(w[0], ridge, rtol=0, atol=1e-9)


def test_a_long_valley_is_walked_down_to_its_bottom():
    valley = bowl(vector(2.0, 1.0), torch.diag(vector(10.0, 1.0)))
    torch.testing.assert_close(minimise(valley)[0], vector(2.0, 1.0))


def test_penalised_bowls_in_closed_form():
    """With a round bowl L1 is a soft threshold of its centre, L2 a shrinkage."""
    centre = vector(2.0, -0.3)
    round_bowl = bowl(centre, torch.eye(2).double())
    torch.testing.assert_close(minimise(round_bowl, L1(0.5))[0], vector(1.5, 0.0))
    torch.testing.assert_close(minimise(round_bowl, L2(0.5))[0], centre / 2)


def test_says_when_it_does_not_arrive(loss):
    with says("3걸음 안에 최솟값에 이르지 못했습니다."):
        minimise(loss, max_steps=3)


# Pictures and data


def test_heights_are_the_loss(loss):
    w1, w2 = np.meshgrid(np.linspace(-1, 2, 4), np.linspace(0, 1, 3))
    z = heights(loss)(w1, w2)
    assert z.shape == (3, 4)
    assert z[2, 1] == pytest.approx(loss(torch.tensor([[0.0, 1.0]]).double()).item())
    assert float(heights(loss)(0, 0)) == pytest.approx(np.log(2))
    assert heights(loss)(1, 2) == heights(loss)(1.0, 2.0)
