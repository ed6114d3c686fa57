"""A sweep against the single trainings it replaces: equal to the last digit."""

import weakref
from dataclasses import dataclass, replace

import pytest
import torch
from torch.optim import SGD

import helpers.sweep
from helpers.data import digits, moons, sine, sparse_linear
from helpers.models import MLP
from helpers.penalties import L1, L2, L1Subgradient, NoPenalty
from helpers.sweep import split_into_chunks, stack, sweep, sweep_epochs, why_not_stackable
from helpers.sweep.stack import Stack
from helpers.training import Config, Diverged, train
from tests.says import says

CURVES = ("epoch", "train_loss", "valid_loss", "penalty", "origin", "stopped", "restored")


@pytest.fixture(scope="module")
def data():
    return digits()


def same_as_alone(configs, data, **settings):
    """Train what `configs()` returns in a sweep and one by one; every digit must agree."""
    together, alone = configs(), configs()
    histories = sweep(together, data, **settings)
    datasets = data if isinstance(data, list) else [data] * len(alone)
    for history, config, own, single in zip(histories, together, datasets, alone, strict=True):
        expected = train(**{"data": own} | settings | single)
        for curve in CURVES:
            assert getattr(history, curve) == getattr(expected, curve)
        assert history.model is config["model"]
        assert history.model.training is expected.model.training
        for mine, other in zip(
            history.model.parameters(), expected.model.parameters(), strict=True
        ):
            assert torch.equal(mine, other)
    return histories


@pytest.mark.parametrize("penalty", [L1, L1Subgradient, L2])
def test_strengths(data, penalty):
    histories = same_as_alone(
        lambda: [dict(model=MLP(), penalty=penalty(a)) for a in (0.0, 1e-4, 1e-3, 1e-2)], data
    )
    assert len({h.final_valid for h in histories}) == 4


def test_seeds(data):
    same_as_alone(lambda: [dict(model=MLP(seed=k), seed=k) for k in range(4)], data)


def test_dropout_shares_its_uniforms_and_leaves_the_generators_as_alone(data):
    def configs():
        return [
            dict(model=MLP((64, 32, 16, 10), p, seed)) for p in (0, 0.3, 0.8) for seed in (0, 1)
        ]

    same_as_alone(configs, data, epochs=40)
    together, alone = configs(), configs()
    sweep(together, data, epochs=3)
    for config, single in zip(together, alone, strict=True):
        train(**single, data=data, epochs=3)
        states = [
            [drop.generator.get_state() for drop in stack.dropouts(own["model"])]
            for own in (config, single)
        ]
        assert all(map(torch.equal, *states))
        again, expected = (train(a["model"], data, epochs=3) for a in (config, single))
        assert again.valid_loss == expected.valid_loss


def test_each_layer_may_drop_another_share(data):
    def configs():
        made = [dict(model=MLP((64, 32, 16, 10), 0.5, seed)) for seed in (0, 1)]
        for config in made:
            config["model"][2].p = 0.2
        return made

    same_as_alone(configs, data, epochs=20)


@pytest.mark.parametrize("p", [0, 0.5])
def test_patience_takes_each_network_out_at_its_time(data, p):
    """Of four with the same seed, and so the same uniforms, the first to stop leads the others."""

    def configs():
        return [
            dict(model=MLP(p=p, seed=seed), patience=patience)
            for seed in (0, 1)
            for patience in (1, 5, 20, None)
        ]

    histories = same_as_alone(configs, data, epochs=60)
    assert len({h.epoch[-1] for h in histories}) > 3
    together, alone = configs(), configs()
    sweep(together, data, epochs=60)
    for config, single in zip(together, alone, strict=True):
        train(**single, data=data, epochs=60)
        again, expected = (train(a["model"], data, epochs=3) for a in (config, single))
        assert again.valid_loss == expected.valid_loss  # the generators stand where they should


def test_a_stack_whose_networks_have_all_stopped_rests(data, monkeypatch):
    steps = []
    step = Stack.step
    monkeypatch.setattr(Stack, "step", lambda stack: (steps.append(1), step(stack)))
    [history] = sweep([dict(model=MLP(), patience=1)], data, epochs=1000)
    assert len(steps) == history.epoch[-1] < 100


