"""Laws of redrawing: it is the model's own generation, hiding is a mask, and only the hiding makes a difference."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mathif.errors import UsageError
from mathif.records import Finish, Sampling
from tests.models import KINDS, lens, write_model

torch: Any = pytest.importorskip("torch", reason="the extra 'attention' is not installed")
transformers: Any = pytest.importorskip("transformers", reason="the extra 'attention' is not installed")

from mathif.attention.lens import _ends  # noqa: E402 - it needs torch
from mathif.attention.redraw import Dice, nucleus, redraw  # noqa: E402 - it needs torch

IDS, BEGIN = [(37 * at * at + 11 * at) % 256 for at in range(120)], 70
HIDDEN = (20, 33)
GREEDY = Sampling(temperature=0)
STEPS = 24


@pytest.fixture(scope="module", params=KINDS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(request.param, tmp_path_factory.mktemp(request.param))


def opened(folder: Path, *ends: int) -> Any:
    """The lens on a model whose turn is ended by `ends`."""
    looked = lens(folder)
    looked._ends = frozenset(ends)
    return looked


def plainly(folder: Path) -> Any:
    return transformers.AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)


def naive(model: Any, hidden: tuple[int, int] | None, dice: Dice) -> list[int]:
    """Draw by the model's own code, with the whole text and its whole mask at every step."""
    ids = IDS[:BEGIN]
    for _ in range(STEPS):
        mask = torch.full((len(ids), len(ids)), -torch.inf).triu(1)
        if hidden:
            mask[BEGIN - 1 :, hidden[0] : hidden[1]] = -torch.inf
        with torch.inference_mode():
            logits = model(torch.tensor([ids]), attention_mask=mask[None, None]).logits[:, -1].float()
        ids = ids + dice.throw(logits)
    return ids[BEGIN:]


def test_greedy_with_nothing_hidden_is_the_models_own_generation(folder: Path) -> None:
    (found,) = opened(folder).at(IDS, BEGIN).redraw([None], GREEDY, 0, STEPS)
    asked = torch.tensor([IDS[:BEGIN]])
    expected = plainly(folder).generate(
        asked, attention_mask=torch.ones_like(asked), do_sample=False, max_new_tokens=STEPS, eos_token_id=None
    )
    assert found.tokens == expected[0, BEGIN:].tolist()
    assert found.finish is Finish.LENGTH


@pytest.mark.parametrize("sampling", [GREEDY, Sampling(), Sampling(temperature=0.6, top_p=0.7)])
def test_every_branch_is_what_the_whole_mask_gives(folder: Path, sampling: Sampling) -> None:
    places = [None, HIDDEN, (1, 14)]
    found = opened(folder).at(IDS, BEGIN).redraw(places, sampling, 5, STEPS)
    model = plainly(folder)
    expected = [naive(model, place, Dice(sampling, 5)) for place in places]
    assert [drawn.tokens for drawn in found] == expected
    assert len({tuple(tokens) for tokens in expected}) > 1


def test_reading_the_answer_first_changes_no_draw(folder: Path) -> None:
    here = opened(folder).at(IDS, BEGIN)
    fresh = here.redraw([None, HIDDEN], Sampling(), 5, STEPS)
    here.look({"constraints": HIDDEN})
    here.logprob(HIDDEN)
    assert here.redraw([None, HIDDEN], Sampling(), 5, STEPS) == fresh


def test_draws_agree_where_the_hiding_has_no_influence(folder: Path) -> None:
    found = opened(folder).at(IDS, BEGIN).redraw([None, (30, 30), (50, 50)], Sampling(), 9, STEPS)
    assert found[0] == found[1] == found[2]


