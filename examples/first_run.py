# %% [markdown]
# # A first run
#
# A simulated model, so that this needs neither a GPU nor a key. Its adherence falls with the length of its thinking, by
# a law that is known; give the name of your own model in place of it.

# %%
import mathif

run = mathif.evaluate("mock:length", task="core", samples=2, limit=12, out="runs/first")
print(run)

# %% [markdown]
# Every number is in `run.report`, typed, and under its name in `report.json` as well.

# %%
overall = run.report["profiles"]["mathif"]["arms"]["constrained"]["overall"]
hacc = overall["hacc"]
print(f"HAcc {hacc['value']:.2f}, 95 % interval {hacc['low']:.2f} to {hacc['high']:.2f}, n = {hacc['n']}")

# %% [markdown]
# What one reply was, and why it was judged so.

# %%
failed = next(row for row in run.verdicts() if row["part"] == "constraint" and row["outcome"] == "fail")
reply = next(row for row in run.replies() if row["key"] == failed["key"])
print(failed["kind"], "-", failed["reason"])
print(reply["final"])

# %% [markdown]
# As a table: which kinds are broken most often, under the rules of the sentence and under MathIF's own code.

# %%
table = run.to_arrow().to_pylist()
for kind in sorted({row["kind"] for row in table if row["kind"] and row["arm"] == "constrained"}):
    judged = [row for row in table if row["kind"] == kind and row["arm"] == "constrained"]
    shares = {
        profile: sum(row["outcome"] == "pass" for row in judged if row["profile"] == profile)
        / sum(row["profile"] == profile for row in judged)
        for profile in ("mathif", "upstream")
    }
    print(f"{kind:45} {shares['mathif']:.0%} {shares['upstream']:.0%}")

# %% [markdown]
# The run is a folder, and it is opened again from there: `runs/first/report.html` has the pictures.

# %%
again = mathif.open_run("runs/first")
assert again.report == run.report