def test_everything_mixed(data):
    """Penalties, dropout, widths, rates and lengths: configs that differ go to different stacks."""

    def configs():
        return [
            dict(model=MLP(seed=1), penalty=L2(0.01)),
            dict(model=MLP(p=0.5), penalty=L1(1e-3)),
            dict(model=MLP(), penalty=L2(0.1), epochs=20),
            dict(model=MLP((64, 16, 10))),
            dict(model=MLP(seed=2), lr=0.1),
            dict(model=MLP(p=0.2), momentum=0.0),
            dict(model=MLP(), penalty=NoPenalty()),
            dict(model=MLP(seed=3), patience=2),
        ]

    histories = same_as_alone(configs, data, epochs=30)
    assert [h.epoch[-1] for h in histories][:-1] == [30, 30, 20, 30, 30, 30, 30]
    assert histories[-1].epoch[-1] < 30


def test_data_of_its_own_for_each(data):
    splits = [digits(seed=k) for k in range(3)]
    same_as_alone(lambda: [dict(model=MLP(), penalty=L2(0.01)) for _ in splits], splits, epochs=30)
    brought = sweep([dict(model=MLP(), data=d) for d in splits], data, epochs=5)
    assert [h.origin.data for h in brought] == [d.fingerprint for d in splits]


@pytest.mark.parametrize(
    ("widths", "split", "lr"),
    [
        ((2, 32, 2), moons(), 0.1),
        ((1, 16, 16, 1), sine(), 0.05),
        ((200, 1), sparse_linear()[0], 0.01),
    ],
    ids=["moons", "sine", "linear"],
)
def test_other_tasks(widths, split, lr):
    same_as_alone(
        lambda: [dict(model=MLP(widths, seed=k), penalty=L1(0.01)) for k in range(3)], split, lr=lr
    )


def test_fewer_points_are_the_same_points(data):
    whole = sweep([dict(model=MLP())], data, epochs=25)[0]
    thin = sweep([dict(model=MLP())], data, epochs=25, every=10)[0]
    assert thin.epoch == [10, 20, 25]
    assert thin.valid_loss == [whole.valid_loss[e - 1] for e in thin.epoch]
    assert thin.train_loss == [whole.train_loss[e - 1] for e in thin.epoch]


def test_a_training_that_diverges_ends_and_the_others_go_on(data):
    configs = [dict(model=MLP(), penalty=L2(a)) for a in (0.0, 1.0)]
    calm, wild = sweep(configs, data, lr=50)
    with pytest.raises(Diverged) as alone:
        train(MLP(), data, L2(1.0), lr=50)
    assert wild.valid_loss == alone.value.history.valid_loss
    assert len(wild.epoch) < 100 and len(calm.epoch) == 100


@pytest.mark.parametrize("part", ["x_train", "x_valid"])
def test_a_loss_that_is_no_number_on_either_part_ends_a_training(data, part):
    broken = replace(data, **{part: torch.full_like(getattr(data, part), torch.inf)})
    with pytest.raises(Diverged):
        train(MLP(), broken, epochs=2)
    [history] = sweep([dict(model=MLP())], broken, epochs=2)
    assert history.epoch == history.valid_loss == []


def test_networks_of_another_precision_go_to_another_stack(data):
    parts = ("x_train", "x_valid", "x_test")
    single = replace(data, **{name: getattr(data, name).float() for name in parts})
    datasets = [data, data, single, single]

    def configs():
        return [dict(model=MLP(seed=k, dtype=own.x_train.dtype)) for k, own in enumerate(datasets)]

    same_as_alone(configs, datasets, epochs=5)


