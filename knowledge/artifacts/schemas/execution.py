"""Execution: what is published where and when."""

import datetime as dt

from pydantic import Field

from knowledge.artifacts.schemas.base import Document, Id, Name, Text


class CalendarEntry(Document):
    """One slot of the calendar."""

    date: dt.date = Field(description="Day of publication.")
    channel: Name = Field(description="The channel.")
    asset_id: Id | None = Field(default=None, description="Identifier of the asset; none while the slot is open.")
    slot: Name = Field(description='Time or place in the day, such as "09:00" or "morning".')


class Post(Document):
    """One post."""

    text: Text = Field(description="The post as it will be published.")
    asset_id: Id | None = Field(default=None, description="Identifier of the asset shown with it.")
    hashtags: list[Name] = Field(default=[], description="Hashtags, each with its #.")


class ChannelPosts(Document):
    """The posts of one channel."""

    channel: Name = Field(description="The channel.")
    posts: list[Post] = Field(default=[], description="Its posts in order.")


class ReelScript(Document):
    """A short vertical video."""

    title: Name = Field(description="Title.")
    hook: Text = Field(description="The first seconds.")
    script: Text = Field(description="What is said and shown.")
    asset_id: Id | None = Field(default=None, description="Identifier of the asset made from it.")


class HashtagSet(Document):
    """Hashtags used together."""

    name: Name = Field(description="What the set is for.")
    channel: Name = Field(description="The channel.")
    hashtags: list[Name] = Field(min_length=1, description="Hashtags, each with its #.")


class SequenceEmail(Document):
    """One email of the sequence."""

    day: int = Field(ge=0, le=3_650, description="Days after the start of the sequence, from 0.")
    subject: Name = Field(description="Subject line.")
    preheader: str = Field(default="", description="Preview text.")
    purpose: Text = Field(description="What it is to achieve.")
    asset_id: Id | None = Field(default=None, description="Identifier of the written email.")


class Execution(Document):
    """What is published where and when."""

    calendar: list[CalendarEntry] = Field(default=[], description="The calendar.")
    posts: list[ChannelPosts] = Field(default=[], description="Posts by channel.")
    reel_scripts: list[ReelScript] = Field(default=[], description="Reel scripts.")
    hashtag_sets: list[HashtagSet] = Field(default=[], description="Hashtag sets.")
    email_sequence: list[SequenceEmail] = Field(default=[], description="The email sequence in order.")
