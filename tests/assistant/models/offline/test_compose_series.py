"""Series by the offline writer: every email with a point and subjects of its own, for as long as the sources carry it."""

from collections.abc import Callable

import pytest

from assistant.models.offline.compose import Sources, plan_series, write_series_email
from assistant.models.offline.compose.claims import is_verbatim, quoted_spans, source_texts, unsupported_figures
from tests.assistant.models.offline.clients import builder, padel, padel_pt, payroll
from tests.assistant.models.offline.written import with_canon

Client = Callable[..., Sources]
GOALS: list[tuple[Client, str]] = [
    (padel, "Welcome new subscribers and lead them to a first order"),
    (padel, "Win back customers who have not ordered for six months"),
    (payroll, "Neue Interessenten zur Demo führen"),
    (builder, "Presentar la oferta de reformas a nuevos suscriptores"),
    (padel_pt, "Lembrar o carrinho abandonado"),
]


@pytest.mark.parametrize(("client", "goal"), GOALS)
@pytest.mark.parametrize("count", [1, 2, 6, 30])
def test_every_email_has_a_day_a_purpose_and_subjects_of_its_own(client: Client, goal: str, count: int) -> None:
    emails = plan_series(with_canon(client(brief=goal)), count).data["emails"]
    assert len(emails) == count
    days = [email["day"] for email in emails]
    assert days[0] == 0 and days == sorted(set(days))
    subjects = [email[name].casefold() for email in emails for name in ("subject", "subjectB")]
    assert len(set(subjects)) == len(subjects)
    assert all(len(subject) <= 50 for subject in subjects)
    assert all(len(email["subject"]) >= 12 for email in emails)
    assert all(40 <= len(email["preheader"]) <= 90 and email["purpose"] for email in emails)
    focuses = [email["focus"] for email in emails if email["focus"]][:5]
    assert len(set(focuses)) == len(focuses)


@pytest.mark.parametrize(("client", "goal"), GOALS)
def test_the_bodies_differ_and_say_only_what_the_sources_say(client: Client, goal: str) -> None:
    sources = with_canon(client(brief=goal))
    plan = plan_series(sources, 6).data
    emails = [write_series_email(sources, plan, number).data for number in range(1, 7)]
    bodies = [email["bodyMarkdown"] for email in emails]
    assert len(set(bodies)) == 6
    texts = source_texts(sources)
    for slot, email in zip(plan["emails"], emails, strict=True):
        assert (email["subject"], email["subjects"]) == (slot["subject"], [slot["subjectB"]])
        assert 20 <= len(email["bodyMarkdown"].split()) <= 400
        assert email["callToAction"]["label"] in email["bodyMarkdown"]
        assert all(is_verbatim(span.text, texts) for span, _ in quoted_spans(email["bodyMarkdown"]))
        assert unsupported_figures(email["bodyMarkdown"], sources) == []


def test_the_same_sources_give_the_same_series() -> None:
    sources = with_canon(padel(brief=GOALS[0][1]))
    assert plan_series(sources, 6) == plan_series(sources, 6)


def test_a_series_longer_than_its_sources_says_from_where_on_it_repeats() -> None:
    sources = with_canon(padel(brief=GOALS[0][1]))
    assert plan_series(sources, 3).notes == []
    assert "the others repeat some" in plan_series(sources, 30).notes[0]


def test_a_client_of_whom_little_is_known_gets_a_short_honest_series() -> None:
    sources = Sources(brief="Welcome new subscribers")
    plan = plan_series(sources, 4).data
    assert all(write_series_email(sources, plan, number).data["bodyMarkdown"] for number in range(1, 5))
