# %% [markdown]
# # Your own problems
#
# A table of questions and answers becomes a task: each problem alone and with one, two and three constraints, none of
# which contradict each other.

# %%
import csv
from pathlib import Path

import mathif

problems = [(f"What is {a} times {b}?", a * b) for a, b in ((6, 7), (12, 11), (15, 8), (9, 13), (21, 4))]
with Path("problems.csv").open("w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file)
    writer.writerow(["question", "answer"])
    writer.writerows(problems)

made = mathif.make_task("problems.csv", "mine", seed=1)
print(made.items, "items in", made.folder)

# %%
item = mathif.load_task("mine").items[3]
print(item.problem.question, *item.sentences, sep="\n- ")

# %% [markdown]
# Ask a model here (`mathif.evaluate("org/name", task="mine")`), or write the prompts, ask elsewhere, and bring the
# replies back. Here a rule stands in for the model: it knows the answer and heeds no instruction.

# %%
import json

mathif.write_prompts("prompts.jsonl", "mine", arms="constrained")
answers = {item.key: item.problem.answer for item in mathif.load_task("mine").items}
with Path("replies.jsonl").open("w", encoding="utf-8") as file:
    for prompt in map(json.loads, Path("prompts.jsonl").read_text(encoding="utf-8").splitlines()):
        key = prompt["custom_id"].removeprefix("mine/").partition("@")[0]
        file.write(json.dumps({"custom_id": prompt["custom_id"], "response": f"\\boxed{{{answers[key]}}}"}) + "\n")

run = mathif.evaluate("file:replies.jsonl", task="mine", arms="constrained", out="runs/mine")
print(run)

# %% [markdown]
# The answers are right, and hardly a constraint is met, but by chance.

# %%
overall = run.report["profiles"]["mathif"]["arms"]["constrained"]["overall"]
assert overall["acc"]["value"] == 1
assert overall["hacc"]["value"] < 0.5
