"""Laws of building task sets, and of the sets that are bundled."""

import re
import shutil
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from mathif import tasks
from mathif.build import BUNDLED_SEED, LADDER_PROBLEMS, MAKE_UPS, build, build_ladder, keep
from mathif.constraints import KINDS, Target, judge
from mathif.errors import UsageError
from mathif.items import Item
from mathif.making import make_task
from mathif.problems import FAMILIES
from mathif.problems.ladder import RUNGS as LADDER_STEPS
from mathif.validate import validate

SIZES = {"core": 150, "thinking": 150, "knowledge": 150, "control": 60}


@pytest.mark.parametrize("name", MAKE_UPS)
def test_a_bundled_set_is_what_its_command_builds_byte_for_byte(tmp_path: Path, name: str) -> None:
    build(name, BUNDLED_SEED, None, None, tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (tasks.FOLDER / name / path.name).read_bytes(), path.name


@pytest.mark.parametrize("name", MAKE_UPS)
def test_a_bundled_set_is_crossed_satisfiable_and_beyond_the_null_reply(name: str) -> None:
    task = tasks.load(name)
    rungs = Counter((item.problem.key, len(item.constraints)) for item in task.items)
    problems = {item.problem.key for item in task.items}
    assert len(problems) >= SIZES[name]
    assert rungs == Counter({(key, size): 1 for key in problems for size in range(4)})
    found = validate(task, lambda items, total, what: items)
    assert found.defects == ()
    assert set(found.witnessed.values()) == {len(task.items)}
    for hard, soft in found.floor.values():
        assert (hard, soft) == (0, 0) or (name == "thinking" and hard < 0.01 and soft < 0.02)


def test_the_thinking_is_asked_on_the_problems_of_core_with_the_kinds_of_both_benchmarks() -> None:
    core, task = tasks.load("core"), tasks.load("thinking")
    assert {item.problem for item in task.items} == {item.problem for item in core.items}
    demands = {one for item in task.items for one in item.constraints}
    assert {one.target for one in demands} == {Target.THINKING}
    theirs = {
        "punctuation:no_comma",
        "length_constraint_checkers:number_words",
        "language:response_language",
        "change_case:english_capital",
        "startend:end_checker",
        "detectable_format:json_format",
        "keywords:forbidden_words",
        "change_case:small_letters",
        "change_case:capital_letters",
        "change_case:alternating",
        "startend:both_ends",
        "lexical:sentence_ends",
        "lexical:between_words",
    }
    assert theirs < {one.kind for one in demands} == tasks.head("thinking")["kinds"].keys()
    assert all("reasoning" in sentence for item in task.items for sentence in item.sentences)


@pytest.mark.parametrize("name", MAKE_UPS)
def test_a_set_deals_the_kinds_and_families_that_its_task_names(name: str) -> None:
    head, task = tasks.head(name), tasks.load(name)
    dealt = {one.kind for item in task.items for one in item.constraints}
    assert dealt <= head["kinds"].keys() <= KINDS.keys()
    assert name != "core" or dealt == head["kinds"].keys()
    assert {item.problem.family for item in task.items} <= {*head.get("families", ()), ""}


def test_a_new_kind_and_a_new_problem_family_deal_nothing_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KINDS, "_classes", dict(KINDS._classes))
    monkeypatch.setattr(FAMILIES, "_classes", dict(FAMILIES._classes))
    control = next(family for family in FAMILIES.values() if family.task == "control")
    type("NewKind", (KINDS["keywords:existence"],), {"kind": "keywords:new"})
    type("NewFamily", (control,), {"name": "new-family"})
    assert "keywords:new" in KINDS
    assert "new-family" in FAMILIES
    build("control", BUNDLED_SEED, None, None, tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (tasks.FOLDER / "control" / path.name).read_bytes(), path.name


KEPT = sorted(path.parent.relative_to(tasks.FOLDER) for path in tasks.FOLDER.glob("*/*-A/task.toml"))


@pytest.mark.parametrize("kept", KEPT, ids=str)
def test_an_earlier_edition_is_kept_as_it_was(tmp_path: Path, kept: Path) -> None:
    name, version = kept.parts
    assert keep(name, version, tmp_path) == len(tasks.load(str(kept)).items)
    assert tasks.load(str(tmp_path)).digest == tasks.head(str(kept))["digest"]
    assert tasks.load(str(kept)).version == version
    assert all(defect.known for defect in validate(tasks.load(str(kept)), lambda items, total, what: items).defects)
    assert tasks.edition(name, version) == str(kept)
    now = tasks.head(name)["version"]
    assert tasks.edition(name, now) == name
    others = ", ".join(each.name for each in KEPT if each.parent == kept.parent)
    with pytest.raises(UsageError, match=f"found '{now}', expected one of {others}"):
        keep(name, now, tmp_path)


def test_a_prompt_is_changed_in_the_file_of_its_task_and_the_edition_before_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = tasks.head("control")["version"]
    shutil.copytree(tasks.FOLDER / "control", tmp_path / "control")
    shutil.copytree(tmp_path / "control", tmp_path / "control" / last, ignore=shutil.ignore_patterns("*-A"))
    monkeypatch.setattr(tasks, "FOLDER", tmp_path)
    head = tmp_path / "control" / "task.toml"
    text = head.read_text(encoding="utf-8").replace(f'"{last}"', '"99-A"')
    head.write_text(text.replace("Reason step by step", "Think first"), encoding="utf-8")
    before = tasks.load(f"control/{last}")
    build("control", BUNDLED_SEED, None, None, tmp_path / "control")
    now = tasks.load("control")
    assert (before.version, now.version) == (last, "99-A")
    assert now.layout.instruction == before.layout.instruction.replace("Reason step by step", "Think first")
    assert now.items == before.items
    assert now.digest != before.digest


BARS = {
    "core": (0.08, 0.25, 0.2),
    "thinking": (0.08, 0.25, 0.2),
    "knowledge": (0.08, 0.25, 0.2),
    "control": (0.15, 0.3, 0.4),
}
"""HAcc, SAcc and HAcc on single constraints that a fixed text may have; one in ten items of `control` is six items."""


@pytest.mark.parametrize("name", MAKE_UPS)
def test_the_best_fixed_text_obeys_little(name: str) -> None:
    task = tasks.load(name)
    text = task.items[0].fixed
    obeyed = [[judge(one, text).passed for one in item.constraints] for item in task.items if item.constraints]
    singles = [row[0] for row in obeyed if len(row) == 1]
    hard, soft, single = BARS[name]
    assert 0.02 < sum(map(all, obeyed)) / len(obeyed) <= hard
    assert sum(sum(row) / len(row) for row in obeyed) / len(obeyed) <= soft
    assert 0.1 < sum(singles) / len(singles) <= single


def test_core_has_five_tiers_of_thirty_problems() -> None:
    problems = {item.problem for item in tasks.load("core").items}
    assert Counter(problem.tier for problem in problems) == dict.fromkeys(range(1, 6), 30)


@pytest.mark.parametrize("name", ["core", "control"])
def test_two_seeds_share_no_problem(tmp_path: Path, name: str) -> None:
    build(name, BUNDLED_SEED + 1, None, None, tmp_path)
    one, other = ({item.problem.question for item in tasks.load(each).items} for each in (name, str(tmp_path)))
    assert not one & other


def test_complexity_and_novelty_vary_one_without_the_other(tmp_path: Path) -> None:
    def problems(steps: int, surface: str) -> list[tuple[str, str, int | None]]:
        folder = tmp_path / f"{steps}-{surface}"
        build("core", 3, steps, surface, folder)
        items = tasks.load(str(folder)).items
        return [(i.problem.family, i.problem.answer, i.problem.steps) for i in items if not i.constraints]

    plain, strange, long = problems(3, "familiar"), problems(3, "unfamiliar"), problems(5, "familiar")
    assert plain == strange
    assert {steps for _, _, steps in plain} == {3}
    assert {steps for _, _, steps in long} == {5}
    assert [family for family, _, _ in plain] == [family for family, _, _ in long]


def test_settings_that_no_family_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--steps"):
        build("core", 1, 99, None, tmp_path)
    with pytest.raises(UsageError, match="knowledge"):
        build("knowledge", 1, 3, None, tmp_path)


def test_a_ladder_asks_the_same_problem_with_the_same_constraints_at_every_step_count(tmp_path: Path) -> None:
    assert build_ladder(7, tmp_path / "ladder") == build_ladder(7, tmp_path / "again") == LADDER_PROBLEMS * 12
    task = tasks.load(str(tmp_path / "ladder"))
    roots: dict[str, list[Item]] = {}
    for item in task.items:
        roots.setdefault(item.problem.root, []).append(item)
    assert len(roots) == LADDER_PROBLEMS
    for versions in roots.values():
        asked = [item for item in versions if item.constraints]
        assert [item.problem.steps for item in asked] == list(LADDER_STEPS)
        assert len({item.constraints for item in asked}) == len({item.problem.surface for item in asked}) == 1
        for shorter, longer in pairwise(asked):
            told, more = (item.problem.question for item in (shorter, longer))
            assert len(told) < len(more)
            assert told[:30] == more[:30]
            assert more.endswith(told[told.rindex(". ") :])
    assert validate(task, lambda items, total, what: items).defects == ()


def test_builds_of_one_seed_have_names_of_their_own_and_problems_of_one_root(tmp_path: Path) -> None:
    found = []
    for steps, surface in ((2, None), (4, None), (None, "unfamiliar")):
        build("core", 7, steps, surface, tmp_path / f"{steps}-{surface}")
        found.append(tasks.load(str(tmp_path / f"{steps}-{surface}")))
    assert [task.name for task in found] == ["core-7-steps2", "core-7-steps4", "core-7-unfamiliar"]
    short, long, _ = ({item.problem.root for item in task.items} for task in found)
    assert short == long


def _made(out: Path) -> int:
    return make_task("families:bead-pattern", out, limit=3).items


WRITERS: dict[str, Callable[[Path], int]] = {
    "build": lambda out: build("control", BUNDLED_SEED + 1, None, None, out),
    "ladder": lambda out: build_ladder(1, out),
    "keep": lambda out: keep("control", "1-A", out),
    "make": _made,
}
EDITS = {
    "task.toml (layout, version)": ("task.toml", '(?s)version = "(.*)Reason', r'version = "my-\1Think'),
    "task.toml (digest)": ("task.toml", "(?m)^digest = .*\n", ""),
    "task.toml (title)": ("task.toml", "(?m)^title = .*", 'title = "Mine"'),
    "task.toml": ("task.toml", "(?m)^\\[layout\\]", "# The prompt of our paper.\n[layout]"),
    "items.jsonl": ("items.jsonl", r"\A.*\n", ""),
    "problems.jsonl": ("problems.jsonl", r"\A\{", "{ "),
}
"""What is found changed, and the change: of a file, what is put in the place of what."""


@pytest.mark.parametrize("writer", WRITERS)
def test_what_was_changed_by_hand_in_a_task_folder_is_never_written_over(tmp_path: Path, writer: str) -> None:
    write = WRITERS[writer]
    assert write(tmp_path / "mine") == write(tmp_path / "mine")
    for found, (file, old, new) in EDITS.items():
        shutil.copytree(tmp_path / "mine", folder := tmp_path / found / "mine")
        edited = re.sub(old, new, before := (folder / file).read_text(encoding="utf-8"), count=1)
        assert edited != before
        (folder / file).write_text(edited, encoding="utf-8")
        with pytest.raises(
            UsageError, match=re.escape(f"lost, as {found} would be written over; choose another --out")
        ):
            write(folder)
        assert (folder / file).read_text(encoding="utf-8") == edited


def test_a_copy_of_a_bundled_task_with_a_prompt_of_its_own_keeps_it(tmp_path: Path) -> None:
    shutil.copytree(tasks.FOLDER / "control", copy := tmp_path / "copy", ignore=shutil.ignore_patterns("*-A"))
    head = copy / "task.toml"
    head.write_text(head.read_text(encoding="utf-8").replace("Reason step by step", "Think first"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"as task\.toml \(layout\) would be written over"):
        build("control", BUNDLED_SEED, None, None, copy)
    assert "Think first" in head.read_text(encoding="utf-8")
