"""Specs, briefs, variants and plans for very different clients: they fit, they are valid, they say what is on file."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.models.offline.compose import Sources, build_canon, build_metric_schema, build_strategy
from assistant.models.offline.compose.briefs import write_briefs
from assistant.models.offline.compose.experiments import build_experiments, revise_experiment
from assistant.models.offline.compose.plans import do_step, gather_context, write_plan
from assistant.models.offline.compose.variants import write_variants
from assistant.workflows.variants import variants_answer
from knowledge.artifacts.schemas.asset_brief import AssetBrief
from knowledge.artifacts.schemas.experiment_spec import ExperimentSpec
from knowledge.artifacts.schemas.plan import Plan
from knowledge.assets.words import text_of
from knowledge.checks.models import Facts
from knowledge.checks.piece import of_content
from knowledge.checks.preflight import preflight
from knowledge.experiments.fitting import Frame, problems
from knowledge.experiments.models import Constraints
from tests.assistant.models.offline.clients import builder, padel, padel_pt, payroll

CLIENTS = [padel, payroll, builder, padel_pt]
Client = Callable[..., Sources]


def planned(client: Client) -> Sources:
    sources = client()
    for name, build in (("canon", build_canon), ("metric_schema", build_metric_schema), ("strategy", build_strategy)):
        sources = sources.model_copy(update={name: build(sources).data})
    return sources


def frame(sources: Sources, **limits: Any) -> Frame:
    documents = (sources.strategy or {}, sources.canon or {}, sources.metric_schema or {})
    return Frame(Constraints.model_validate(limits), *documents)


def specs(sources: Sources, **limits: Any) -> list[dict[str, Any]]:
    return build_experiments(sources, frame(sources, **limits)).data["specs"]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("limits", [{}, {"max_concurrent_experiments": 6}, {"budget": "100", "users_per_day": 200},
                                    {"channels": ["email"], "max_concurrent_experiments": 2}, {"users_per_day": 3},
                                    {"baseline_rate": 0.9}, {"baseline_rate": 0.001, "users_per_day": 50_000}])  # fmt: skip
def test_whatever_is_designed_fits_its_frame(client: Client, limits: dict[str, Any]) -> None:
    sources = planned(client)
    made = [ExperimentSpec.model_validate(spec) for spec in specs(sources, **limits)]
    assert made and problems(made, frame(sources, **limits)) == []


def test_too_little_traffic_asks_for_a_larger_effect_and_says_so() -> None:
    sources = planned(padel)
    made = build_experiments(sources, frame(sources, users_per_day=50, baseline_rate=0.05))
    assert made.data["specs"][0]["minimumDetectableEffect"] > 0.2
    assert any("only an effect of" in note for note in made.notes)


def test_a_note_sets_the_figures_it_names_and_owns_up_to_the_rest() -> None:
    sources = planned(padel)
    spec = ExperimentSpec.model_validate(specs(sources)[0]).wire()
    note = "Set the budget to 400, look for a 35 % effect. Paint it blue."
    made = revise_experiment(sources.model_copy(update={"previous": spec, "note": note}))
    assert (made.data["budget"], made.data["minimumDetectableEffect"]) == ("400.00", 0.35)
    assert any("Paint it blue" in left for left in made.unanswered)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("channel", ["meta", "google_search", "linkedin", "tiktok", "email", "landing_page"])
def test_variants_keep_their_platforms_hard_limits_and_differ(client: Client, channel: str) -> None:
    sources = planned(client)
    spec = specs(sources, channels=[channel], max_concurrent_experiments=1)[0]
    for brief in write_briefs(sources, ExperimentSpec.model_validate(spec).wire()).data["briefs"]:
        told = AssetBrief.model_validate(brief)
        made = write_variants(sources, told.wire(), 3)
        variants_answer(told.format, 3).model_validate(made)
        texts = [text_of(one) or one.get("bodyMarkdown") for one in made["variants"]]
        assert len(set(texts)) == 3, "no two variants are the same"
        for one in made["variants"]:
            piece = of_content(channel, told.format, one["name"], one)
            found = preflight(piece, Facts(canon=sources.canon, quotes={quote.id: quote.text for quote in sources.voc}))
            critical = [f for f in found.findings if f.severity == "critical" and f.rule.startswith(("ads.", "brand."))]
            assert not critical, [(f.rule, f.evidence) for f in critical]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_plan_is_valid_and_its_steps_say_what_is_on_file(client: Client) -> None:
    sources = planned(client)
    task = "Compare our prices with others; write an article about the first purchase"
    context = gather_context(sources, task)
    plan = Plan.model_validate(write_plan(sources, task, context["found"], context["missing"]).data)
    assert [step.makes for step in plan.steps] == ["text", "text", "article", "text"]
    text = do_step(sources, task, plan.steps[0].wire(), {})
    assert text and do_step(sources, task, plan.steps[-1].wire(), {"A": text})


def test_a_task_about_nothing_on_file_asks_instead_of_inventing() -> None:
    sources = Sources()
    plan = Plan.model_validate(write_plan(sources, "Xyzzy", [], ["Xyzzy"]).data)
    assert plan.questions and "Xyzzy" in plan.questions[0]
    assert "nothing on file" in do_step(sources, "Xyzzy", plan.steps[1].wire(), {})
