"""Canon, metric schema and strategy by the offline writer: valid, traceable, and true to the reviewer's note."""

from collections.abc import Callable

import pytest

from assistant.models.offline.compose import (
    ClientFacts,
    Composed,
    Sources,
    build_canon,
    build_metric_schema,
    build_strategy,
)
from assistant.models.offline.compose.claims import strings_in
from assistant.models.offline.compose.language import detect
from assistant.models.offline.compose.wording import sentences, words
from knowledge.artifacts.registry import validate
from tests.assistant.models.offline.clients import builder, padel, padel_pt, payroll
from tests.assistant.models.offline.written import with_canon

Client = Callable[..., Sources]
CLIENTS = [
    padel,
    padel_pt,
    payroll,
    builder,
    lambda **changes: Sources(client=ClientFacts(id="c", name="Nord"), **changes),
]


def with_metrics(sources: Sources) -> Sources:
    sources = with_canon(sources)
    return sources.model_copy(update={"metric_schema": build_metric_schema(sources).data})


def strategy_after(note: str, client: Client = padel, goal: str = "") -> Composed:
    sources = with_metrics(client(goal=goal))
    first = build_strategy(sources)
    second = build_strategy(sources.model_copy(update={"note": note, "previous": first.data}))
    validate("strategy_sheet", second.data)
    return second


@pytest.mark.parametrize("client", CLIENTS)
def test_all_three_documents_are_valid_for_rich_and_for_empty_clients(client: Client) -> None:
    sources = with_metrics(client(goal="300 orders in 12 weeks with a budget of 4000 to 6000 EUR"))
    validate("client_canon", sources.canon)
    validate("metric_schema", sources.metric_schema)
    validate("strategy_sheet", build_strategy(sources).data)


def test_the_canon_keeps_every_customer_voice_verbatim_and_by_kind() -> None:
    sources = padel()
    voices = build_canon(sources).data["voiceOfCustomer"]
    kept = {item["id"]: item["text"] for group in voices.values() for item in group}
    assert kept == {snippet.id: snippet.text for snippet in sources.voc}
    assert {item["id"] for item in voices["salesCallSnippets"]} == {"v8"}


def test_the_canon_takes_over_bans_swipes_and_prices() -> None:
    canon = build_canon(padel()).data
    assert canon["constraints"]["legal"]["forbiddenPhrases"] == ["cheap", "revolutionary"]
    assert canon["contentPatterns"] == {"goodAssetIds": ["s1"], "badAssetIds": ["s2"]}
    labels = [price["label"] for offer in canon["offers"] for price in offer["pricePoints"]]
    assert labels == ["Rackets from 79 € to 249 €", "Racket fitting 15 €, refunded with the purchase"]


@pytest.mark.parametrize(("client", "language"), [(padel, "en"), (payroll, "de"), (builder, "es"), (padel_pt, "pt")])
def test_the_story_is_in_the_clients_language_and_in_readable_sentences(client: Client, language: str) -> None:
    sources = client()
    story = build_canon(sources).data["brand"]["story"]
    assert detect(story) == language and sources.client.name in story and ";" not in story
    assert max(len(words(sentence)) for sentence in sentences(story)) <= 30


def test_a_customer_profile_reads_as_sentences_and_its_worries_as_a_list() -> None:
    profile = build_canon(payroll()).data["icps"][0]
    assert ";" not in profile["description"] and len(sentences(profile["description"])) == 3
    assert profile["psychographics"].count("\n- ") >= 1


def test_nothing_in_the_documents_reads_none_or_holds_a_brace() -> None:
    for client in (padel, payroll, builder, padel_pt):
        sources = with_metrics(client())
        for document in (sources.canon, sources.metric_schema, build_strategy(sources).data):
            assert not [text for text in strings_in(document) if "{" in text or "None" in text.split()]


def test_canon_notes_are_carried_out_and_the_rest_is_admitted() -> None:
    first = build_canon(padel()).data
    note = 'Never say "bargain". Make the tone more formal. Add the value "Patience". Drop "Overgrips". Paint it blue.'
    second = build_canon(padel(note=note, previous=first))
    validate("client_canon", second.data)
    assert "bargain" in second.data["constraints"]["legal"]["forbiddenPhrases"]
    assert "Patience" in second.data["brand"]["values"]
    assert any("formal" in line for line in second.data["brand"]["toneOfVoice"]["do"])
    assert all("Overgrips" not in offer["primary"] for offer in second.data["offers"])
    assert len(second.answered) == 4 and [line for line in second.unanswered if "blue" in line]


