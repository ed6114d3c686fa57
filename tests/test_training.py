"""The training loop against torch written out, closed forms and scikit-learn."""

import pytest
import torch
import torch.nn.functional as F
from sklearn.linear_model import Lasso, Ridge

from helpers.data import digits, sine, sparse_linear
from helpers.models import MLP, legendre, weights
from helpers.penalties import L1, L2, L1Subgradient, NoPenalty
from helpers.training import Config, Diverged, accuracy, early_stop, restore, train
from tests.says import says


@pytest.fixture(scope="module")
def data():
    return digits()


def test_the_loop_is_plain_pytorch(data):
    history = train(MLP(seed=3), data, epochs=30)
    model = MLP(seed=3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.4, momentum=0.9)
    for epoch in range(30):
        optimizer.zero_grad()
        F.cross_entropy(model(data.x_train), data.y_train).backward()
        optimizer.step()
        with torch.no_grad():
            valid = F.cross_entropy(model(data.x_valid), data.y_valid).item()
        assert history.valid_loss[epoch] == pytest.approx(valid, abs=1e-10)
    assert history.epoch == list(range(1, 31))


def test_the_defaults_are_those_of_the_lessons(data):
    config = Config(MLP(seed=0), data)
    assert (config.epochs, config.lr, config.momentum, config.weight_decay) == (100, 0.4, 0.9, 0.0)
    assert config.optimizer is config.batch_size is config.patience is None
    assert config.penalty == NoPenalty() and config.seed == 0


def test_losses_never_include_the_penalty(data):
    history = train(MLP(), data, L2(0.01), epochs=5)
    with torch.no_grad():
        loss = F.cross_entropy(history.model(data.x_train), data.y_train).item()
    assert history.train_loss[-1] == pytest.approx(loss, abs=1e-12)
    norm = sum(float(w.square().sum()) for w in weights(history.model))
    assert history.penalty[-1] == pytest.approx(0.01 * norm)


def test_losses_are_measured_with_dropout_off(data):
    history = train(MLP(p=0.5), data, epochs=5)
    with torch.no_grad():
        loss = F.cross_entropy(history.model.eval()(data.x_train), data.y_train).item()
    assert history.train_loss[-1] == pytest.approx(loss, abs=1e-12)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_l2_is_weight_decay_on_the_weights(data, momentum):
    settings = dict(epochs=50, lr=0.1, momentum=momentum)
    penalised = train(MLP(), data, L2(0.01), **settings).model
    model = MLP()
    matrices = weights(model)
    biases = [p for p in model.parameters() if p.dim() == 1]
    groups = [dict(params=matrices, weight_decay=0.02), dict(params=biases)]
    sgd = torch.optim.SGD(groups, lr=0.1, momentum=momentum)
    decayed = train(model, data, optimizer=sgd, epochs=50).model
    for a, b in zip(penalised.parameters(), decayed.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-12)


def linear(data, penalty, **settings):
    """The weights of a linear model trained to its minimum."""
    model = MLP((data.x_train.shape[1], 1))
    train(model, data, penalty, **settings)
    return weights(model)[0].detach().squeeze(0)


def test_l2_reaches_ridge():
    """Mean squared error + α‖w‖² is scikit-learn's Ridge with strength n·α."""
    data, _ = sparse_linear(n_features=20, n_useful=5)
    found = linear(data, L2(0.1), epochs=2000, lr=0.02)
    ridge = Ridge(alpha=0.1 * len(data.x_train), tol=1e-10)
    ridge.fit(data.x_train.numpy(), data.y_train[:, 0].numpy())
    assert torch.allclose(found, torch.from_numpy(ridge.coef_), atol=1e-6)


def test_l1_reaches_lasso_with_the_same_zeros():
    """Mean squared error + α‖w‖₁ is scikit-learn's Lasso with strength α/2."""
    data, _ = sparse_linear()
    found = linear(data, L1(0.4), epochs=4000, lr=0.01)
    lasso = Lasso(alpha=0.2, tol=1e-10, max_iter=100_000)
    lasso.fit(data.x_train.numpy(), data.y_train[:, 0].numpy())
    expected = torch.from_numpy(lasso.coef_)
    assert torch.allclose(found, expected, atol=1e-6)
    assert torch.equal(found == 0, expected == 0)


