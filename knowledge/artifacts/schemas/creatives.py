"""Creatives: the brand kit, templates, scripts and image packs of one campaign."""

from collections.abc import Iterator

from pydantic import Field

from knowledge.artifacts.schemas.base import Document, Id, Name, Problem, Text, repeated


class BrandKit(Document):
    """Suggestions for the campaign's look."""

    palette: list[Name] = Field(default=[], description="Colours, as #rrggbb or by name.")
    fonts: list[Name] = Field(default=[], description="Typefaces.")
    logo_use: str = Field(default="", description="How the logo is used.")
    imagery: str = Field(default="", description="What pictures show, and how.")
    layout: str = Field(default="", description="How things are arranged.")


class CarouselSlide(Document):
    """One slide."""

    headline: Name = Field(description="Headline of the slide.")
    body: str = Field(default="", description="Text under it.")
    visual: str = Field(default="", description="What is shown.")


class CarouselTemplate(Document):
    """A carousel, slide by slide."""

    id: Id = Field(description="Identifier, unique among the templates.")
    name: Name = Field(description="Name of the template.")
    concept_id: Id | None = Field(default=None, description="Identifier of the concept it carries.")
    slides: list[CarouselSlide] = Field(min_length=1, max_length=20, description="The slides in order.")


class Cover(Document):
    """A cover or thumbnail."""

    id: Id = Field(description="Identifier, unique in its list.")
    headline: Name = Field(description="Text on the picture.")
    visual: Text = Field(description="What is shown.")


class ImagePrompt(Document):
    """A picture to be made."""

    id: Id = Field(description="Identifier, unique among the prompts.")
    prompt: Text = Field(description="What the picture shows, for whoever makes it.")
    aspect_ratio: Name = Field(description='Shape, such as "1:1" or "9:16".')
    concept_id: Id | None = Field(default=None, description="Identifier of the concept it carries.")


class VideoScene(Document):
    """One scene."""

    seconds: float = Field(gt=0, le=3_600, description="Length of the scene in seconds.")
    visual: Text = Field(description="What is seen.")
    voiceover: str = Field(default="", description="What is said.")
    on_screen_text: str = Field(default="", description="What is written on the picture.")


class VideoScript(Document):
    """A video, scene by scene."""

    id: Id = Field(description="Identifier, unique among the scripts.")
    title: Name = Field(description="Title of the video.")
    hook: Text = Field(description="The first seconds.")
    scenes: list[VideoScene] = Field(min_length=1, description="The scenes in order.")
    call_to_action: Text = Field(description="What the viewer is asked to do.")


class Creatives(Document):
    """The creative material of a campaign."""

    brand_kit: BrandKit = Field(default_factory=BrandKit, description="Suggestions for the look.")
    carousel_templates: list[CarouselTemplate] = Field(default=[], description="Carousels.")
    reel_covers: list[Cover] = Field(default=[], description="Covers for reels.")
    image_pack_prompts: list[ImagePrompt] = Field(default=[], description="Pictures to be made.")
    video_scripts: list[VideoScript] = Field(default=[], description="Video scripts.")
    thumbnails: list[Cover] = Field(default=[], description="Thumbnails.")
    asset_ids: list[Id] = Field(default=[], description="Identifiers of the finished assets.")

    def rules(self) -> Iterator[Problem]:
        yield from repeated((item.id for item in self.carousel_templates), "carouselTemplates")
        yield from repeated((item.id for item in self.reel_covers), "reelCovers")
        yield from repeated((item.id for item in self.image_pack_prompts), "imagePackPrompts")
        yield from repeated((item.id for item in self.video_scripts), "videoScripts")
        yield from repeated((item.id for item in self.thumbnails), "thumbnails")