def test_a_hand_edit_in_the_previous_version_survives_a_note() -> None:
    first = build_canon(padel()).data
    first["brand"]["mission"] = "Written by hand."
    second = build_canon(padel(note='Never say "bargain"', previous=first))
    assert second.data["brand"]["mission"] == "Written by hand."


def test_a_note_never_touches_what_customers_said() -> None:
    first = build_canon(padel()).data
    second = build_canon(padel(note='Replace "racket" with "bat"', previous=first))
    assert "bat" in second.data["offers"][1]["primary"]
    assert second.data["voiceOfCustomer"] == first["voiceOfCustomer"]


def test_metrics_follow_the_objective_and_unknown_baselines_stay_empty() -> None:
    sales, leads = build_metric_schema(padel()).data, build_metric_schema(payroll()).data
    assert sales["primaryMetricId"] == "purchase_rate" and leads["primaryMetricId"] == "lead_rate"
    assert {"metricId": "orders", "baseline": None, "target": 300.0, "by": "2025-05-26"} in sales["kpis"]
    assert any(kpi["metricId"] == "leads" and kpi["target"] == 120.0 for kpi in leads["kpis"])
    assert any("stands today" in gap["what"] for gap in sales["gaps"])
    assert any("ad accounts are ready" in gap["what"] for gap in sales["gaps"])


def test_a_relative_target_is_a_gap_and_not_a_figure() -> None:
    intake = {**(padel().intake or {}), "goals": {"objective": "sales", "kpiTargets": ["+20 % revenue"]}}
    data = build_metric_schema(padel(intake=intake)).data
    assert [kpi["target"] for kpi in data["kpis"] if kpi["metricId"] == "revenue"] == [None]
    assert any("+20 % revenue" in gap["what"] for gap in data["gaps"])


def test_metric_notes_set_targets_windows_and_metrics() -> None:
    first = build_metric_schema(padel()).data
    note = (
        "Set the target for orders to 450. Add the metric repeat rate. Change the attribution window to 14 days. Sing."
    )
    second = build_metric_schema(padel(note=note, previous=first))
    validate("metric_schema", second.data)
    assert next(kpi for kpi in second.data["kpis"] if kpi["metricId"] == "orders")["target"] == 450
    assert "repeat_rate" in [metric["id"] for metric in second.data["metrics"]]
    assert second.data["attribution"]["windowDays"] == 14
    assert len(second.answered) == 3 and len(second.unanswered) == 1


def test_the_goal_sets_figure_days_and_budget() -> None:
    goal = build_strategy(with_metrics(padel(goal="500 orders in 8 weeks, budget 4,000 to 6,000 EUR"))).data["goal"]
    assert (goal["metricId"], goal["target"], goal["timeframeDays"]) == ("orders", 500.0, 56)
    assert (goal["budgetMin"], goal["budgetMax"]) == ("4000.00", "6000.00")


def test_a_timeframe_nobody_named_is_listed_as_an_assumption() -> None:
    strategy = build_strategy(with_metrics(builder(goal="Más citas"))).data
    assert strategy["goal"]["timeframeDays"] == 70
    thin = build_strategy(with_metrics(Sources(client=ClientFacts(id="c", name="Nord"), goal="More leads"))).data
    assert any(str(thin["goal"]["timeframeDays"]) in line for line in thin["assumptions"])


def test_proof_names_its_evidence_and_quotes_are_verbatim() -> None:
    sources = with_metrics(payroll())
    said = {snippet.id: snippet.text for snippet in sources.voc}
    proof = build_strategy(sources).data["messaging"]["proof"]
    quoted = [item for item in proof if item["evidenceIds"][0] in said]
    assert quoted and all(said[item["evidenceIds"][0]] in item["claim"] for item in quoted)


def test_two_goals_give_two_strategies() -> None:
    sources = with_metrics(padel())
    one = build_strategy(sources.model_copy(update={"goal": "Sell rackets to players with elbow pain"})).data
    other = build_strategy(sources.model_copy(update={"goal": "More fittings for beginners without ads"})).data
    assert one["messaging"]["promise"] != other["messaging"]["promise"]
    assert [c["channel"] for c in one["channels"]] != [c["channel"] for c in other["channels"]]


def test_a_channel_is_added_and_one_dropped_and_shares_still_add_up() -> None:
    composed = strategy_after("Add TikTok as a channel and drop the blog. Please shorten the promise.", payroll)
    names = {item["channel"]: item["budgetShare"] for item in composed.data["channels"]}
    assert "tiktok" in names and "blog" not in names and abs(sum(names.values()) - 1) < 1e-9
    assert len(composed.answered) == 3 and composed.unanswered == []


