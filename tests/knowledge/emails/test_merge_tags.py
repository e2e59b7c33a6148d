"""Merge tags: read, checked, filled in for sample people, converted so that everybody sees the same."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.emails import render
from knowledge.emails.merge_tags import branch_samples, convert, everybody, fields_of, fill, parse, write
from knowledge.emails.merge_tags.model import DIALECTS, Dialect, If, Value
from tests.knowledge.emails.samples import CANON, email

TEXTS: dict[Dialect, str] = {
    "liquid": 'Hi {{ first_name | default: "there" }}, '
    '{% if plan == "Pro" %}pro{% elsif orders > 3 %}many{% else %}new{% endif %}',
    "handlebars": "Hi {{#if first_name}}{{first_name}}{{else}}there{{/if}}, {{#equals plan 'Pro'}}pro{{else}}"
    "{{#greaterThan orders 3}}many{{else}}new{{/greaterThan}}{{/equals}}",
    "mailchimp": "Hi *|IF:FNAME|**|FNAME|**|ELSE:|*there*|END:IF|*, "
    "*|IF:PLAN=Pro|*pro*|ELSEIF:ORDERS > 3|*many*|ELSE:|*new*|END:IF|*",
}
PEOPLE: list[tuple[dict[str, Any], str]] = [
    ({"first_name": "Anna", "plan": "Pro"}, "Hi Anna, pro"),
    ({"first_name": "Anna", "orders": 4}, "Hi Anna, many"),
    ({"plan": "Basic", "orders": "3"}, "Hi there, new"),
    ({}, "Hi there, new"),
]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_person_gets_their_own_text_in_every_dialect(dialect: Dialect) -> None:
    parsed = parse(TEXTS[dialect], dialect)
    assert parsed.faults == ()
    for person, said in PEOPLE:
        assert fill(parsed.nodes, person) == said


@pytest.mark.parametrize("given", DIALECTS)
@pytest.mark.parametrize("wanted", DIALECTS)
def test_a_converted_text_says_the_same_to_everybody(given: Dialect, wanted: Dialect) -> None:
    converted, faults = convert(TEXTS[given], given, wanted)
    assert faults == [] and converted is not None
    again = parse(converted, wanted)
    assert again.faults == ()
    for person, said in PEOPLE:
        assert fill(again.nodes, person) == said


def test_what_a_dialect_has_no_words_for_is_refused_with_its_place() -> None:
    text = "Hello. {% for i in items %}{{ i.name }}{% endfor %} {{ a_very_long_field }} {% if x contains 'y' %}z{% endif %}"
    converted, faults = convert(text, "liquid", "mailchimp")
    assert converted is None
    assert [text[fault.start :].startswith(fault.text) for fault in faults] == [True, True, True]
    assert "no lists" in faults[0].message and "ten" in faults[1].message and "contains" in faults[2].message


def test_lists_keep_their_entries_between_liquid_and_handlebars() -> None:
    text = "{% for item in items %}{{ item.name }} to {{ city }}; {% endfor %}"
    converted, _ = convert(text, "liquid", "handlebars")
    assert converted == "{{#each items}}{{this.name}} to {{../city}}; {{/each}}"
    person = {"items": [{"name": "a"}, {"name": "b"}], "city": "Rome"}
    assert fill(parse(converted, "handlebars").nodes, person) == "a to Rome; b to Rome; "
    assert fill(parse("{{#each items}}{{name}}{{/each}}", "handlebars").nodes, person) == "ab"


BROKEN: list[tuple[Dialect, str, str]] = [
    ("liquid", "Hi {{ first_name", "{{"),
    ("liquid", "Hi {{ first_name }", "{{"),
    ("liquid", "Hi first_name }}", "}}"),
    ("liquid", "Hi {{ }}", "{{ }}"),
    ("liquid", "Hi {{ first name }}", "{{ first name }}"),
    ("liquid", "{% if vip %}yes", "{% if vip %}"),
    ("liquid", "yes{% endif %}", "{% endif %}"),
    ("liquid", "{% else %}", "{% else %}"),
    ("liquid", "{% if %}a{% endif %}", "{% if %}"),
    ("liquid", "{% if a %}{% else %}{% else %}{% endif %}", "{% else %}"),
    ("liquid", "{% if a %}{% elseif b %}{% endif %}", "{% elseif b %}"),
    ("liquid", "{% if a %}{% for x in y %}{% endif %}{% endfor %}", "{% endif %}"),
    ("liquid", "{{ a | upcaze }}", "{{ a | upcaze }}"),
    ("liquid", "{% if a and b or c %}x{% endif %}", "{% if a and b or c %}"),
    ("liquid", "{% for x of y %}{% endfor %}", "{% for x of y %}"),
    ("liquid", "{% unsubscribe %}", "{% unsubscribe %}"),
    ("handlebars", "{{#if a}}x", "{{#if a}}"),
    ("handlebars", "{{/if}}", "{{/if}}"),
    ("handlebars", "{{#if a}}{{/unless}}", "{{/unless}}"),
    ("handlebars", "{{#iff a}}{{/iff}}", "{{#iff a}}"),
    ("handlebars", "{{first name}}", "{{first name}}"),
    ("handlebars", "{{first_name}", "{{"),
    ("handlebars", "{{#equals a}}x{{/equals}}", "{{#equals a}}"),
    ("mailchimp", "*|FNAME*", "*|"),
    ("mailchimp", "*|fname|*", "*|fname|*"),
    ("mailchimp", "*|IF:FNAME|*x", "*|IF:FNAME|*"),
    ("mailchimp", "*|END:IF|*", "*|END:IF|*"),
    ("mailchimp", "*|IF:|*x*|END:IF|*", "*|IF:|*"),
    ("mailchimp", "*|IF:A|*x*|ELSE|*y*|END:IF|*", "*|ELSE|*"),
    ("mailchimp", "*|FAVOURITE_COLOUR|*", "*|FAVOURITE_COLOUR|*"),
]


@pytest.mark.parametrize(("dialect", "text", "span"), BROKEN)
def test_a_broken_tag_is_found_at_its_place(dialect: Dialect, text: str, span: str) -> None:
    faults = parse(text, dialect).faults
    assert span in [fault.text for fault in faults]
    assert all(text[fault.start :].startswith(fault.text) and fault.message for fault in faults)
    found = [one.rule for one in render(email(bodyMarkdown=text, mergeDialect=dialect), CANON).problems]
    assert "email.merge.broken" in found


def test_every_branch_gets_somebody_who_sees_it() -> None:
    text = (
        '{% if a and b > 3 %}1{% elsif a or c == "x" %}{% if d %}2{% else %}3{% endif %}{% else %}4{% endif %}'
        "{% unless e %}5{% endunless %}"
    )
    nodes = parse(text, "liquid").nodes
    seen = {fill(nodes, sample.person) for sample in branch_samples(nodes) if sample.person is not None}
    assert all(any(mark in one for one in seen) for mark in "12345")
    assert any("5" not in one for one in seen)


def test_a_branch_that_nobody_can_see_is_told() -> None:
    text = "{% if vip %}a{% elsif vip %}b{% endif %}"
    problems = render(email(bodyMarkdown=text), CANON).problems
    assert [(one.rule, one.text) for one in problems] == [("email.merge.never_shown", "{% if vip %}")]


def test_an_unfilled_field_leaves_a_hole_unless_it_has_a_fallback_or_is_asked_for() -> None:
    def rules(text: str, **more: Any) -> list[str]:
        return [one.rule for one in render(email(bodyMarkdown=text, **more), CANON).problems]

    assert rules("Hi {{ first_name }},") == ["email.merge.no_fallback"]
    assert rules('Hi {{ first_name | default: "you" }},') == []
    assert rules("{% if first_name %}Hi {{ first_name }},{% else %}Hello,{% endif %}") == []
    assert rules("{% unless first_name %}Hello{% else %}Hi {{ first_name }}{% endunless %}") == []
    assert rules("See {{ web_version_url }} or {{ unsubscribe_url }}, {{ email }}") == []
    assert rules("Hi *|FNAME|*", mergeDialect="mailchimp") == ["email.merge.no_fallback"]


def test_tags_of_another_service_are_told() -> None:
    for dialect, text in (
        ("liquid", "Hi *|FNAME|*"),
        ("mailchimp", "Hi {{ first_name }}"),
        ("handlebars", "{% if a %}"),
    ):
        problems = render(email(bodyMarkdown=text, mergeDialect=dialect), CANON).problems
        assert "email.merge.other_dialect" in [one.rule for one in problems]


def test_fields_that_the_service_does_not_have_are_told_when_its_fields_are_known() -> None:
    text = 'Hi {{ first_name | default: "you" }}, {{ shoe_size | default: "?" }}'
    found = render(email(bodyMarkdown=text, mergeFields=["first_name"]), CANON).problems
    assert [(one.rule, one.text) for one in found] == [("email.merge.unknown_field", '{{ shoe_size | default: "?" }}')]


def test_a_subject_is_measured_as_people_get_it() -> None:
    long = '{% if vip %}A subject, a good deal longer than fifty characters are{% else %}{{ plan | default: "x" }}{% endif %}'
    found = render(email(subject=long), CANON).problems
    assert [one.rule for one in found] == ["email.merge.subject_length"]
    assert "good deal" in found[0].message
    nothing = render(email(subject="{% if vip %}Hello{% endif %}"), CANON).problems
    assert [one.rule for one in nothing] == ["email.merge.empty_subject"]


def test_a_condition_that_tears_the_layout_is_told() -> None:
    torn = "- one {% if vip %}\n- two {% endif %}\n- three"
    assert "email.merge.tears_layout" in [one.rule for one in render(email(bodyMarkdown=torn), CANON).problems]
    whole = "- one {% if vip %}more{% endif %}\n- two"
    assert render(email(bodyMarkdown=whole), CANON).problems == ()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_two_hundred_merge_tags_are_read_and_put_back(dialect: Dialect) -> None:
    written = {"liquid": '{{{{ f{n} | default: "-" }}}}', "handlebars": "{{{{f{n}}}}}", "mailchimp": "*|F{n}|*"}[
        dialect
    ]
    conditions = {
        "liquid": "{{% if g{n} %}}a{{% else %}}b{{% endif %}}",
        "handlebars": "{{{{#if g{n}}}}}a{{{{else}}}}b{{{{/if}}}}",
        "mailchimp": "*|IF:G{n}|*a*|ELSE:|*b*|END:IF|*",
    }[dialect]
    tags = [written.format(n=n) for n in range(200)]
    asked = [conditions.format(n=n) for n in range(200)]
    body = "\n\n".join(
        f"Line {n}: {tag} {condition}" for n, (tag, condition) in enumerate(zip(tags, asked, strict=True))
    )
    begun = time.perf_counter()
    rendered = render(email(bodyMarkdown=body, mergeDialect=dialect), CANON)
    assert time.perf_counter() - begun < 5
    assert all(tag in rendered.html and tag in rendered.plain_text for tag in tags)
    assert {one.rule for one in rendered.problems} <= {"email.merge.no_fallback"}
    assert len(fields_of(parse(body, dialect).nodes)) == 400


@pytest.mark.parametrize(
    "text", ["{% if a %}" * 2_000, "{{#if a}}" * 2_000, "*|IF:A|*" * 2_000, "{{" * 5_000, "{%" * 5_000]
)
def test_a_wall_of_broken_tags_is_told_in_a_few_lines(text: str) -> None:
    for dialect in DIALECTS:
        begun = time.perf_counter()
        assert len(render(email(bodyMarkdown=text, mergeDialect=dialect), CANON).problems) < 120
        assert time.perf_counter() - begun < 5


_NAMES = st.sampled_from(["a", "b", "c"])
_WORDS = st.sampled_from(["x", " y ", "Grüße, ", "1 < 2 & 3"])
_VALUES = st.builds(
    lambda name, fallback: f"{{{{ {name}{fallback} }}}}", _NAMES, st.sampled_from(["", ' | default: "z"'])
)
_TESTS = st.sampled_from(["a", "b", 'a == "1"', "b > 2", "c <= 5", "b != 3", "a == blank"])
_CONDITIONS = st.one_of(
    _TESTS,
    st.builds(lambda one, join, other: f"{one} {join} {other}", _TESTS, st.sampled_from(["and", "or"]), _TESTS),
)
_TREES = st.recursive(
    st.one_of(_WORDS, _VALUES),
    lambda inner: st.one_of(
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda c, t, e: f"{{% if {c} %}}{t}{{% else %}}{e}{{% endif %}}", _CONDITIONS, inner, inner),
        st.builds(
            lambda c, t, d, e: f"{{% if {c} %}}{t}{{% elsif {d} %}}{e}{{% endif %}}",
            _CONDITIONS,
            inner,
            _CONDITIONS,
            inner,
        ),
        st.builds(lambda c, t: f"{{% unless {c} %}}{t}{{% endunless %}}", _CONDITIONS, inner),
    ),
    max_leaves=6,
)
_PEOPLE = st.fixed_dictionaries({}, optional={name: st.sampled_from(["", "1", "2", 3, 7, True]) for name in "abc"})


@given(_TREES, _PEOPLE, st.sampled_from(["handlebars", "mailchimp"]))
@settings(max_examples=150, deadline=None)
def test_any_text_says_the_same_after_conversion_or_is_refused(
    text: str, person: dict[str, Any], wanted: Dialect
) -> None:
    parsed = parse(text, "liquid")
    assert parsed.faults == ()
    said = fill(parsed.nodes, person)
    assert fill(parse(write(parsed.nodes, "liquid"), "liquid").nodes, person) == said
    converted, faults = convert(text, "liquid", wanted)
    assert (converted is None) == bool(faults)
    if converted is not None:
        assert fill(parse(converted, wanted).nodes, person) == said


@given(st.text(alphabet="{}%*|:#/ ifelsnd\n\"'aA0.", max_size=80), st.sampled_from(DIALECTS))
@settings(max_examples=200, deadline=None)
def test_no_text_makes_the_reader_fail(text: str, dialect: Dialect) -> None:
    parsed = parse(text, dialect)
    assert all(0 <= fault.start <= len(text) for fault in parsed.faults)
    render({"bodyMarkdown": text, "subject": text, "mergeDialect": dialect}, None)


def test_sample_people_are_of_all_kinds() -> None:
    nodes = parse("{{ first_name }} {{ basket.total }} {{ is_member }} {{ checkout_url }}", "liquid").nodes
    said = [fill(nodes, sample.person) for sample in everybody(nodes)]
    assert said[0] == "Anna Total true https://example.com/checkout_url"
    assert said[1].strip() == ""
    assert "מרים" in said[3] and "<b>" in said[4]
    assert any(isinstance(node, Value) for node in nodes) and not any(isinstance(node, If) for node in nodes)