def test_a_seed_gives_one_answer_and_another_seed_another(folder: Path) -> None:
    here = opened(folder).at(IDS, BEGIN)
    first, again, other = (here.redraw([None], Sampling(), seed, STEPS) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_any_end_token_stops_its_own_branch_and_is_not_in_the_answer(folder: Path) -> None:
    whole, hidden = opened(folder).at(IDS, BEGIN).redraw([None, HIDDEN], Sampling(), 5, STEPS)
    end = next(token for token in whole.tokens[3:] if token not in hidden.tokens)
    at = whole.tokens.index(end)
    unused = next(token for token in range(256) if token not in whole.tokens + hidden.tokens)
    found = opened(folder, unused, end).at(IDS, BEGIN).redraw([None, HIDDEN], Sampling(), 5, STEPS)
    assert (found[0].tokens, found[0].finish) == (whole.tokens[:at], Finish.STOP)
    assert found[1] == hidden
    (last,) = opened(folder, end).at(IDS, BEGIN).redraw([None], Sampling(), 5, at + 1)
    assert (len(last.tokens), last.finish) == (at, Finish.STOP)
    (cut,) = opened(folder, end).at(IDS, BEGIN).redraw([None], Sampling(), 5, at)
    assert (len(cut.tokens), cut.finish) == (at, Finish.LENGTH)


def test_a_model_that_names_no_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the token that ends its turn"):
        lens(write_model("llama", tmp_path, end=None))


def test_a_model_may_name_one_end_or_several() -> None:
    def ends(named: Any, of_tokenizer: int | None) -> frozenset[int]:
        model = SimpleNamespace(generation_config=SimpleNamespace(eos_token_id=named))
        return _ends(model, SimpleNamespace(eos_token_id=of_tokenizer))

    assert ends(2, None) == {2}
    assert ends([2, 5], 7) == {2, 5, 7}


def test_drawing_ends_as_soon_as_every_branch_has_ended() -> None:
    asked = []

    def step(newest: list[int]) -> Any:
        asked.append(newest)
        return torch.eye(4)[[min(3, len(asked)), 1]]

    found = redraw(step, 0, 2, Dice(GREEDY, 0), 100, {1, 3})
    assert [drawn.tokens for drawn in found] == [[], []]
    assert asked == [[0, 0]]


@pytest.mark.parametrize("top_p", [0.05, 0.5, 0.8, 0.95])
def test_the_nucleus_is_the_fewest_likeliest_tokens_that_reach_the_mass(top_p: float) -> None:
    logits = 2 * torch.randn(20, 50, generator=torch.Generator().manual_seed(3))
    kept = nucleus(logits, top_p) > -torch.inf
    for chances, inside in zip(logits.softmax(-1), kept, strict=True):
        assert bool(inside[chances.argmax()])
        assert float(chances[inside].sum()) >= top_p - 1e-6
        assert float(chances[inside].sum() - chances[inside].min()) < top_p + 1e-6
        assert not bool(inside.all())
        assert float(chances[~inside].max()) <= float(chances[inside].min())
    assert torch.equal(nucleus(logits, 1.0), logits)


def test_tokens_are_drawn_as_often_as_the_nucleus_and_the_temperature_say() -> None:
    logits = torch.tensor([[2.0, 1.0, 0.0, -1.0, -6.0]])
    dice, draws = Dice(Sampling(temperature=2.0, top_p=0.9), 0), 6000
    found = [dice.throw(logits)[0] for _ in range(draws)]
    chances = (logits[0, :4] / 2).softmax(-1).tolist()  # the fifth, 0.7 % of all, is outside
    for token, chance in enumerate(chances):
        assert found.count(token) / draws == pytest.approx(chance, abs=4 * (chance * (1 - chance) / draws) ** 0.5)
    assert found.count(4) == 0


def test_branches_that_differ_little_draw_the_same_token_nearly_always() -> None:
    near = torch.tensor([[2.0, 1.0, 0.0, -1.0], [2.02, 1.0, 0.0, -1.0]])
    dice = Dice(Sampling(), 0)
    pairs = [dice.throw(near) for _ in range(1000)]
    assert sum(first == second for first, second in pairs) > 980
    assert len({first for first, _ in pairs}) == 3  # the nucleus