@pytest.mark.parametrize(
    ("note", "added"),
    [
        ("Drop TikTok, add LinkedIn as a channel and shorten the promise", "linkedin"),
        ("Drop TikTok, add email as a channel and shorten the promise", "email"),
        ("Streiche TikTok, füge LinkedIn als Kanal hinzu und kürze das Versprechen", "linkedin"),
        ("Quita TikTok, añade LinkedIn como canal y acorta la promesa", "linkedin"),
        ("Retira TikTok; adiciona LinkedIn como canal e encurta a promessa", "linkedin"),
    ],
)
def test_a_compound_note_is_answered_part_by_part_and_what_is_so_already_is_said(note: str, added: str) -> None:
    sources = with_metrics(padel(goal="Sell rackets"))
    first = build_strategy(sources).data
    first["messaging"]["promise"] = "Hit first, buy later. Three rackets to try."
    composed = build_strategy(sources.model_copy(update={"note": note, "previous": first}))
    validate("strategy_sheet", composed.data)
    assert composed.data["messaging"]["promise"] == "Hit first, buy later."
    assert added in [item["channel"] for item in composed.data["channels"]] and composed.unanswered == []
    assert composed.answered[0] == "TikTok is not among the channels." and len(composed.answered) == 3


def test_a_note_is_never_cut_inside_quotation_marks() -> None:
    composed = strategy_after('Change the promise to "Stop, add nothing and drop pain." and drop Meta')
    assert composed.data["messaging"]["promise"] == "Stop, add nothing and drop pain."
    assert "meta" not in [item["channel"] for item in composed.data["channels"]]


@pytest.mark.parametrize(
    ("note", "check"),
    [
        ("Füge LinkedIn als Kanal hinzu", lambda d: "linkedin" in [c["channel"] for c in d["channels"]]),
        ("Añade TikTok como canal", lambda d: "tiktok" in [c["channel"] for c in d["channels"]]),
        ("Adiciona TikTok como canal", lambda d: "tiktok" in [c["channel"] for c in d["channels"]]),
        ("Streiche Meta", lambda d: "meta" not in [c["channel"] for c in d["channels"]]),
        ("Quita Meta", lambda d: "meta" not in [c["channel"] for c in d["channels"]]),
        ("Retira o canal Meta", lambda d: "meta" not in [c["channel"] for c in d["channels"]]),
        ("Focus on club players with elbow trouble", lambda d: d["icpFocus"] == ["club-players-with-elbow-trouble"]),
        ("Set the budget to 8000", lambda d: d["goal"]["budgetMax"] == "8000.00"),
        (
            "Set email to 50 %",
            lambda d: next(c for c in d["channels"] if c["channel"] == "email")["budgetShare"] == 0.5,
        ),
        ("Add a risk: rain closes the courts", lambda d: any("Rain closes" in risk for risk in d["risks"])),
        (
            'Change the promise to "Hit first, buy later."',
            lambda d: d["messaging"]["promise"] == "Hit first, buy later.",
        ),
        ("Bitte das Budget auf 8000 setzen", lambda d: d["goal"]["budgetMax"] == "8000.00"),
        ("The timeframe should be changed to 6 weeks", lambda d: d["goal"]["timeframeDays"] == 42),
    ],
)
def test_common_requests_on_a_strategy_are_truly_carried_out(
    note: str, check: Callable[[dict[str, object]], bool]
) -> None:
    composed = strategy_after(note)
    assert check(composed.data) and len(composed.answered) == 1 and composed.unanswered == []


def test_a_request_nobody_can_carry_out_is_admitted_and_changes_nothing() -> None:
    sources = with_metrics(padel())
    first = build_strategy(sources).data
    second = build_strategy(sources.model_copy(update={"note": "This feels a bit flat somehow.", "previous": first}))
    assert second.data == first and second.answered == [] and len(second.unanswered) == 1


def test_open_comments_are_answered_like_a_note() -> None:
    sources = with_metrics(padel())
    first = build_strategy(sources).data
    update = {"open_comments": ["Drop the blog", "why so late?"], "previous": first}
    second = build_strategy(sources.model_copy(update=update))
    assert len(second.answered) == 1 and len(second.unanswered) == 1


def test_a_promise_claims_no_cause_that_no_source_names() -> None:
    promise = build_strategy(with_metrics(padel(goal="Players with elbow pain"))).data["messaging"]["promise"]
    assert promise == "Play a whole evening without pain."


def test_a_promise_that_is_one_short_sentence_cannot_be_shortened_and_that_is_said() -> None:
    composed = strategy_after("Shorten the promise", goal="Players with elbow pain")
    assert composed.answered == [] and "one short sentence already" in composed.unanswered[0]