def test_the_subgradient_makes_no_exact_zero_and_the_soft_threshold_does(data):
    for penalty, zeros in [(L1Subgradient(1e-3), False), (L1(1e-3), True)]:
        model = train(MLP(), data, penalty).model
        assert any(bool((w == 0).any()) for w in weights(model)) is zeros


def test_polynomials_are_fitted_to_the_least_squares_solution():
    data = sine()
    x = legendre(data.x_train, 3)
    exact = torch.linalg.lstsq(x, data.y_train).solution
    residual = x.T @ (x @ exact - data.y_train)
    assert float(residual.abs().max()) < 1e-12


def test_without_patience_the_last_model_is_kept(data):
    history = train(MLP(), data)
    assert history.kept_valid == history.final_valid > history.best_valid


def test_patience_stops_and_puts_the_best_weights_back(data):
    settings = dict(batch_size=50, lr=0.1, epochs=100)
    whole = train(MLP(), data, **settings)
    stopped = train(MLP(), data, patience=5, **settings)
    replay = early_stop(whole.valid_loss, 5)
    assert stopped.stopped and stopped.epoch[-1] == replay.epoch < 100
    assert stopped.best_epoch == replay.best_epoch == replay.epoch - 5
    assert stopped.valid_loss == whole.valid_loss[: replay.epoch]
    with torch.no_grad():
        valid = data.loss(stopped.model(data.x_valid), data.y_valid).item()
    assert valid == stopped.best_valid == stopped.kept_valid


def test_patience_that_never_runs_out_still_restores_the_best(data):
    history = train(MLP(), data, epochs=40, patience=1000)
    assert not history.stopped and history.best_epoch < 40
    with torch.no_grad():
        valid = data.loss(history.model(data.x_valid), data.y_valid).item()
    assert valid == history.best_valid == history.kept_valid < history.final_valid


@pytest.mark.parametrize(
    ("curve", "patience", "expected"),
    [
        ([3, 2, 1, 2, 3, 4], 1, (4, 3)),
        ([3, 2, 1, 2, 3, 4], 2, (5, 3)),
        ([3, 2, 2.5, 1, 2, 3], 1, (3, 2)),
        ([3, 2, 2.5, 1, 2, 3], 2, (6, 4)),
        ([3, 2, 1], 1, (3, 3)),
        ([1, 1, 1], 2, (3, 1)),
    ],
)
def test_early_stop_by_hand(curve, patience, expected):
    assert early_stop(curve, patience) == expected


@pytest.mark.parametrize("patience", [0, -1, 1.5])
def test_early_stop_needs_patience(patience):
    with says(f"patience는 1 이상의 정수여야 합니다 (받은 값: {patience})."):
        early_stop([3, 2, 1], patience)


def test_the_same_settings_give_the_same_curves_whatever_the_global_generator(data):
    settings = dict(penalty=L2(0.01), epochs=10, batch_size=50)
    torch.manual_seed(0)
    first = train(MLP(p=0.5), data, **settings)
    torch.manual_seed(1)
    second = train(MLP(p=0.5), data, **settings)
    assert first.valid_loss == second.valid_loss
    assert first.origin == second.origin


def test_origin_tells_data_start_and_batch_order_apart(data):
    def origin(start=0, split=data, seed=0):
        return train(MLP(seed=start), split, epochs=1, seed=seed).origin

    assert origin() == origin()
    assert origin(start=1) != origin()
    assert origin(split=digits(seed=1)) != origin()
    assert origin(seed=1) != origin()


def test_batches_cover_every_row_once(data):
    from helpers.training import batches

    rows = [y for _, y in batches(data, 64, torch.Generator().manual_seed(0))]
    assert [len(y) for y in rows] == [64, 64, 64, 8]
    assert torch.equal(torch.cat(rows).sort().values, data.y_train.sort().values)