def test_a_sweep_can_be_left_half_way(data):
    seen = []
    models = [MLP(), MLP(seed=1)]
    running = sweep_epochs([Config(model, data) for model in models], every=2)
    for epoch, histories in running:
        seen.append(epoch)
        assert [len(h.epoch) for h in histories] == [epoch // 2] * 2
        if epoch >= 5:
            break
    running.close()
    assert seen == sorted(set(seen)) and seen[-1] < 100
    alone = train(MLP(seed=1), data, epochs=seen[-1]).model
    for mine, other in zip(models[1].parameters(), alone.parameters(), strict=True):
        assert torch.equal(mine, other)


def test_a_sweep_can_rest_and_go_on(data):
    def configs():
        return [Config(MLP(p=0.5, seed=k), data, L2(0.01)) for k in range(3)]

    running = sweep_epochs(configs())
    next(running), next(running)
    train(MLP(p=0.5), data, epochs=3)  # whatever happens meanwhile
    *_, (epoch, histories) = running
    assert epoch == 100
    expected = sweep(configs())
    assert [h.valid_loss for h in histories] == [h.valid_loss for h in expected]


def test_epochs_that_take_long_are_all_yielded(data, monkeypatch):
    monkeypatch.setattr(helpers.sweep, "MIN_SYNC_SECONDS", 0)
    running = sweep_epochs([Config(MLP(), data, epochs=4)])
    assert [epoch for epoch, _ in running] == [1, 2, 3, 4]


def test_epochs_that_take_no_time_are_yielded_ever_more_rarely(data, monkeypatch):
    """Every halt costs the threads something: its share of the time is kept small."""
    monkeypatch.setattr(helpers.sweep, "perf_counter", lambda: 1000.0)
    running = sweep_epochs([Config(MLP(), data, epochs=16)])
    assert [epoch for epoch, _ in running] == [1, 3, 7, 15, 16]


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_as_many_stacks_as_it_takes(data, monkeypatch, threads):
    """Neither the number of threads nor how the networks are split_into_chunks changes a digit."""
    monkeypatch.setattr(helpers.sweep, "THREADS", threads)
    monkeypatch.setattr(helpers.sweep, "CHUNK", 3)
    sizes = sorted(map(len, split_into_chunks(list(range(11)))))
    assert sum(sizes) == 11 and len(sizes) % threads == 0
    assert max(sizes) <= 3 and sizes[-1] - sizes[0] <= 1
    same_as_alone(
        lambda: [dict(model=MLP(p=p, seed=k)) for k in range(4) for p in (0, 0.5, 0.8)][1:],
        data,
        epochs=12,
    )


def test_a_stack_keeps_to_its_thread_whatever_is_set_outside(data, monkeypatch):
    threads = []
    monkeypatch.setattr(Stack, "step", lambda stack: threads.append(torch.get_num_threads()))
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(before + 1)
        sweep([dict(model=MLP(seed=k)) for k in range(4)], data, epochs=1)
    finally:
        torch.set_num_threads(before)
    assert {*threads} == {1}


def test_what_fails_in_a_thread_is_raised_and_the_models_are_free(data, monkeypatch):
    models = [MLP(seed=k) for k in range(4)]

    def fail(stack):
        if models[1] in stack.models:
            raise MemoryError

    monkeypatch.setattr(Stack, "step", fail)
    with pytest.raises(MemoryError):
        sweep([dict(model=m) for m in models], data)
    assert len({p.untyped_storage().data_ptr() for m in models for p in m.parameters()}) == 16


@pytest.mark.parametrize("models", [1, 16])
@pytest.mark.parametrize("within", [(helpers.sweep, "perf_counter"), (stack, "replay")])
def test_an_interrupted_sweep_gives_its_memory_back(data, monkeypatch, models, within):
    """IPython's traceback holds every frame until a garbage collection, long after."""
    (place, name), calls, memory = within, [], []
    interrupted, record = getattr(place, name), Stack._record

    def interrupting(*args):
        calls.append(args)
        if len(calls) == 10:
            raise KeyboardInterrupt
        return interrupted(*args)

    def watching(self, configs):
        record(self, configs)
        tensors = [value for value in vars(self).values() if isinstance(value, torch.Tensor)]
        tensors += [*self.parameters, *self.gradients]
        memory.extend((weakref.ref(tensor), tensor.nbytes) for tensor in tensors)

    monkeypatch.setattr(place, name, interrupting)
    monkeypatch.setattr(Stack, "_record", watching)
    with pytest.raises(KeyboardInterrupt) as traceback:
        sweep([dict(model=MLP(seed=k)) for k in range(models)], data)
    held = sum(size for tensor, size in memory if tensor() is not None)
    assert traceback.tb and held < 0.05 * sum(size for _, size in memory)


def test_the_global_generator_is_left_alone(data):
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    sweep([dict(model=MLP(p=0.5))], data, epochs=2)
    assert torch.equal(torch.rand(1), expected)


def test_a_swept_model_can_be_saved_and_copied_without_its_neighbours(data, tmp_path):
    from copy import deepcopy

    model = sweep([dict(model=MLP(seed=k)) for k in range(8)], data, epochs=1)[3].model
    twin = deepcopy(model)
    train(twin, data, epochs=1)
    assert not torch.equal(twin[0].weight, model[0].weight)
    torch.save(model.state_dict(), tmp_path / "model.pt")
    assert (tmp_path / "model.pt").stat().st_size < 2 * 8 * sum(
        p.numel() for p in twin.parameters()
    )


@dataclass(frozen=True)
class Foreign(NoPenalty):
    """A penalty that a stack cannot know."""


WHOLE = "{}는 1 이상의 정수여야 합니다 (받은 값: 0)."
UNKNOWN = "sweep은 이 loss나 penalty를 모릅니다. train으로 학습하세요."


def with_model(model):
    return [dict(model=model), dict(model=model)]


@pytest.mark.parametrize(
    ("configs", "settings", "message"),
    [
        (lambda: [], {}, "한꺼번에 학습할 설정이 하나도 없습니다."),
        (
            *(lambda: with_model(MLP()), {}),
            "설정마다 뉴럴넷을 따로 만들어 주세요. 같은 뉴럴넷이 두 번 들어 있습니다.",
        ),
        (
            *(lambda: [dict(model=torch.nn.Linear(64, 10))], {}),
            "sweep은 MLP만 학습합니다. 다른 뉴럴넷은 train으로 학습하세요.",
        ),
        (
            *(lambda: [dict(model=MLP(), batch_size=50, weight_decay=0.1, optimizer=SGD)], {}),
            "sweep에서는 weight_decay, optimizer, batch_size를 쓸 수 없습니다. train을 쓰세요.",
        ),
        (
            *(lambda: [dict(model=MLP(), patience=3)], dict(every=2)),
            "patience는 모든 epoch의 loss를 봅니다. every는 1이어야 합니다.",
        ),
        (lambda: [dict(model=MLP(), penalty=object())], {}, UNKNOWN),
        (lambda: [dict(model=MLP())], dict(epochs=0), WHOLE.format("epochs")),
        (lambda: [dict(model=MLP())], dict(every=0), WHOLE.format("every")),
        (
            *(lambda: [dict(model=MLP())], dict(lr=-1.0)),
            "lr는 0보다 큰 유한한 수여야 합니다 (받은 값: -1.0).",
        ),
        (
            *(lambda: [dict(model=MLP(), momentum=1.0)], {}),
            "momentum은 0 이상 1 미만이어야 합니다 (받은 값: 1.0).",
        ),
    ],
)
def test_what_no_stack_can_hold_is_refused_in_one_sentence(data, configs, settings, message):
    with says(message):
        sweep(configs(), data, **settings)


def test_wrong_number_of_data_sets_is_refused(data):
    with says("학습은 2개인데 데이터는 1개입니다."):
        sweep([dict(model=MLP()), dict(model=MLP())], [data])


def test_a_network_that_does_not_fit_the_data_is_refused(data):
    with says("뉴럴넷의 입력은 5개인데 데이터의 feature는 64개입니다."):
        sweep([dict(model=MLP((5, 10)))], data)


def test_a_loss_of_one_number_for_all_is_refused(data):
    averaged = replace(data, loss=torch.nn.functional.cross_entropy)
    with says(UNKNOWN):
        sweep([dict(model=MLP())], averaged)


def test_train_takes_what_no_stack_can_hold(data):
    config = dict(model=MLP(), data=data)
    for fit in (config, config | dict(penalty=L2(0.1), epochs=3)):
        assert not why_not_stackable(Config(**fit))
    other = replace(data, loss=lambda logits, y: logits.square().mean())
    for unfit in (dict(batch_size=50), dict(model=torch.nn.Linear(64, 10)), dict(data=other)):
        assert why_not_stackable(Config(**config | unfit))
        with pytest.raises(ValueError, match="train"):
            sweep([config | unfit], data)


def test_a_config_and_a_dict_of_its_settings_are_the_same(data):
    settings = dict(penalty=L2(0.01), epochs=5, seed=3)
    config, described = sweep(
        [Config(MLP(), data, **settings), dict(model=MLP()) | settings], data, epochs=50, seed=9
    )
    assert config.valid_loss == described.valid_loss
    assert config.origin == described.origin and len(config.epoch) == 5
