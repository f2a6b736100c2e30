"""What a run measured, taken from its head and its replies: the block that heads its report."""

from __future__ import annotations

from collections.abc import Iterable

from mathif.records import Generation
from mathif.report.claimed import primary_analysis
from mathif.results import Measured, TaskAsked, TokensCounted
from mathif.run.folder import Run
from mathif.run.subject import Items


def measured(run: Run) -> Measured:
    """Return what a run measured."""
    head, plan = run.head, run.plan
    engine = head.get("engine", {})
    limit = engine.get("max_tokens")
    draws = engine.get("sampling") != "ignored"
    is_run = run.subject.kind == Items.kind
    return Measured(
        model=str(engine.get("model", plan.model)),
        revision=plan.options.revision,
        engine=str(engine.get("engine", "unknown")),
        engine_version=str(engine.get("version", "")),
        mathif=str(head["mathif"]),
        tasks=tuple(TaskAsked(task["name"], str(task["version"]), task["digest"]) for task in head["tasks"]),
        arms=tuple(head.get("probe", {}).get("arms", plan.arms)),
        samples=plan.samples,
        limit=plan.limit,
        sampling=plan.sampling,
        most_tokens=(plan.sampling.max_tokens or (limit if isinstance(limit, int) else None)) if draws else None,
        reasoning_tags=plan.options.reasoning_tags,
        prompts=head["prompts"],
        started=head.get("started", ""),
        replies=len(run.replies),
        tokens=_counted(run.replies.values()),
        primary=primary_analysis(plan.arms) if is_run else "",
        registered=head.get("registered"),
        tokenizer=plan.options.tokenizer,
        asked=len(run.served()) // plan.samples if is_run else 0,
        draws=draws,
        modes={arm: mode.to_json() for arm, mode in run.modes.items()},
    )


def _counted(replies: Iterable[Generation]) -> TokensCounted:
    told = prompt = generated = thinking = 0
    for reply in replies:
        told += reply.completion_tokens is not None
        prompt += reply.prompt_tokens or 0
        generated += reply.completion_tokens or 0
        thinking += reply.reasoning_tokens or 0
    return TokensCounted(told=told, prompt=prompt, generated=generated, thinking=thinking)