def test_divergence_is_one_sentence_and_keeps_the_curves(data):
    with pytest.raises(Diverged) as caught:
        train(MLP(), data, L2(1.0), lr=50.0)
    epoch = len(caught.value.history.train_loss) + 1
    assert epoch > 1 and str(caught.value) == (
        f"{epoch}번째 epoch에서 loss가 발산했습니다. learning rate(50)나 α를 줄여 보세요."
    )


def test_on_epoch_sees_growing_curves_and_can_end_the_training(data):
    seen = []

    def watch(history):
        seen.append(len(history.epoch))
        if len(seen) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        train(MLP(), data, on_epoch=watch)
    assert seen == [1, 2, 3]


def test_summaries_of_a_history(data):
    history = train(MLP(), data, epochs=60)
    best = min(history.valid_loss)
    assert history.best_valid == best
    assert history.valid_loss[history.best_epoch - 1] == best
    assert history.rise == pytest.approx(history.valid_loss[-1] / best - 1)
    assert history.gap == pytest.approx(history.valid_loss[-1] - history.train_loss[-1])
    assert accuracy(history.model, data.x_train, data.y_train) > 0.9


COUNT = "{}는 1 이상의 정수여야 합니다 (받은 값: {})."
MOMENTUM = "momentum은 0 이상 1 미만이어야 합니다 (받은 값: {})."
DECAY = "weight_decay는 0 이상의 유한한 수여야 합니다 (받은 값: {})."


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (dict(epochs=0), COUNT.format("epochs", 0)),
        (dict(epochs=1.5), COUNT.format("epochs", 1.5)),
        (dict(patience=0), COUNT.format("patience", 0)),
        (dict(batch_size=0), COUNT.format("batch_size", 0)),
        (dict(lr=0), "lr는 0보다 큰 유한한 수여야 합니다 (받은 값: 0)."),
        (dict(lr=float("nan")), "lr는 0보다 큰 유한한 수여야 합니다 (받은 값: nan)."),
        (dict(momentum=1.0), MOMENTUM.format(1.0)),
        (dict(momentum=-0.1), MOMENTUM.format(-0.1)),
        (dict(weight_decay=-1e-3), DECAY.format(-0.001)),
        (dict(weight_decay=float("inf")), DECAY.format("inf")),
    ],
)
def test_impossible_settings_are_refused(data, settings, sentence):
    with says(sentence):
        train(MLP(), data, NoPenalty(), **settings)


def test_two_configs_are_two_even_if_they_say_the_same(data):
    model = MLP()
    assert len({Config(model, data), Config(model, data)}) == 2


def test_a_training_that_ran_to_its_end_neither_stopped_nor_put_anything_back(data):
    history = train(MLP(), data, epochs=2)
    assert not history.stopped and not history.restored


def test_a_penalty_hears_how_far_a_constant_slope_would_move_a_weight(data):
    steps = []

    class Heard(NoPenalty):
        def after_step(self, weights, step):
            steps.append(step)

    train(MLP(), data, Heard(), epochs=1, lr=0.1, momentum=0.75)
    model = MLP()
    train(model, data, Heard(), epochs=1, optimizer=torch.optim.Adam(model.parameters(), lr=0.01))
    assert steps == [pytest.approx(0.4), 0.01]


def test_accuracy_is_measured_with_dropout_off(data):
    model = MLP(p=0.8).train()
    measured = accuracy(model, data.x_train, data.y_train)
    right = model.eval()(data.x_train).argmax(1) == data.y_train
    assert measured == right.double().mean().item()


def test_weights_of_another_network_are_not_put_back():
    with pytest.raises(ValueError, match="shorter"):
        restore(MLP(), [*MLP().parameters()][:2])


def test_neurons_are_dropped_in_every_training_step_and_in_no_measurement():
    modes = []
    model = MLP((64, 4, 10), p=0.5)
    model.register_forward_pre_hook(lambda module, _: modes.append(module.training))
    train(model, digits(n_train=20, n_valid=10, n_test=10), epochs=2)
    assert modes == [True, False, False] * 2
